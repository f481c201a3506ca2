import MartletCore

/// About how many distinct strings columns have.
enum Cardinality {
    /// What statistics of files tell of each text column.
    static func known(_ columns: [TableColumn], _ statistics: TableStatistics?) -> [String: Int] {
        var known: [String: Int] = [:]
        for column in columns where column.kind == .text {
            guard let statistics, let most = statistics.columns[column.name]?.distinctAtMost else { continue }
            // Added up over the parts of files, which may hold the same ones: many are few when each occurs often.
            let isFew =
                most <= Limits.dictionaryValues
                || (most <= 10 * Limits.dictionaryValues && most <= statistics.rowCount / 8)
            if isFew { known[column.name] = min(most, Limits.dictionaryValues) }
        }
        return known
    }

    /// The text columns that needs would rather read once per distinct value, and of which nothing is known yet.
    static func wanted(_ needs: [Need], _ columns: [TableColumn], known: [String: Int]) -> [String] {
        var wanted: Set<String> = []
        for need in needs {
            if case .evaluation(let evaluation) = need, let column = evaluation.column { wanted.insert(column) }
            if let column = ScanPlanner.dearColumn(need) { wanted.insert(column) }
        }
        return columns.filter { $0.kind == .text && known[$0.name] == nil && wanted.contains($0.name) }.map(\.name)
    }

    /// A query that counts distinct values among the first rows, which come first.
    static func sample(_ columns: [String], _ relation: String, _ dialect: SQLDialect) -> String {
        let names = columns.map(dialect.identifier)
        let counts = ["count(*)"] + names.map { "count(DISTINCT \($0))" }
        return "SELECT \(counts.joined(separator: ", ")) FROM (SELECT \(names.joined(separator: ", ")) FROM \(relation)"
            + " LIMIT \(Limits.dictionarySampleRows)) AS sampled"
    }

    /// How many equally common values most likely show `distinct` of them among `rows`.
    static func estimate(distinct: Int, rows: Int) -> Int {
        guard rows > 0, distinct > 0 else { return 0 }
        guard distinct < rows else { return .max }
        var (low, high) = (Double(distinct), Double(rows) * Double(rows))
        for _ in 0..<64 {
            let middle = (low + high) / 2
            // Of D equally common values, D·(1 − e^(−n/D)) show among n.
            if middle * (1 - Divergence.exponential(-Double(rows) / middle)) < Double(distinct) {
                low = middle
            } else {
                high = middle
            }
        }
        return Int(high.rounded(.up))
    }
}
