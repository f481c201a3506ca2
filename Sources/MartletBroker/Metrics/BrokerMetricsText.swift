/// Metrics of a log server in the text format of Prometheus: what can be said of any Kafka under the names of
/// kafka_exporter, so that dashboards made for it work, and the rest under names of our own.
///
/// Sources: the exposition format 0.0.4 of Prometheus; the metrics of github.com/danielqsj/kafka_exporter.
package struct BrokerMetricsText {
    /// The text, lines end with "\n".
    package private(set) var text = ""

    /// The text of `metrics`.
    package init(_ metrics: BrokerMetrics) {
        addTopics(metrics.topics)
        addGroups(metrics.groups)
        addServer(metrics)
    }

    private typealias Sample = (labels: [(String, String)], value: Int64)

    private mutating func addTopics(_ topics: [BrokerMetrics.Topic]) {
        add("kafka_brokers", "gauge", "Brokers of the cluster.", [([], 1)])
        add(
            "kafka_topic_partitions",
            "gauge",
            "Partitions of a topic.",
            topics.map { ([("topic", $0.name)], Int64($0.partitions.count)) }
        )
        func each(_ value: (BrokerMetrics.Partition) -> Int64) -> [Sample] {
            topics.flatMap { topic in
                topic.partitions.enumerated().map { index, partition in
                    ([("topic", topic.name), ("partition", "\(index)")], value(partition))
                }
            }
        }
        let name = "kafka_topic_partition"
        add("\(name)_current_offset", "gauge", "The offset that the next record gets.", each(\.highOffset))
        add("\(name)_oldest_offset", "gauge", "The first offset that can be read.", each(\.lowOffset))
        add("\(name)_leader", "gauge", "The broker that leads a partition.", each { _ in 1 })
        add("\(name)_leader_is_preferred", "gauge", "1 if the leader is the preferred one.", each { _ in 1 })
        add("\(name)_replicas", "gauge", "Copies of a partition.", each { _ in 1 })
        add("\(name)_in_sync_replica", "gauge", "Copies that have everything.", each { $0.isFailed ? 0 : 1 })
        add(
            "\(name)_under_replicated_partition",
            "gauge",
            "1 if not all copies have everything.",
            each { $0.isFailed ? 1 : 0 }
        )
        add(
            "martlet_broker_partition_stable_offset",
            "gauge",
            "Readers of committed records see what is before it.",
            each(\.stableOffset)
        )
        add("martlet_broker_partition_bytes", "gauge", "Bytes of batches on disk.", each { Int64($0.bytes) })
        add("martlet_broker_partition_segments", "gauge", "Segments on disk.", each { Int64($0.segments) })
    }

    private mutating func addGroups(_ groups: [BrokerMetrics.Group]) {
        func each(_ value: (BrokerMetrics.Position) -> Int64?) -> [Sample] {
            groups.flatMap { group in
                group.positions.compactMap { position in
                    value(position).map { value in
                        let labels = [
                            ("consumergroup", group.name), ("topic", position.topic),
                            ("partition", "\(position.partition)"),
                        ]
                        return (labels, value)
                    }
                }
            }
        }
        func sums(_ value: (BrokerMetrics.Position) -> Int64?) -> [Sample] {
            groups.flatMap { group in
                Dictionary(grouping: group.positions, by: \.topic).sorted { $0.key < $1.key }.map { topic, positions in
                    let sum = positions.compactMap(value).reduce(Int64(0)) {
                        $0.addingReportingOverflow($1).partialValue
                    }
                    return ([("consumergroup", group.name), ("topic", topic)], sum)
                }
            }
        }
        let name = "kafka_consumergroup"
        add("\(name)_current_offset", "gauge", "The offset that a group has committed.", each(\.offset))
        add("\(name)_current_offset_sum", "gauge", "The sum of a group's offsets in a topic.", sums(\.offset))
        add("\(name)_lag", "gauge", "Records that a group has not committed.", each(\.lag))
        add("\(name)_lag_sum", "gauge", "Records of a topic that a group has not committed.", sums(\.lag))
        add(
            "\(name)_members",
            "gauge",
            "Members of a group.",
            groups.map { ([("consumergroup", $0.name)], Int64($0.members)) }
        )
        add(
            "martlet_broker_group_state",
            "gauge",
            "1 for the state that a group is in.",
            groups.map { ([("consumergroup", $0.name), ("state", $0.state)], 1) }
        )
    }

    private mutating func addServer(_ metrics: BrokerMetrics) {
        func one(_ value: Int) -> [Sample] { [([], Int64(value))] }
        let name = "martlet_broker"
        add("\(name)_open_transactions", "gauge", "Transactions without an end.", one(metrics.openTransactions))
        add("\(name)_connections", "gauge", "Open connections.", one(metrics.connections))
        add(
            "\(name)_accepted_connections_total",
            "counter",
            "Connections that were accepted.",
            one(metrics.acceptedConnections)
        )
        add(
            "\(name)_connections_refused_total",
            "counter",
            "Connections that were refused because there were too many.",
            one(metrics.refusedConnections)
        )
        add(
            "\(name)_requests_total",
            "counter",
            "Requests by API.",
            metrics.requests.sorted { $0.key < $1.key }.map { ([("api", $0.key)], Int64($0.value)) }
        )
        add("\(name)_received_bytes_total", "counter", "Bytes from clients.", one(metrics.bytesIn))
        add("\(name)_sent_bytes_total", "counter", "Bytes to clients.", one(metrics.bytesOut))
        add("\(name)_append_errors_total", "counter", "Batches that were refused.", one(metrics.appendErrors))
        add("\(name)_fetch_errors_total", "counter", "Partitions that could not be read.", one(metrics.fetchErrors))
    }

    private mutating func add(_ name: String, _ type: String, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        for sample in samples {
            text += name
            if !sample.labels.isEmpty {
                text += "{\(sample.labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ","))}"
            }
            text += " \(sample.value)\n"
        }
    }

    /// A label's value: groups may have any name.
    private static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == 0x22 || $0 == 0x5C || $0 == 0x0A }) else { return value }
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
