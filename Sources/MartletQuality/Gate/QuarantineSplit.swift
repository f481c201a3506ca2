public import MartletCore

/// The SQL that tells good rows from those to be put aside, each with all that is wrong with it.
///
/// A row is bad when any check of single rows does not hold for it, whatever share of bad rows the check would allow
/// (`mostly`); checks of severity `info` count no row as bad.
public struct QuarantineSplit: Hashable, Sendable {
    /// A check of single rows.
    public struct Reason: Hashable, Sendable {
        /// What the check is called.
        public var check: String
        /// The columns it is about.
        public var columns: [String]
        /// A condition that is true for rows that are not as expected, and never null.
        public var unexpected: String

        /// A check of single rows by its condition.
        public init(check: String, columns: [String], unexpected: String) {
            self.check = check
            self.columns = columns
            self.unexpected = unexpected
        }
    }

    /// The checks, at least one.
    public var reasons: [Reason]
    /// The table's columns.
    public var columns: [TableColumn]
    /// Columns whose values are not told in reasons.
    public var masked: Set<String>
    /// The run, which each reason names.
    public var run: String

    /// A split by these checks.
    public init(reasons: [Reason], columns: [TableColumn], masked: Set<String> = [], run: String) {
        self.reasons = reasons
        self.columns = columns
        self.masked = masked
        self.run = run
    }

    /// The column that takes the reasons; longer than usual when the table has one of that name.
    public var reasonColumn: String {
        let taken = Set(columns.map { $0.name.lowercased() })
        var name = QuarantineSpec.reasonColumn
        while taken.contains(name) { name += "_" }
        return name
    }

    /// All rows of `relation` with one more column: a JSON array of reasons, or null for a good row.
    ///
    /// Every condition is worked out once.
    public func flagged(_ relation: String) -> String {
        let entries = reasons.map { reason in
            "CASE WHEN \(reason.unexpected) THEN \(object(reason)) END"
        }
        let column = Self.identifier(reasonColumn)
        // Nulls are passed over, so that a good row's text is empty.
        let text = "nullif(array_to_string([\(entries.joined(separator: ", "))], ', '), '')"
        return "SELECT *, '[' || \(text) || ']' AS \(column) FROM \(relation)"
    }

    /// The good rows of what ``flagged(_:)`` gave.
    public func good(of flagged: String) -> String {
        let column = Self.identifier(reasonColumn)
        return "SELECT * EXCLUDE (\(column)) FROM \(flagged) WHERE \(column) IS NULL"
    }

    /// The bad rows of what ``flagged(_:)`` gave.
    public func bad(of flagged: String) -> String {
        "SELECT * FROM \(flagged) WHERE \(Self.identifier(reasonColumn)) IS NOT NULL"
    }

    /// How many rows there are, and how many of them are bad.
    public func counts(of flagged: String) -> String {
        "SELECT count(*), count(\(Self.identifier(reasonColumn))) FROM \(flagged)"
    }

    /// A JSON object that names the check, the run and the values.
    private func object(_ reason: Reason) -> String {
        let head = JSONValue.object(["check": .string(reason.check), "run": .string(run)]).jsonText
        let values = reason.columns.map { name -> String in
            let key = JSONValue.string(name).jsonText
            if masked.contains(name) { return Self.literal("\(key): \"***\"") }
            return "\(Self.literal("\(key): ")) || coalesce(\(value(of: name)), 'null')"
        }
        if values.isEmpty { return Self.literal(head) }
        let start = Self.literal(head.dropLast() + ", \"values\": {")
        return ([start] + [values.joined(separator: " || ', ' || ")] + [Self.literal("}}")]).joined(separator: " || ")
    }

    /// A column's value as JSON, which has no word for what is not finite.
    private func value(of name: String) -> String {
        let column = Self.identifier(name)
        let kind = columns.first { $0.name == name }?.kind
        if kind != .floating { return "to_json(\(column))::VARCHAR" }
        return "CASE WHEN isfinite(\(column)) THEN to_json(\(column))::VARCHAR ELSE '\"' || \(column) || '\"' END"
    }

    private static func identifier(_ name: String) -> String {
        "\"\(name.replacing("\"", with: "\"\""))\""
    }

    private static func literal(_ text: some StringProtocol) -> String {
        "'\(String(text).replacing("'", with: "''"))'"
    }
}
