import MartletCore

/// What librdkafka says of itself every `statistics.interval.ms` (its STATISTICS.md).
package struct KafkaStatistics: Hashable, Sendable, Decodable {
    /// One broker.
    package struct Broker: Hashable, Sendable, Decodable {
        /// Its number; -1 for a bootstrap server that is not known by number yet.
        package var nodeid = -1
        /// `UP`, `DOWN`, `CONNECT` and so on.
        package var state = ""
        /// Round trips, in microseconds.
        package var rtt = Window()
        /// Time in the client's queue before a request is sent, in microseconds.
        package var outbufLatency = Window()
        /// Time from the call that produces to the request, in microseconds.
        package var intLatency = Window()
        /// Time for which the broker throttled the client, in milliseconds.
        package var throttle = Window()
        /// Requests that nobody answered in time.
        package var reqTimeouts: Int64 = 0
        /// Connections that ended.
        package var disconnects: Int64 = 0
        /// Requests that could not be sent, and answers that could not be read.
        package var txerrs: Int64 = 0
        package var rxerrs: Int64 = 0

        enum CodingKeys: String, CodingKey {
            case nodeid, state, rtt, throttle, disconnects, txerrs, rxerrs
            case outbufLatency = "outbuf_latency"
            case intLatency = "int_latency"
            case reqTimeouts = "req_timeouts"
        }

        init() {}
    }

    /// Values of the last interval.
    package struct Window: Hashable, Sendable, Decodable {
        package var min: Int64 = 0
        package var max: Int64 = 0
        package var avg: Int64 = 0
        package var p50: Int64 = 0
        package var p99: Int64 = 0
        package var cnt: Int64 = 0

        enum CodingKeys: String, CodingKey {
            case min, max, avg, p50, p99, cnt
        }

        init() {}
    }

    /// One partition; -1 and -1001 stand for offsets that are not known.
    package struct Partition: Hashable, Sendable, Decodable {
        package var partition = -1
        /// Records, and their bytes, that wait for the application.
        package var fetchqCount: Int64 = 0
        package var fetchqSize: Int64 = 0
        /// `active`, `stopped`, `none` and so on.
        package var fetchState = ""
        /// The offset after the last record told.
        package var appOffset: Int64 = -1001
        package var committedOffset: Int64 = -1001
        /// The first offset, the next offset to be written, and the last stable offset.
        package var loOffset: Int64 = -1001
        package var hiOffset: Int64 = -1001
        package var lsOffset: Int64 = -1001
        /// Records after the committed offset; -1 when it is not known.
        package var consumerLag: Int64 = -1
        /// Records sent and not acknowledged.
        package var messagesInFlight: Int64 = 0
        package var txmsgs: Int64 = 0
        package var rxmsgs: Int64 = 0

        enum CodingKeys: String, CodingKey {
            case partition, txmsgs, rxmsgs
            case fetchqCount = "fetchq_cnt"
            case fetchqSize = "fetchq_size"
            case fetchState = "fetch_state"
            case appOffset = "app_offset"
            case committedOffset = "committed_offset"
            case loOffset = "lo_offset"
            case hiOffset = "hi_offset"
            case lsOffset = "ls_offset"
            case consumerLag = "consumer_lag"
            case messagesInFlight = "msgs_inflight"
        }

        init() {}
    }

    /// One topic.
    package struct Topic: Hashable, Sendable, Decodable {
        package var topic = ""
        /// By number; `-1` holds what has no partition yet.
        package var partitions = [String: Partition]()

        enum CodingKeys: String, CodingKey {
            case topic, partitions
        }

        init() {}
    }

    /// The consumer's group.
    package struct Group: Hashable, Sendable, Decodable {
        package var state = ""
        package var joinState = ""
        /// Milliseconds since the last rebalance.
        package var rebalanceAge: Int64 = 0
        package var rebalanceCount: Int64 = 0
        package var rebalanceReason = ""
        package var assignmentSize: Int64 = 0

        enum CodingKeys: String, CodingKey {
            case state
            case joinState = "join_state"
            case rebalanceAge = "rebalance_age"
            case rebalanceCount = "rebalance_cnt"
            case rebalanceReason = "rebalance_reason"
            case assignmentSize = "assignment_size"
        }

        init() {}
    }

    /// The idempotent producer.
    package struct ExactlyOnce: Hashable, Sendable, Decodable {
        package var idempotenceState = ""
        package var transactionState = ""
        package var producerID: Int64 = -1
        package var producerEpoch: Int64 = -1

        enum CodingKeys: String, CodingKey {
            case idempotenceState = "idemp_state"
            case transactionState = "txn_state"
            case producerID = "producer_id"
            case producerEpoch = "producer_epoch"
        }

        init() {}
    }

    package var name = ""
    package var clientID = ""
    package var type = ""
    /// Microseconds since the client was made.
    package var age: Int64 = 0
    /// Events that wait for the client's thread.
    package var replyq: Int64 = 0
    /// Records, and their bytes, in the producer's queues.
    package var messageCount: Int64 = 0
    package var messageSize: Int64 = 0
    /// Requests and bytes sent, answers and bytes received, records sent and received.
    package var tx: Int64 = 0
    package var txBytes: Int64 = 0
    package var rx: Int64 = 0
    package var rxBytes: Int64 = 0
    package var txmsgs: Int64 = 0
    package var rxmsgs: Int64 = 0
    package var brokers = [String: Broker]()
    package var topics = [String: Topic]()
    /// Nil for a producer.
    package var group: Group?
    /// Nil for a client that is not idempotent.
    package var exactlyOnce: ExactlyOnce?

    enum CodingKeys: String, CodingKey {
        case name, type, age, replyq, tx, rx, txmsgs, rxmsgs, brokers, topics
        case clientID = "client_id"
        case messageCount = "msg_cnt"
        case messageSize = "msg_size"
        case txBytes = "tx_bytes"
        case rxBytes = "rx_bytes"
        case group = "cgrp"
        case exactlyOnce = "eos"
    }

    init() {}

    /// Reads the library's JSON; nil when it is none.
    package init?(json: String) {
        guard let read = try? JSONText.decode(Self.self, from: json) else { return nil }
        self = read
    }

    /// Records after the committed offset, over all partitions where that is known.
    package var consumerLag: Int64 {
        topics.values.reduce(0) { sum, topic in
            topic.partitions.values.reduce(sum) { $0 + max($1.consumerLag, 0) }
        }
    }
}
