// expect: requires that 'Step<>' conform to 'StepInput'
import Martlet

struct Model: Sendable {
    let weights: UnsafeSendable
}
struct UnsafeSendable: Sendable {}

func build(_ p: PipelineBuilder) {
    let model = p.step("train") { context in Model(weights: UnsafeSendable()) }
    p.step("report", model) { context, model in context.log("\(model)") }
}
