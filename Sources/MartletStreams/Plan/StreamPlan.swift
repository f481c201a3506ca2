import Crypto
import FoundationEssentials
package import MartletCore

/// A definition that was checked, ready to run.
package struct StreamPlan: Sendable {
    /// One aggregate with what it is computed of.
    struct Aggregate: Hashable, Sendable {
        var name: String
        var function: AggregateFunction
        /// Nil for a count of records.
        var input: TypedExpression?
        var result: StreamType
    }

    /// The windows, as numbers.
    enum Windows: Hashable, Sendable {
        case slices(SliceLayout)
        /// Microseconds.
        case sessions(gap: Int64)
    }

    /// The definition.
    package let definition: StreamDefinition
    /// All columns that a batch has after the derived ones were added.
    package let fields: [StreamField]
    let timeColumn: Int?
    let derived: [TypedExpression]
    let filter: TypedExpression?
    let keyColumns: [Int]
    /// What tells a record from repeated ones; empty when they are not left out.
    let identityColumns: [Int]
    let aggregates: [Aggregate]
    let windows: Windows?
    let lateness: Int64
    let lateBy: LatenessRule
    let emit: EmitMode
    let retracts: Bool
    /// The SHA-256 of the definition: a checkpoint of another definition is not restored.
    package let fingerprint: [UInt8]

    /// The columns of a result: the key, and the aggregates.
    package var resultFields: (key: [StreamField], values: [StreamField]) {
        (keyColumns.map { fields[$0] }, aggregates.map { StreamField($0.name, $0.result) })
    }

    /// Checks a definition.
    ///
    /// - Throws: ``MartletError`` MT6030 for settings that make no sense, MT6031 and MT6032 for expressions.
    package init(_ definition: StreamDefinition) throws(MartletError) {
        let checks = DefinitionChecks(definition)
        try checks.checkNames()
        try checks.checkSpans()
        self.definition = definition
        timeColumn = try checks.timeColumn()
        var fields = definition.source.fields
        var derived = [TypedExpression]()
        for column in definition.derived ?? [] {
            let typed = try checks.compile(column.expression, of: "column \(column.name)", over: fields)
            if typed.kind == .interval {
                throw checks.error("column \(column.name) is an interval", "use seconds(...) to make it a number")
            }
            derived.append(typed)
            fields.append(StreamField(column.name, typed.type))
        }
        self.fields = fields
        self.derived = derived
        filter = try checks.filter(over: fields)
        keyColumns = try checks.columns(definition.key, "its key", of: fields)
        identityColumns = try checks.columns(definition.deduplicate?.by ?? [], "its identity", of: fields)
        aggregates = try checks.aggregates(over: fields)
        windows = try checks.windows()
        lateness = definition.allowedLateness?.microseconds ?? 0
        lateBy = definition.lateBy ?? .partition
        emit = definition.emit ?? .final
        retracts = definition.retracts ?? false
        fingerprint = Self.fingerprint(of: definition)
    }

    /// The digest of the definition as JSON with sorted keys.
    private static func fingerprint(of definition: StreamDefinition) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A definition is texts, numbers and lists of them, which always encode.
        let text = (try? encoder.encode(definition)) ?? Data()
        return Array(SHA256.hash(data: text))
    }

    func makeSeenKeys() -> SeenKeys? {
        guard let span = definition.deduplicate?.within.microseconds else { return nil }
        let length: Int64 =
            switch windows {
            case .slices(let layout): layout.size
            case .sessions(let gap): gap
            case nil: 0
            }
        return SeenKeys(span: span, tail: lateness + length)
    }

    func makeStates() -> [AggregateState] { aggregates.map { $0.function.makeState($0.input?.type) } }
}
