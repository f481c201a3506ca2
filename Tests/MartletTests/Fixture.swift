import Foundation
import Martlet
import Testing

enum RawEvents: CSVContent {}
enum Features: ParquetContent {}
enum Model: DatasetContent {}

struct Top: Codable, Equatable, JSONLinesContent {
    var name: String
    var score: Double
}

struct Stats: Codable, Equatable {
    var rows: Int
    var meanScore: Double
}

enum Mode: String, CaseIterable, ParameterValue { case fast, thorough }

/// A pipeline that uses everything the DSL has.
enum Fixture {
    static let pipeline = Pipeline(
        "churn",
        description: "Who leaves next month",
        owner: "ml-platform",
        tags: ["demo"],
        schedule: ScheduleSpec(cron: "0 6 * * *", timezone: "Europe/Berlin"),
        maxParallelSteps: 4,
        defaults: [.retries(1), .env(["TZ": "UTC"])],
        build: build
    )

    private static func build(_ p: PipelineBuilder) {
        let month = p.parameter("month", default: 1, in: 1...12, description: "Which month")
        let mode = p.parameter("mode", default: Mode.fast)
        let day = p.parameter("day", String.self)
        let dryRun = p.parameter("dry_run", default: false)
        let least = p.parameter("least", default: 0.7, in: 0...)

        let events = p.source("events/raw", RawEvents.self, at: "data/events.csv")
        let clean = p.command(
            "clean",
            "./clean.sh \(month) \(day)",
            reads: ["raw": events],
            writes: RawEvents.to("events/clean.csv"),
            options: [.timeout(.seconds(90)), .env(["MODE": "\(mode)"]), .workingDirectory("scripts")]
        ).outputs
        let features = p.sql(
            "features",
            "SELECT * FROM clean WHERE month = \(month)",
            reads: [clean],
            writes: Features.to("events/features")
        ).outputs
        let train = p.python(
            "train",
            script: "train.py",
            arguments: ["--mode", "\(mode)"],
            requirements: ["scikit-learn==1.7.2"],
            reads: [features],
            writes: Model.to("models/churn", as: "model"),
            options: [.retries(3, delay: .seconds(30), backoff: 2, maxDelay: .seconds(300)), .tags("slow")]
        )
        let model = train.outputs
        let auc = train.value("auc", as: Double.self)

        let stats = p.step("stats", features, clean, auc, month) { context, features, clean, auc, month in
            context.progress(1, of: 2, "counting")
            context.metric("rows_in.features", 3)
            return Stats(rows: month, meanScore: auc)
        }
        let top = p.step("top", stats, writes: Top.to("events/top"), options: [.after(train)]) { context, top, stats in
            try top.write(rows: [Top(name: "a", score: stats.meanScore)])
        }.outputs
        p.branch(
            "route",
            .when(auc >= least && !dryRun) {
                p.step("publish", top, model) { context, top, model in
                    try context.report("model", model.path)
                }
            },
            .otherwise {
                p.command("retrain", arguments: ["./retrain.sh", "\(auc)"], options: [.skipExitCodes(3, 4)])
            }
        )
        p.command(
            "tell",
            "./tell.sh",
            options: [
                .after(top), .triggerRule(.allDone), .owner("on-call"), .description("Tells people"),
                .when(stats.member("rows", \.rows) > 0 || train.state == .failed),
            ]
        )
    }
}

/// What an attempt of `step` is told.
func context(
    of step: String,
    in folder: URL = URL(filePath: "/nowhere"),
    params: [String: JSONValue] = ["month": 5],
    inputs: [String: StepContextDocument.Dataset] = [:],
    outputs: [String: StepContextDocument.Dataset] = [:],
    values: [String: [String: JSONValue]] = [:]
) -> StepContextDocument {
    StepContextDocument(
        runID: RunID(trusted: "churn-1"),
        pipeline: PipelineID(trusted: "churn"),
        step: StepID(trusted: step),
        attempt: 2,
        startedAt: Timestamp(seconds: 0),
        project: "/project",
        workDirectory: folder.path(percentEncoded: false),
        params: params,
        inputs: inputs,
        outputs: outputs,
        values: values
    )
}

/// A dataset at `path`, as an attempt is told of it.
func dataset(_ name: String, _ path: String, _ format: DatasetFormat? = nil) -> StepContextDocument.Dataset {
    StepContextDocument.Dataset(dataset: DatasetID(trusted: name), path: path, format: format)
}

/// Calls `body` with a new folder, which is gone afterwards.
func withFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
}
