public import MartletCore

/// A line of `moves.jsonl`: one ref pointed somewhere else.
public struct HeadMove: Hashable, Codable, Sendable {
    /// When it was moved.
    public var at: Timestamp
    /// The path of the ref's file below `refs`: see ``Ref/fileName``.
    public var ref: String
    /// Where it pointed; nil when it is new.
    public var from: ObjectID?
    /// Where it points now; nil when it was removed.
    public var to: ObjectID?
    /// Who moved it.
    public var by: String
    /// What for.
    public var why: String

    /// A move of `ref`.
    public init(at: Timestamp, ref: Ref, from: ObjectID?, to: ObjectID?, by: String, why: String) {
        self.at = at
        self.ref = ref.fileName
        self.from = from
        self.to = to
        self.by = by
        self.why = why
    }
}
