// expect: cannot convert value of type 'Int' to expected argument type 'String'
import Martlet

func build(_ p: PipelineBuilder) {
    let names = p.step("names") { context in ["a", "b"] }
    p.step("each", map: names) { context, name in
        context.log("\(name + 1)")
    }
}
