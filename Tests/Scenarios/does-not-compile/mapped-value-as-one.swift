// expect: cannot convert value of type '[Int]' to expected argument type 'Int'
import Martlet

func build(_ p: PipelineBuilder) {
    let sizes = p.step("each", map: ["a", "b"]) { context, name in name.count }
    p.step("next", sizes) { context, size in
        let one: Int = size + 1
        context.log("\(one)")
    }
}
