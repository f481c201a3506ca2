import MartletCore
import Synchronization

/// Compares the keys of two tables by 63-bit hashes of their text.
///
/// Hashes are compared in parts that fit into memory; a part is a scan of the key's columns. Among ten million keys the
/// chance that two share a hash is one in a hundred thousand.
struct KeyComparison {
    let left: TableScan
    let right: TableScan
    let columns: (left: [TableColumn], right: [TableColumn])

    /// Counts keys of both sides.
    ///
    /// - Parameters:
    ///   - rows: how many rows the larger side has.
    ///   - leastKept: the share of the reference's keys that the data has to keep.
    /// - Returns: the counts and the verdict.
    /// - Throws: as `TableSession.query(_:)` does.
    func drift(rows: Int, leastKept: Double?) async throws(MartletError) -> KeyDrift {
        let parts = rows / Limits.comparedKeys + 1
        var drift = KeyDrift(
            columns: columns.left.map(\.name),
            reference: 0,
            data: 0,
            common: 0,
            referenceDuplicates: 0,
            dataDuplicates: 0,
            threshold: leastKept,
            alarm: false
        )
        for part in 0..<parts {
            let reference = try await Self.keys(left, columns.left, part: part, of: parts)
            let data = try await Self.keys(right, columns.right, part: part, of: parts)
            drift.reference += reference.keys.count
            drift.data += data.keys.count
            drift.referenceDuplicates += reference.duplicates
            drift.dataDuplicates += data.duplicates
            drift.common += Self.common(reference.keys.sorted(), data.keys.sorted())
        }
        if let leastKept { drift.alarm = drift.kept < leastKept }
        return drift
    }

    private struct Keys: Sendable {
        var keys: [Int64] = []
        var duplicates = 0
    }

    private static func keys(
        _ scan: TableScan,
        _ columns: [TableColumn],
        part: Int,
        of parts: Int
    ) async throws(MartletError) -> Keys {
        let names = columns.map { ScanSQL.name($0.name) }
        let present = names.map { "\($0) IS NOT NULL" }.joined(separator: " AND ")
        let hash = "(hash(\(names.map { "\($0)::VARCHAR" }.joined(separator: ", "))) >> 1)::BIGINT"
        let keys = Box()
        try await scan.stream(
            "SELECT h, count(*) FROM (SELECT \(hash) AS h FROM \(scan.session.relation) WHERE \(present))"
                + " WHERE h % \(parts) = \(part) GROUP BY h"
        ) { rows in keys.add(rows.rows) }
        return keys.all
    }

    /// Takes the pieces of a stream, which may come on any thread.
    private final class Box: Sendable {
        private let keys = Mutex(Keys())

        var all: Keys { keys.withLock { $0 } }

        func add(_ rows: [[SQLValue]]) {
            keys.withLock { keys in
                for row in rows {
                    guard case .integer(let hash) = row[0], let count = row[1].count else { continue }
                    keys.keys.append(hash)
                    if count > 1 { keys.duplicates += count }
                }
            }
        }
    }

    /// How many numbers two ascending lists without repetitions share.
    static func common(_ left: [Int64], _ right: [Int64]) -> Int {
        var count = 0
        var place = 0
        for number in left {
            while place < right.count, right[place] < number { place += 1 }
            if place < right.count, right[place] == number { count += 1 }
        }
        return count
    }
}
