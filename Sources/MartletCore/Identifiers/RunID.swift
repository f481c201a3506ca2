/// Identifies one run of a pipeline; also the name of the run's folder.
public struct RunID: TypedID {
    public static let noun = "run id"
    public let rawValue: String
    public init(trusted raw: String) { rawValue = raw }
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
