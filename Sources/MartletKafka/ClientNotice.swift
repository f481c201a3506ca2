package import MartletCore

/// What a client tells by the way.
package enum ClientNotice: Sendable {
    /// A line of the library's log; the level is that of syslog, from 0 (emergency) to 7 (debug).
    case log(level: Int, facility: String, text: String)
    /// Something went wrong that the library deals with, as a broker that does not answer.
    case trouble(StreamError)
    /// Statistics, every `statistics.interval.ms`.
    case statistics(KafkaStatistics)
}

/// Is told of notices, on a thread of the client: it must not wait.
package typealias NoticeHandler = @Sendable (ClientNotice) -> Void
