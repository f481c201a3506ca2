// expect: use of local variable 'second' before its declaration
import Martlet

func build(_ p: PipelineBuilder) {
    let first = p.step("first", second) { context, second in second + 1 }
    let second = p.step("second", first) { context, first in first + 1 }
}
