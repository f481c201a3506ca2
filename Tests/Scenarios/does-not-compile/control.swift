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
    let names = p.step("names") { context in ["a", "b"] }
    let sizes = p.step("each", map: names.items.where { $0 != "a" }) { context, name in name.count }
    p.step("sum", sizes) { context, sizes in sizes.reduce(0, +) }
    let gathered = p.group("group", map: names) { name in
        p.step("size", name) { context, name in name.count }
    }.outcome
    p.step("total", gathered) { context, sizes in sizes.reduce(0, +) }
    let cluster = p.setup { p.command("create", "./create.sh") }
    p.teardown(of: cluster) { p.command("delete", "./delete.sh") }
}
