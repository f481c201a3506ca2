/// Identifies one run of a pipeline; also the name of the run's folder.
public struct RunID: TypedID {
    /// What messages call one.
    public static let noun = "run id"
    /// The text, which keeps the rules of this kind of name.
    public let rawValue: String

    /// Wraps text known to keep the rules, without checking it.
    public init(trusted raw: String) { rawValue = raw }

    /// Why `raw` cannot be the id of a run (letters, digits, `_` and `-`), or nil when it can.
    public static func objection(to raw: String) -> String? {
        NameRules.word(raw, limit: Limits.nameBytes + 40)
    }

    /// The id of a run of `pipeline` created at `instant`: `<pipeline>-<yyyymmdd>T<hhmmss>Z-<suffix>`.
    ///
    /// Ids sort by time within a pipeline; `suffix` (from an ``IDGenerator``) tells runs of one second apart.
    public init(of pipeline: PipelineID, at instant: Timestamp, suffix: String) {
        rawValue = "\(pipeline)-\(instant.compact)-\(suffix)"
    }
}
