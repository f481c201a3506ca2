/// Holds data against a suite, and lets the run go on or not.
public struct CheckAction: Hashable, Codable, Sendable {
    /// The file of the suite, relative to the project root; nil for one that is written in the pipeline.
    public var file: String?
    /// The suite itself, as JSON: a run keeps the one that it was created with.
    public var suite: JSONValue?
    /// Values for the suite's `$PARAMETER`s; texts are templates.
    public var parameters: [String: JSONValue]
    /// Whose rules decide where engines disagree: `sql` or `pandas`.
    public var semantics: String
    /// How much of the outcome is kept: `BOOLEAN_ONLY`, `BASIC`, `SUMMARY` or `COMPLETE`.
    public var resultFormat: String
    /// A failed expectation of this severity or a worse one holds the run back; nil lets everything go on.
    public var blocks: Severity?
    /// Columns whose values never show in results.
    public var masked: [String]
    /// How rows that are not as expected are put aside; nil leaves the data as it is.
    public var quarantine: QuarantineSpec?

    /// A check by the suite in `file`, with the defaults of `martlet quality run`; what is critical blocks.
    public init(
        file: String? = nil,
        suite: JSONValue? = nil,
        parameters: [String: JSONValue] = [:],
        semantics: String = "sql",
        resultFormat: String = "SUMMARY",
        blocks: Severity? = .critical,
        masked: [String] = [],
        quarantine: QuarantineSpec? = nil
    ) {
        self.file = file
        self.suite = suite
        self.parameters = parameters
        self.semantics = semantics
        self.resultFormat = resultFormat
        self.blocks = blocks
        self.masked = masked
        self.quarantine = quarantine
    }

    enum CodingKeys: String, CodingKey {
        case file, suite, parameters, semantics
        case resultFormat = "result_format"
        case blocks, masked, quarantine
    }
}

/// How many rows may be put aside before that is itself a failure.
///
/// Both limits hold; none of them allows any number.
public struct QuarantineSpec: Hashable, Codable, Sendable {
    /// The output that takes the good rows, as the step names it.
    public static let good = PortName(trusted: "good")
    /// The output that takes the rows put aside.
    public static let bad = PortName(trusted: "bad")
    /// The column that says why a row was put aside.
    public static let reasonColumn = "quarantine_reason"

    /// Most rows.
    public var rows: Int?
    /// Largest share of all rows, 0...1.
    public var share: Double?

    /// Limits on what is put aside.
    public init(rows: Int? = nil, share: Double? = nil) {
        self.rows = rows
        self.share = share
    }

    /// Whether `bad` of `total` rows are more than is allowed.
    public func isExceeded(by bad: Int, of total: Int) -> Bool {
        if let rows, bad > rows { return true }
        if let share, total > 0, Double(bad) > share * Double(total) { return true }
        return false
    }

    /// The limits in words: `1% of the rows`, `at most 100 rows`.
    public var text: String {
        let parts = [rows.map { "\($0) \($0 == 1 ? "row" : "rows")" }, share.map { "\(Self.percent($0)) of the rows" }]
        let all = parts.compactMap(\.self)
        return all.isEmpty ? "any number of rows" : all.joined(separator: " and ")
    }

    private static func percent(_ share: Double) -> String {
        JSONValue.number((share * 1e6).rounded() / 1e4).jsonText + "%"
    }
}
