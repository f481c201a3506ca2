// expect: capture of 'auc' with non-Sendable type 'Value<Double>' in a '@Sendable' closure
import Martlet

func build(_ p: PipelineBuilder) {
    let auc = p.step("score") { context in 0.7 }
    p.step("report") { context in
        context.log("\(auc)")
    }
}
