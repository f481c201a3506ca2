import MartletCore

/// The columns of two tables, matched.
struct DriftColumns: Sendable {
    struct Pair: Hashable, Sendable {
        var reference: TableColumn
        var data: TableColumn
    }

    /// Columns of both whose values compare.
    var pairs: [Pair] = []
    var changes: [SchemaDrift] = []

    /// Matches columns by their exact names, else regardless of case where that is not ambiguous.
    init(reference: [TableColumn], data: [TableColumn], ignoring ignored: Set<String>) {
        let byName = Dictionary(data.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let byCase = Dictionary(grouping: data, by: { $0.name.lowercased() })
        var taken: Set<String> = []
        for column in reference where !ignored.contains(column.name) {
            let alike = byCase[column.name.lowercased()] ?? []
            guard let other = byName[column.name] ?? (alike.count == 1 ? alike[0] : nil), !taken.contains(other.name)
            else {
                changes.append(
                    SchemaDrift(
                        column: column.name,
                        change: .missing,
                        referenceType: column.type,
                        dataType: nil,
                        alarm: true
                    )
                )
                continue
            }
            taken.insert(other.name)
            let compares = Self.family(column.kind) == Self.family(other.kind)
            if compares { pairs.append(Pair(reference: column, data: other)) }
            if column.type != other.type {
                changes.append(
                    SchemaDrift(
                        column: column.name,
                        change: compares ? .typeChanged : .kindChanged,
                        referenceType: column.type,
                        dataType: other.type,
                        alarm: !compares
                    )
                )
            }
        }
        for column in data where !taken.contains(column.name) && !ignored.contains(column.name) {
            changes.append(
                SchemaDrift(
                    column: column.name,
                    change: .added,
                    referenceType: nil,
                    dataType: column.type,
                    alarm: false
                )
            )
        }
    }

    /// Kinds whose values compare with each other's.
    private static func family(_ kind: TableColumn.Kind) -> String {
        switch kind {
        case .integer, .decimal, .floating: "number"
        case .date: "date"
        case .timestamp, .timestampWithZone: "timestamp"
        case .text, .json, .enumeration, .uuid: "text"
        case .boolean, .bytes, .time, .interval, .list, .structure, .map, .other: kind.rawValue
        }
    }
}
