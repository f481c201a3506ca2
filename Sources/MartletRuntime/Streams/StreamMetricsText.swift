package import MartletCore
import MartletStreams

/// How streams stand, as Prometheus reads it (text exposition format 0.0.4).
package enum StreamMetricsText {
    /// One stream.
    package struct Stream: Sendable {
        /// Its name.
        package var name: String
        /// How it stands.
        package var status: StreamRunStatus

        /// The stream `name`.
        package init(_ name: String, _ status: StreamRunStatus) {
            self.name = name
            self.status = status
        }
    }

    private typealias Sample = (labels: String, value: String)

    /// Writes the metrics of all streams, in the order of their names.
    ///
    /// - Parameters:
    ///   - streams: the streams.
    ///   - now: the wall time, by which ages and delays are reckoned.
    /// - Returns: the text; empty without streams.
    package static func text(_ streams: [Stream], now: Timestamp) -> String {
        guard !streams.isEmpty else { return "" }
        let streams = streams.sorted { $0.name < $1.name }
        var text = ""
        func add(_ name: String, _ type: String, _ help: String, _ samples: (Stream) -> [Sample]) {
            let lines = streams.flatMap { stream in
                samples(stream).map { "\(name){stream=\"\(escaped(stream.name))\"\($0.labels)} \($0.value)\n" }
            }
            if !lines.isEmpty { text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n" + lines.joined() }
        }
        func one(_ value: some CustomStringConvertible) -> [Sample] { [("", "\(value)")] }

        add("stream_records_in_total", "counter", "Records read, over restarts.") { one($0.status.counters.records) }
        add("stream_records_out_total", "counter", "Results written.") { one($0.status.written) }
        add("stream_filtered_total", "counter", "Records that the filter left out.") {
            one($0.status.counters.filtered)
        }
        add("stream_late_total", "counter", "Records that came after their windows closed.") {
            [(label("action", "put_aside"), "\($0.status.counters.late)")]
        }
        add("stream_dlq_total", "counter", "Records put aside, by reason.") {
            $0.status.rejected.sorted { $0.key < $1.key }.map { (label("reason", $0.key), "\($0.value)") }
        }
        add("stream_tombstones_total", "counter", "Records without a value, which are skipped.") {
            one($0.status.tombstones)
        }
        add("stream_repeated_total", "counter", "Records left out as repeated.") { one($0.status.counters.repeated) }
        add("stream_watermark_timestamp_seconds", "gauge", "How far event time has come.") {
            $0.status.watermark.map { one(Double($0) / 1e6) } ?? []
        }
        add("stream_watermark_lag_seconds", "gauge", "How far event time is behind the wall clock.") {
            $0.status.watermark.map { one(Double(now.microseconds - $0) / 1e6) } ?? []
        }
        add("stream_partition_idle", "gauge", "Whether a partition holds event time no longer back.") {
            partitions($0) { $0.isIdle ? "1" : "0" }
        }
        add("stream_partition_offset", "gauge", "The offset of the next record to read.") {
            partitions($0) { "\($0.offset)" }
        }
        add("stream_partition_lag", "gauge", "Offsets between the next record to read and the end.") {
            partitions($0) { $0.lag.map { "\($0)" } }
        }
        add("stream_assigned_partitions", "gauge", "Partitions that are read.") { one($0.status.partitions.count) }
        add("stream_commits_total", "counter", "Cuts committed.") { one($0.status.commits) }
        add("stream_commit_seconds", "gauge", "How long the last cut took.") {
            $0.status.committedAt == nil ? [] : one($0.status.commitSeconds)
        }
        add("stream_commit_failures_total", "counter", "Offsets that the brokers did not take.") {
            one($0.status.failedOffsetCommits)
        }
        add("stream_checkpoint_seconds", "gauge", "How long the snapshot of the last cut took.") {
            $0.status.committedAt == nil ? [] : one($0.status.snapshotSeconds)
        }
        add("stream_checkpoint_bytes", "gauge", "The size of the last snapshot.") {
            $0.status.committedAt == nil ? [] : one($0.status.snapshotBytes)
        }
        add("stream_checkpoint_age_seconds", "gauge", "The time since the last cut.") {
            $0.status.committedAt.map { one((now - $0).seconds) } ?? []
        }
        add("stream_state_keys", "gauge", "Keys in all windows together.") { one($0.status.stateRows) }
        return text
    }

    private static func partitions(_ stream: Stream, _ value: (StreamRunStatus.Partition) -> String?) -> [Sample] {
        stream.status.partitions.sorted { $0.key < $1.key }
            .compactMap { partition, status in
                value(status)
                    .map { (label("topic", partition.topic) + label("partition", "\(partition.partition)"), $0) }
            }
    }

    private static func label(_ name: String, _ value: String) -> String { ",\(name)=\"\(escaped(value))\"" }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
