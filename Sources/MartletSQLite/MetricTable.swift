import GRDB
import MartletCore

/// Metrics of runs, and what people said of them.
struct MetricTable {
    let db: Database

    private static let columns = "series, run_id, at_us, value, verdict, pipeline"

    func record(_ metrics: RunMetrics) throws {
        try db.run("DELETE FROM metrics WHERE run_id = ?", [metrics.run.rawValue])
        try db.run(
            "INSERT OR REPLACE INTO metric_runs (run_id, pipeline, sequence) VALUES (?, ?, ?)",
            [metrics.run.rawValue, metrics.pipeline.rawValue, metrics.sequence]
        )
        let sql = """
            INSERT INTO metrics (pipeline, series, at_us, run_id, value, state, verdict) VALUES (\(placeholders(7)))
            """
        for metric in metrics.metrics {
            try db.run(
                sql,
                [
                    metrics.pipeline.rawValue, column(metric.series.description), metric.at.microseconds,
                    metrics.run.rawValue, metric.value, metric.verdict.state.rawValue, JSONText.encode(metric.verdict),
                ]
            )
        }
    }

    func recorded(_ runs: [RunID]) throws -> [RunID: Int] {
        var result: [RunID: Int] = [:]
        for run in runs {
            let sql = "SELECT sequence FROM metric_runs WHERE run_id = ?"
            for sequence in try db.all(sql, [run.rawValue], { $0[0] as Int }) { result[run] = sequence }
        }
        return result
    }

    func metrics(of pipeline: PipelineID, series: MetricSeriesID?, limit: Int) throws -> [RunMetric] {
        let found: [(PipelineID, RunMetric)?]
        if let series {
            found = try db.all(
                """
                SELECT \(Self.columns) FROM metrics WHERE pipeline = ? AND series = ?
                ORDER BY at_us DESC, run_id DESC LIMIT ?
                """,
                [pipeline.rawValue, column(series.description), limit],
                metric
            )
        } else {
            found = try db.all(
                """
                SELECT \(Self.columns) FROM metrics WHERE pipeline = ?
                ORDER BY at_us DESC, run_id DESC, series DESC LIMIT ?
                """,
                [pipeline.rawValue, limit],
                metric
            )
        }
        return found.reversed().compactMap { $0?.1 }
    }

    func metrics(of run: RunID) throws -> RunMetrics? {
        let sql = "SELECT pipeline, sequence FROM metric_runs WHERE run_id = ?"
        let head = try db.all(sql, [run.rawValue]) { (PipelineID(trusted: $0[0]), $0[1] as Int) }.first
        guard let (pipeline, sequence) = head else { return nil }
        let found = try db.all(
            "SELECT \(Self.columns) FROM metrics WHERE run_id = ? ORDER BY series",
            [run.rawValue],
            metric
        )
        return RunMetrics(run: run, pipeline: pipeline, sequence: sequence, metrics: found.compactMap { $0?.1 })
    }

    func pipelines() throws -> [PipelineID] {
        let sql = "SELECT DISTINCT pipeline FROM metric_runs ORDER BY pipeline"
        return try db.all(sql) { PipelineID(trusted: $0[0]) }
    }

    func anomalies(of pipeline: PipelineID?, limit: Int) throws -> [(pipeline: PipelineID, metric: RunMetric)] {
        let order = "state = 'anomalous' ORDER BY at_us DESC, run_id DESC, series LIMIT ?"
        let found: [(PipelineID, RunMetric)?]
        if let pipeline {
            let sql = "SELECT \(Self.columns) FROM metrics WHERE pipeline = ? AND \(order)"
            found = try db.all(sql, [pipeline.rawValue, limit], metric)
        } else {
            found = try db.all("SELECT \(Self.columns) FROM metrics WHERE \(order)", [limit], metric)
        }
        return found.compactMap { $0.map { (pipeline: $0.0, metric: $0.1) } }
    }

    func add(_ feedback: MetricFeedback) throws {
        try db.run(
            """
            INSERT INTO metric_feedback (pipeline, series, run_id, judgement, said_by, at_us)
            VALUES (\(placeholders(6)))
            """,
            [
                feedback.pipeline.rawValue, column(feedback.series.description), feedback.run.rawValue,
                feedback.judgement.rawValue, column(feedback.by), feedback.at.microseconds,
            ]
        )
    }

    func feedback(on pipeline: PipelineID) throws -> [MetricFeedback] {
        let sql = """
            SELECT series, run_id, judgement, said_by, at_us FROM metric_feedback WHERE pipeline = ? ORDER BY position
            """
        let found: [MetricFeedback?] = try db.all(sql, [pipeline.rawValue]) { row in
            guard let series = MetricSeriesID(row[0] as String) else { return nil }
            return MetricFeedback(
                pipeline: pipeline,
                series: series,
                run: RunID(trusted: row[1]),
                judgement: try known(row[2]),
                by: row[3],
                at: Timestamp(microseconds: row[4])
            )
        }
        return found.compactMap { $0 }
    }

    private func metric(_ row: Row) throws -> (PipelineID, RunMetric)? {
        guard let series = MetricSeriesID(row[0] as String) else { return nil }
        let metric = RunMetric(
            series: series,
            run: RunID(trusted: row[1]),
            at: Timestamp(microseconds: row[2]),
            value: row[3],
            verdict: try JSONText.decode(MetricVerdict.self, from: row[4] as String)
        )
        return (PipelineID(trusted: row[5]), metric)
    }
}
