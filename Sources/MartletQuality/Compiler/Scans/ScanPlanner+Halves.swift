import MartletCore

/// Finding out which need makes a shared query fail.
extension ScanPlanner {
    /// `scan` as two with half its needs each; empty when it serves one.
    func halves(_ scan: Scan) -> [Scan] {
        guard scan.needs.count > 1 else { return [] }
        let middle = scan.needs.count / 2
        return [Array(scan.needs.prefix(middle)), Array(scan.needs.dropFirst(middle))].map { needs in
            switch scan.kind {
            case .dictionary:
                dictionary(needs.compactMap(Self.dearOrReadColumn).first ?? "", needs)
            case .probe:
                Scan(kind: .probe, needs: needs, sql: "SELECT " + needs.map(probed).joined(separator: ", "))
            default: fused(needs)
            }
        }
    }

    private static func dearOrReadColumn(_ need: Need) -> String? {
        switch need {
        case .scalar(let scalar): scalar.column
        case .groups(let groups): groups.column
        default: nil
        }
    }

    private func probed(_ need: Need) -> String { if case .probe(let text) = need { text } else { "NULL" } }
}

extension MartletError {
    /// The failure of a query that serves checks.
    static func scanFailed(_ scan: Scan, _ error: MartletError) -> MartletError {
        let remedy =
            switch scan.kind {
            case .rows: "run the query by itself to see where it fails"
            default: "see whether the column's type and values fit the expectation; --explain shows the query"
            }
        return MartletError(
            .checkQueryFailed,
            "the query that serves this check failed: \(error.message)",
            reason: error.reason,
            remedy: error.remedy ?? remedy,
            cause: error.cause
        )
    }
}
