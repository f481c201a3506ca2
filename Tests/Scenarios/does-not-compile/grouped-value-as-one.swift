// expect: cannot convert value of type '[Int]' to expected argument type 'Int'
import Martlet

func build(_ p: PipelineBuilder) {
    let sizes = p.group("each", map: ["a", "b"]) { name in
        p.step("size", name) { context, name in name.count }
    }.outcome
    p.step("next", sizes) { context, size in
        let one: Int = size + 1
        context.log("\(one)")
    }
}
