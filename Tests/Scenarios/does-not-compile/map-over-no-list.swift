// expect: 'Int' conform to 'ItemList'
import Martlet

func build(_ p: PipelineBuilder) {
    let count = p.step("count") { context in 3 }
    p.step("each", map: count) { context, element in context.log("\(element)") }
}
