import Martlet

enum Events: CSVContent {}
enum Features: ParquetContent {}

func build(_ p: PipelineBuilder) {
    let events = p.source("events", Events.self, at: "events.csv")
    let month = p.parameter("month", default: 1, in: 1...12)
    let features = p.sql("features", file: "f.sql", reads: [events], writes: Features.to("features")).outputs
    let auc = p.step("score", features, month) { context, features, month in 0.5 + Double(month) }
    p.step("report", features, auc) { context, features, auc in
        let file: DatasetFile<Features> = features
        context.log("\(file.path) \(auc + 1)")
    }
    p.branch(
        "route",
        .when(auc >= 0.7) { p.command("publish", "./publish.sh") },
        .otherwise { p.command("retrain", "./retrain.sh") }
    )
}
