import Foundation
import GRDB
import MartletCore

/// A row of `martlet_streams`.
struct StoredCut {
    var epoch: Int64
    var number: Int64
    /// Nil when the row cannot be read.
    var cut: StreamCut?

    /// One partition's offset, as JSON.
    private struct Place: Codable {
        var topic: String
        var partition: Int32
        var offset: Int64
    }

    /// The row of a stream; nil when it has none.
    static func read(_ db: Database, _ stream: String) throws -> StoredCut? {
        let sql = "SELECT epoch, number, offsets, state FROM martlet_streams WHERE stream = ?"
        let rows = try Row.fetchCursor(db, sql: sql, arguments: [stream])
        guard let row = try rows.next() else { return nil }
        let state = try row.withUnsafeData(atIndex: 3) { data in data.map { [UInt8]($0) } }
        let number: Int64 = row[1]
        let places = try? JSONDecoder().decode([Place].self, from: Data((row[2] as String? ?? "").utf8))
        var cut: StreamCut?
        if let state, let places {
            let offsets = places.map { (TopicPartition($0.topic, $0.partition), $0.offset) }
            cut = StreamCut(number: number, offsets: Dictionary(offsets) { $1 }, state: state)
        }
        return StoredCut(epoch: row[0], number: number, cut: cut)
    }

    /// Offsets as they are kept, ordered.
    static func text(_ offsets: [TopicPartition: Int64]) -> String {
        JSONText.encode(
            offsets.sorted { $0.key < $1.key }
                .map { Place(topic: $0.key.topic, partition: $0.key.partition, offset: $0.value) }
        )
    }
}
