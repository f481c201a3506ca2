import MartletCore
import Testing

@testable import Martlet

/// Work on Spark in pipelines that are written in Swift.
struct SparkTests {
    private enum Row: DatasetContent {
        static var format: DatasetFormat? { .parquet }
    }

    @Test func sparkBecomesSteps() throws {
        let pipeline = Pipeline("daily") { p in
            let day = p.spark(
                "day",
                SparkAction(script: "job.py", arguments: ["--n", "1"], place: "yarn", configuration: ["spark.x": "1"]),
                writes: Row.to("out/day")
            )
            p.sql("sum", file: "sum.sql", reads: ["day": day.outputs], writes: Row.to("out/sum"), engine: .spark)
        }
        let steps = pipeline.manifest.steps
        guard case .spark(let action) = steps[0].action, case .sql(let sql) = steps[1].action else {
            Issue.record("they are \(steps.map(\.action.kind))")
            return
        }
        #expect(action.script == "job.py" && action.place == "yarn" && action.arguments == ["--n", "1"])
        #expect(sql.file == "sum.sql" && sql.engine == .spark)
        #expect(try JSONText.decode(PipelineManifest.self, from: JSONText.data(pipeline.manifest)) == pipeline.manifest)
    }
}
