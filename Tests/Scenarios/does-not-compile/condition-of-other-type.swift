// expect: cannot convert value of type 'String' to expected argument type 'Value<Double>.Scalar'
import Martlet

func build(_ p: PipelineBuilder) {
    let auc = p.step("score") { context in 0.7 }
    p.command("publish", "./publish.sh", options: [.when(auc >= "high")])
}
