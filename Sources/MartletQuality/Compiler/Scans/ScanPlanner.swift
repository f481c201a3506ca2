import MartletCore

/// Puts needs into as few queries as possible.
struct ScanPlanner: Sendable {
    let relation: String
    let dialect: SQLDialect
    /// By name.
    let columns: [String: TableColumn]
    let statistics: TableStatistics?
    /// About how many distinct strings a column has, where that is known.
    let cardinalities: [String: Int]
    /// Ranges in which values at places most likely are, in the order of the places.
    var brackets: [RankNeed: [RankBracket]] = [:]

    /// The queries that meet `needs`.
    func scans(_ needs: [Need]) -> [Scan] {
        let dictionaries = dictionaryColumns(needs)
        var fused: [Need] = []
        var probes: [Need] = []
        var byColumn: [String: [Need]] = [:]
        var order: [String] = []
        var others: [Scan] = []
        for need in needs {
            switch need {
            case .scalar(let scalar):
                if let column = scalar.column, dictionaries.contains(column) {
                    if byColumn[column] == nil { order.append(column) }
                    byColumn[column, default: []].append(need)
                } else {
                    fused.append(need)
                }
            case .groups(let groups):
                if let column = groups.column, dictionaries.contains(column) {
                    if byColumn[column] == nil { order.append(column) }
                    byColumn[column, default: []].append(need)
                } else if bitmap(groups) != nil {
                    fused.append(need)
                } else {
                    others.append(self.groups(groups))
                }
            case .ranks(let ranks):
                if brackets[ranks] != nil { fused.append(need) } else { others.append(self.ranks(ranks)) }
            case .rows(let rows): others.append(Scan(kind: .rows, needs: [need], sql: rows.sql))
            case .evaluation(let evaluation): others.append(self.evaluation(evaluation))
            case .probe: probes.append(need)
            }
        }
        return split(probes).map {
            Scan(kind: .probe, needs: $0, sql: "SELECT " + $0.map(probeText).joined(separator: ", "))
        }
            + split(fused).map(self.fused) + order.map { dictionary($0, byColumn[$0] ?? []) } + others
    }

    /// Text columns that are worth a pass over their distinct values.
    private func dictionaryColumns(_ needs: [Need]) -> Set<String> {
        var wanted: Set<String> = []
        for need in needs { if let column = Self.dearColumn(need) { wanted.insert(column) } }
        return wanted.filter { isSmall($0) }
    }

    /// The text column that a need would rather read once per distinct value.
    static func dearColumn(_ need: Need) -> String? {
        switch need {
        case .scalar(let scalar): scalar.isDear ? scalar.column : nil
        case .groups(let groups): groups.column
        default: nil
        }
    }

    private func isSmall(_ name: String) -> Bool {
        guard columns[name]?.kind == .text, let count = cardinalities[name] else {
            return false
        }
        return count <= Limits.dictionaryValues
    }

    /// Needs in pieces that one query can take.
    private func split(_ needs: [Need]) -> [[Need]] {
        var pieces: [[Need]] = []
        var bytes = 0
        for need in needs {
            let size = size(need)
            if var last = pieces.last, last.count < Limits.aggregatesPerScan, bytes + size <= Limits.scanTextBytes {
                last.append(need)
                pieces[pieces.count - 1] = last
                bytes += size
            } else {
                pieces.append([need])
                bytes = size
            }
        }
        return pieces
    }

    private func size(_ need: Need) -> Int {
        if case .probe(let text) = need { return text.utf8.count }
        return expression(need).utf8.count
    }

    private func probeText(_ need: Need) -> String { if case .probe(let text) = need { text } else { "NULL" } }
}
