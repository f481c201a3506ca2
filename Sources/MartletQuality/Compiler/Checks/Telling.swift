import MartletCore

/// How failing rows become the values and places of an outcome.
struct Telling: Sendable {
    let scope: CheckScope
    let test: RowTest
    /// The index columns of the format.
    let places: [CheckColumn]

    /// What the number of a row is called.
    static let rowNumber = "martlet row"

    /// Whether places are told: where index columns are named, and in the semantics of pandas, which numbers rows.
    var tellsPlaces: Bool { !places.isEmpty || scope.semantics == .pandas }
    /// Whether rows have to be numbered.
    var numbersRows: Bool { places.isEmpty && scope.semantics == .pandas }

    private var isEvaluated: Bool { if case .evaluated = test.unexpected { true } else { false } }

    /// Most rows that are fetched.
    var limit: Int {
        let format = scope.format
        let values =
            format.level == .complete ? Self.completeValues : min(format.partialUnexpectedCount, Self.completeValues)
        let rows = format.includesUnexpectedRows ? Limits.unexpectedWholeRows : 0
        let numbers = format.level == .complete && tellsPlaces && scope.semantics == .pandas
        return max(values, rows, numbers ? Limits.unexpectedPlaces : 0)
    }

    /// Most unexpected values that a complete result lists, as in Great Expectations.
    static let completeValues = 200

    /// What is selected: the tested values, the places, whole rows last.
    var selected: [String] {
        var selected = isEvaluated ? [] : test.values.map(\.sql)
        selected += places.map(\.sql)
        if numbersRows { selected.append(scope.dialect.identifier(Self.rowNumber)) }
        if scope.format.includesUnexpectedRows { selected += scope.columns.map { scope.dialect.identifier($0.name) } }
        return selected
    }

    /// `outcome` with what `rows` tell.
    func completed(_ outcome: CheckOutcome, _ counts: RowCounts, _ rows: [[SQLValue]]) -> CheckOutcome {
        var (outcome, counts) = (outcome, counts)
        let format = scope.format
        let valueLimit = format.level == .complete ? Self.completeValues : format.partialUnexpectedCount
        let width = test.values.count
        if !format.excludesValues {
            counts.unexpectedValues = rows.prefix(valueLimit).map { value(Array($0.prefix(width))) }
        }
        if tellsPlaces {
            let placeLimit = format.level == .complete && scope.semantics == .pandas ? rows.count : valueLimit
            counts.unexpectedIndex = rows.prefix(placeLimit).map { place($0) }
        }
        if format.includesUnexpectedRows {
            counts.unexpectedRows = rows.prefix(Limits.unexpectedWholeRows).map { row in
                .object(
                    Dictionary(
                        zip(scope.columns.map(\.name), row.suffix(scope.columns.count).map(ValueJSON.json)),
                        uniquingKeysWith: { first, _ in first }
                    )
                )
            }
        }
        outcome.observation = .counts(counts)
        return outcome
    }

    private func value(_ values: [SQLValue]) -> JSONValue {
        let values = values.map(ValueJSON.json)
        switch test.shape {
        case .scalar: return values.first ?? .null
        case .pair: return .array(values)
        case .object: return object(values)
        }
    }

    private func object(_ values: [JSONValue]) -> JSONValue {
        .object(Dictionary(zip(test.values.map(\.name), values), uniquingKeysWith: { first, _ in first }))
    }

    private func place(_ row: [SQLValue]) -> JSONValue {
        let width = test.values.count
        guard !places.isEmpty else { return row.count > width ? ValueJSON.json(row[width]) : .null }
        var members = zip(places, row.dropFirst(width)).map { ($0.name, ValueJSON.json($1)) }
        if !scope.format.excludesValues { members += zip(test.values, row).map { ($0.name, ValueJSON.json($1)) } }
        return .object(Dictionary(members, uniquingKeysWith: { _, last in last }))
    }
}
