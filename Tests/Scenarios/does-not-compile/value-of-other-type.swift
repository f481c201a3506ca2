// expect: cannot convert value of type 'Int' to expected argument type 'String'
import Martlet

func build(_ p: PipelineBuilder) {
    let name = p.step("name") { context in "martlet" }
    p.step("next", name) { context, name in
        context.log("\(name + 1)")
    }
}
