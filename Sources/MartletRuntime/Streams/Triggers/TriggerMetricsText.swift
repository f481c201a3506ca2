import MartletCore

/// Renders what a trigger does as Prometheus text.
package enum TriggerMetricsText {
    /// The metrics of triggers, by their groups; families stand together, as the format wants it.
    package static func render(_ triggers: [(group: String, topic: String, status: TriggerStatus)]) -> String {
        let families: [(name: String, type: String, help: String, value: (TriggerStatus) -> String)] = [
            ("events_total", "counter", "Events read.", { "\($0.events)" }),
            ("tombstones_total", "counter", "Records without a value, passed over.", { "\($0.tombstones)" }),
            ("answers_total", "counter", "Answers committed.", { "\($0.answers)" }),
            ("failures_total", "counter", "Events committed as dead letters.", { "\($0.failures)" }),
            ("retries_total", "counter", "Batches that failed and were tried again.", { "\($0.retries)" }),
            ("batches_total", "counter", "Batches answered.", { "\($0.batches)" }),
            ("scoring_seconds_total", "counter", "Seconds spent in the scorer.", { "\($0.scoringSeconds)" }),
            ("restarts_total", "counter", "Times the scorer was started again.", { "\($0.restarts)" }),
            ("commits_total", "counter", "Transactions committed.", { "\($0.commits)" }),
            ("aborts_total", "counter", "Transactions aborted and written again.", { "\($0.aborts)" }),
            ("rebalances_total", "counter", "Rebalances.", { "\($0.rebalances)" }),
            ("in_flight", "gauge", "Events being scored.", { "\($0.inFlight)" }),
            ("buffered", "gauge", "Events read and not committed.", { "\($0.buffered)" }),
            ("assigned_partitions", "gauge", "Partitions of this member.", { "\($0.assigned.count)" }),
            ("paused", "gauge", "Whether the input is paused.", { $0.isPaused ? "1" : "0" }),
            ("scorer_up", "gauge", "Whether the scorer answers.", { $0.scorerFailure == nil ? "1" : "0" }),
        ]
        var text = ""
        for family in families {
            text += "# HELP stream_trigger_\(family.name) \(family.help)\n"
            text += "# TYPE stream_trigger_\(family.name) \(family.type)\n"
            for trigger in triggers {
                text += "stream_trigger_\(family.name){\(labels(trigger.group, trigger.topic))} "
                text += family.value(trigger.status) + "\n"
            }
        }
        text += "# HELP stream_trigger_lag Records that are not done.\n# TYPE stream_trigger_lag gauge\n"
        for trigger in triggers {
            for (partition, lag) in trigger.status.lag.sorted(by: { $0.key < $1.key }) {
                text += "stream_trigger_lag{\(labels(trigger.group, trigger.topic)),"
                text += "partition=\"\(partition.partition)\"} \(lag)\n"
            }
        }
        return text
    }

    private static func labels(_ group: String, _ topic: String) -> String {
        #"consumergroup="\#(escaped(group))",topic="\#(escaped(topic))""#
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
