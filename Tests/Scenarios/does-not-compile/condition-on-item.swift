// expect: 'String'
import Martlet

func build(_ p: PipelineBuilder) {
    let names = p.step("names") { context in ["a", "b"] }
    p.step("each", map: names.items.where { $0 > 3 }) { context, name in context.log(name) }
}
