package import MartletCore

/// Points in time, in order, without end or with one.
package protocol TickSource: Sendable {
    /// The first tick after an instant; nil when there is none.
    func next(after instant: Timestamp) -> Timestamp?
    /// The last tick before an instant; nil when there is none.
    func previous(before instant: Timestamp) -> Timestamp?
    /// The last tick that is not after an instant.
    func floor(_ instant: Timestamp) -> Timestamp?
    /// The first tick that is not before an instant.
    func ceiling(_ instant: Timestamp) -> Timestamp?
}

extension TickSource {
    package func floor(_ instant: Timestamp) -> Timestamp? { previous(before: instant + .microseconds(1)) }
    package func ceiling(_ instant: Timestamp) -> Timestamp? { next(after: instant - .microseconds(1)) }
}
