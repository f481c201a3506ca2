public import MartletCore
public import MartletLake

/// What a verification found.
public struct VerifyReport: Hashable, Sendable {
    /// An object that cannot be read as it was written.
    public struct Damage: Hashable, Sendable {
        /// The object.
        public var id: ObjectID
        /// What it is; nil when that is not known, as of a missing one.
        public var kind: ObjectKind?
        /// The pack it should be in; nil for one that no pack has.
        public var pack: ObjectID?
        /// What is wrong.
        public var what: String
    }

    /// A file that cannot be read any more.
    public struct LostFile: Hashable, Sendable {
        /// A commit that has it, the first that was found.
        public var commit: ObjectID
        /// Where it is there.
        public var path: LakePath
    }

    /// Packs looked at.
    public var packs = 0
    /// Their objects.
    public var objects = 0
    /// Their bytes.
    public var bytes = 0
    /// Objects that are damaged or missing without another copy that is whole; the first ``Limits/namedDamages``.
    public var damages: [Damage] = []
    /// Packs whose index is damaged; their objects were found without it.
    public var damagedIndexes: [ObjectID] = []
    /// Refs that cannot be read or point to nothing, with the reason.
    public var damagedRefs: [String] = []
    /// The commits that need something that is damaged or missing; the first ``Limits/namedDamages``.
    public var touchedCommits: [ObjectID] = []
    /// The files that cannot be read any more; the first ``Limits/namedDamages``.
    public var lostFiles: [LostFile] = []

    /// Whether nothing is wrong.
    public var isSound: Bool {
        damages.isEmpty && damagedIndexes.isEmpty && damagedRefs.isEmpty && touchedCommits.isEmpty
    }

    init() {}
}
