public import MartletCore

/// What went from one copy of a lake to another.
public struct TransferReport: Hashable, Sendable {
    /// A ref that was looked at.
    public struct Moved: Hashable, Sendable {
        /// What became of it.
        public enum Outcome: String, Hashable, Codable, Sendable {
            case created, moved, forced
            case upToDate = "up to date"
            /// The other side is behind: nothing was done.
            case ahead
            /// Both sides have commits that the other does not: nothing was done, merge first.
            case diverged
        }

        /// The ref.
        public var ref: Ref
        /// Where it was; nil when it is new.
        public var from: ObjectID?
        /// The commit of the side that is copied from.
        public var to: ObjectID
        /// What became of it.
        public var outcome: Outcome
    }

    /// The refs.
    public var refs: [Moved] = []
    /// Packs that were copied.
    public var packs = 0
    /// Their bytes.
    public var bytes = 0

    init() {}
}
