// expect: cannot convert value of type 'Value<Double>' to expected dictionary value type 'any DatasetReference'
import Martlet

func build(_ p: PipelineBuilder) {
    let auc = p.step("score") { context in 0.7 }
    p.sql("features", "SELECT 1", reads: ["auc": auc])
}
