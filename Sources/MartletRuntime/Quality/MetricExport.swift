import Foundation
public import MartletCore

/// Writes the numbers that runs left as files that reports are built from.
///
/// One file a series, `<pipeline>/<series>.jsonl`, with rows like those of `martlet quality detect --json`; runs that
/// failed are left out, as they are when numbers are judged.
public struct MetricExport: Sendable {
    private let folder: String

    /// An export to a folder, which need not exist.
    public init(folder: String) { self.folder = folder }

    /// Writes the series of a pipeline; a file that would stay the same is left alone.
    ///
    /// - Throws: ``MartletError`` MT8xxx when a file cannot be written.
    public func write(_ metrics: [RunMetric], of pipeline: PipelineID) throws(MartletError) {
        let place = "\(folder)/\(PathName.escaped(pipeline.rawValue))"
        let judged = metrics.filter { $0.verdict.state != .excluded }
        for (series, metrics) in Dictionary(grouping: judged, by: \.series) {
            let rows = metrics.map { JSONText.encode(Self.row($0, of: pipeline)) + "\n" }
            let bytes = Array(rows.joined().utf8)
            let path = "\(place)/\(PathName.escaped(series.description)).jsonl"
            if FileSystem.size(of: path) == bytes.count, FileManager.default.contents(atPath: path) == Data(bytes) {
                continue
            }
            try FileSystem.makeFolder(place)
            try FileSystem.write(bytes, to: path)
        }
    }

    private static func row(_ metric: RunMetric, of pipeline: PipelineID) -> JSONValue {
        let verdict = metric.verdict
        let isJudged = verdict.state != .learning
        func number(_ value: Double?) -> JSONValue { isJudged ? value.map(JSONValue.number) ?? .null : .null }
        return .object([
            "pipeline": .string(pipeline.rawValue),
            "series": .string(metric.series.description),
            "run": .string(metric.run.rawValue),
            "timestamp": .string(metric.at.description),
            "value": .number(metric.value),
            "expected": number(verdict.expected),
            "lower": number(verdict.lower),
            "upper": number(verdict.upper),
            "anomaly": .bool(verdict.state == .anomalous),
            "episode": verdict.episode.map(JSONValue.integer) ?? .null,
        ])
    }
}
