package import MartletCore

/// Limits of what serves metrics.
extension Limits {
    /// Most connections at once; each may hold a whole answer.
    package static let metricsConnections = 8
    /// Most bytes of a request for metrics, its headers and its body together: 16 KiB.
    package static let metricsRequestBytes = 16 << 10
    /// Seconds after which a connection is closed, whatever it does.
    package static let metricsConnectionSeconds: Int64 = 30
}
