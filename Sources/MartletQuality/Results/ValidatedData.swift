public import MartletCore

/// Which data a validation was about.
public struct ValidatedData: Hashable, Sendable {
    /// The data source: a folder, `lake`, `query`.
    public var source: String
    /// The data asset: a file's or dataset's name.
    public var asset: String
    /// What tells this version of it from others: a path, a commit.
    public var identifiers: [String: JSONValue]
    /// How it was read.
    public var spec: [String: JSONValue]

    /// Data called `asset` in `source`.
    public init(
        source: String,
        asset: String,
        identifiers: [String: JSONValue] = [:],
        spec: [String: JSONValue] = [:]
    ) {
        self.source = source
        self.asset = asset
        self.identifiers = identifiers
        self.spec = spec
    }

    /// The batch id of Great Expectations.
    public var batchID: String { "\(source)-\(asset)" }
}
