/// The figures a group is run by, all in milliseconds; the defaults are Kafka's, except for the initial delay.
struct GroupSettings: Hashable, Sendable {
    /// How long a group without members waits for more after the first (`group.initial.rebalance.delay.ms`).
    var initialRebalanceDelay: Int64 = 50
    /// `group.min.session.timeout.ms`.
    var minSessionTimeout: Int64 = 6_000
    /// `group.max.session.timeout.ms`.
    var maxSessionTimeout: Int64 = 1_800_000
    /// How long positions are kept once nobody uses them (`offsets.retention.minutes`): 7 days.
    var offsetRetention: Int64 = 7 * 86_400_000
}
