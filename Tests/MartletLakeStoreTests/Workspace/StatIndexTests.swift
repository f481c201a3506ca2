import Foundation
import MartletCore
import MartletLake
import Testing

@testable import MartletLakeStore

/// The index's file: what goes in comes out, damage shows, and fresh stamps are not trusted.
struct StatIndexTests {
    let folder: WorkspaceFolder
    private var path: String { "\(folder.path)/index" }
    private let root = ObjectID(hashing: Array("root".utf8))

    init() throws { folder = try WorkspaceFolder() }

    private func record(_ path: [UInt8], changed: Int64? = 5) -> IndexRecord {
        IndexRecord(
            path: path,
            content: ObjectID(hashing: path),
            size: 12,
            isExecutable: path.count % 2 == 0,
            stamp: changed.map { WorkStamp(size: 12, modified: 3, changed: $0, inode: 7, isExecutable: false) }
        )
    }

    private func write(_ records: [IndexRecord]) throws {
        let writer = try WorkIndexWriter(path: path)
        for record in records { try writer.append(record) }
        try writer.finish(root: root)
    }

    private func read() -> [IndexRecord]? {
        guard let reader = WorkIndexReader(path: path) else { return nil }
        #expect(reader.root == root)
        var records: [IndexRecord] = []
        while reader.next() { records.append(reader.record) }
        return records.count == reader.count ? records : nil
    }

    @Test(arguments: [0, 1, 2, 1_000, 30_000]) func whatGoesInComesOut(_ count: Int) throws {
        var generator = SystemRandomNumberGenerator()
        let paths = Set(
            (0..<count).map { _ in
                (0..<Int.random(in: 1...20, using: &generator)).map { _ in UInt8.random(in: 1...255, using: &generator)
                }
            }
        )
        let records = paths.sorted { $0.lexicographicallyPrecedes($1) }.enumerated().map {
            record($0.element, changed: $0.offset % 3 == 0 ? nil : 5)
        }
        try write(records)
        #expect(read() == records)
        #expect(!FileManager.default.fileExists(atPath: "\(path).new"))
    }

    @Test(arguments: [(9, 9, true), (10, 9, false), (9, 10, false), (11, 11, false), (99, 1, false)])
    func aStampAsYoungAsTheLookIsNotTrusted(_ modified: Int64, _ changed: Int64, _ isTrusted: Bool) {
        let stamp = WorkStamp(size: 1, modified: modified, changed: changed, inode: 1, isExecutable: false)
        #expect((stamp.settled(before: 10) != nil) == isTrusted)
    }

    @Test func everyFlippedByteAndEveryCutShows() throws {
        try write(["a", "ab/c", "ab/d"].map { record(Array($0.utf8)) })
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= 0x10
            try bytes.write(to: URL(fileURLWithPath: path))
            #expect(WorkIndexReader(path: path) == nil, "byte \(place)")
            try whole.prefix(place).write(to: URL(fileURLWithPath: path))
            #expect(WorkIndexReader(path: path) == nil, "cut at \(place)")
        }
        try FileManager.default.removeItem(atPath: path)
        #expect(WorkIndexReader(path: path) == nil)
    }

    @Test func aWriterThatIsGivenUpLeavesTheOldIndex() throws {
        try write([record(Array("a".utf8))])
        do {
            let writer = try WorkIndexWriter(path: path)
            try writer.append(record(Array("b".utf8)))
        }
        #expect(read()?.map(\.path) == [Array("a".utf8)])
        #expect(!FileManager.default.fileExists(atPath: "\(path).new"))
    }

    @Test func pathsThatAreFollowed() {
        var state = WorkspaceState()
        for path in ["data/a", "b", "data", "data/c", "b"] { state.track(Array(path.utf8)) }
        #expect(state.tracked.map { String(decoding: $0, as: UTF8.self) } == ["b", "data"])
        state.track([0xff, 0x20, 0x25])
        let text = JSONText.encode(state)
        #expect(text.contains("%ff%20%25"))
        #expect((try? JSONText.decode(WorkspaceState.self, from: text)) == state)
        state.track([])
        #expect(state.tracked == [[]])
    }

    @Test func keysInAScope() {
        var set = ScopeSet(["a", "b/c"].map { Array($0.utf8) })
        for (key, isWithin) in [
            ("a", true), ("a.b", false), ("a/x", true), ("a/y/z", true), ("b", false), ("b/c", true), ("b/c/d", true),
            ("b/cd", false), ("c", false),
        ] {
            #expect(set.contains(Array(key.utf8)) == isWithin, "\(key)")
        }
        var all = ScopeSet([[]])
        #expect(all.contains([1]) && all.contains(Array("a/b".utf8)))
    }
}
