import Foundation
import MartletCore
import Testing

@testable import MartletSpark

@Suite struct EventLogFilesTests {
    private static let orders: [(names: [String], expected: [String])] = [
        // Ten after nine, not after one.
        (["appstatus_a", "events_10_a", "events_9_a", "events_1_a"], ["events_1_a", "events_9_a", "events_10_a"]),
        (["events_2_a.zstd", "events_1_a.zstd"], ["events_1_a.zstd", "events_2_a.zstd"]),
        // A compacted file stands for itself and all before.
        (
            ["events_1_a", "events_2_a", "events_2_a.compact", "events_3_a"],
            ["events_2_a.compact", "events_3_a"]
        ),
        (
            ["events_2_a.zstd.compact", "events_5_a.zstd.compact", "events_6_a.zstd"],
            ["events_5_a.zstd.compact", "events_6_a.zstd"]
        ),
        (["events_x_a", ".events_1_a.crc", "events_1_a"], ["events_1_a"]),
    ]

    @Test(arguments: orders)
    func order(_ names: [String], _ expected: [String]) throws {
        let files = try #require(EventLogFiles.ordered(names, in: "/f"))
        #expect(files.paths == expected.map { "/f/\($0)" })
    }

    @Test func gapsAndUnfinishedLogsAreTold() throws {
        let files = try #require(
            EventLogFiles.ordered(["events_1_a", "events_4_a", "appstatus_a.inprogress"], in: "/f")
        )
        #expect(files.missing == [2, 3])
        #expect(files.isInProgress)
        let compacted = try #require(
            EventLogFiles.ordered(["events_3_a.compact", "events_5_a", "appstatus_a"], in: "/f")
        )
        #expect(compacted.missing == [4])
        #expect(!compacted.isInProgress)
        #expect(EventLogFiles.ordered(["appstatus_a", "events_"], in: "/f") == nil)
        // Numbers that cannot be counted on from.
        let absurd = "events_\(Int.max)_a.compact"
        #expect(EventLogFiles.ordered([absurd], in: "/f") == nil)
        #expect(EventLogFiles.ordered([absurd, "events_1_a"], in: "/f")?.paths == ["/f/events_1_a"])
        #expect(EventLogFiles.ordered(["events_999999999999999_a.compact"], in: "/f")?.missing == [])
    }

    private static let codecs: [(name: String, codec: EventLogCodec?)] = [
        ("events_1_app.zstd.compact", EventLogCodec.zstd), ("app-1.lz4.inprogress", .lz4), ("app-1.zst", .zstd),
        ("app-1.snappy", .snappy), ("app-1.lzf", .lzf), ("local-17.5", nil), ("app", nil),
    ]

    @Test(arguments: codecs)
    func codecOfName(_ name: String, _ codec: EventLogCodec?) {
        #expect(EventLogCodec(fileName: name) == codec)
    }

    @Test func aFolderOfLogsIsNoLog() throws {
        try SparkFixture.withFolder { folder in
            #expect(throws: MartletError.self) { try EventLogFiles.find(folder) }
            for name in ["app-1", "app-2"] { try Data("x".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
            let error = try #require(throws: MartletError.self) { try EventLogFiles.find(folder) }
            #expect(error.code == .sparkLogMissing)
            #expect(error.reason == "app-1\napp-2")
            try FileManager.default.removeItem(atPath: "\(folder)/app-2")
            #expect(try EventLogFiles.find(folder).paths == ["\(folder)/app-1"])
        }
        #expect(throws: MartletError.self) { try EventLogReader.read("/nowhere/at/all") }
    }

    /// Vectors as Python's xxhash and `xxhsum` print them.
    private static let hashes: [(text: String, seed: UInt32, expected: UInt32)] = [
        ("", 0, 0x02CC_5D05), ("a", 0, 0x550D_7456), ("abc", 0, 0x32D1_53FF),
        ("Nobody inspects the spammish repetition", 0, 0xE229_3B2F),
    ]

    @Test(arguments: hashes)
    func xxHash32(_ text: String, _ seed: UInt32, _ expected: UInt32) {
        Array(text.utf8).withUnsafeBytes { #expect(XXHash32.hash($0, seed: seed) == expected) }
    }
}
