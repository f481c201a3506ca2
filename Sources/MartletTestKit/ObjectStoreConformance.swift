internal import Foundation
public import MartletCore
import Testing

/// What every store of objects does.
///
/// Each case is one behaviour; a test runs them all on the fake and on each adapter.
public enum ObjectStoreConformance: String, CaseIterable, Sendable {
    case keepsWhatIsWritten
    case knowsNothingOfOthers
    case readsRanges
    case listsByPrefixInOrder
    case replaces
    case writesIfAbsent
    case writesIfItMatches
    case letsOneOfManyWin
    case sendsAndFetchesFiles
    case removes

    /// Checks the behaviour of an empty store, with an empty folder for files.
    ///
    /// - Throws: when something that the check itself needs fails.
    public func check(_ store: some ObjectStore, folder: String) async throws {
        switch self {
        case .keepsWhatIsWritten:
            for size in [0, 1, 70_000] {
                let bytes = Self.bytes(size)
                let tag = try await store.write(bytes, to: "a/b%2F\(size)", if: .always)
                let read = try await store.read("a/b%2F\(size)", range: nil)
                #expect(read?.bytes == bytes)
                #expect(read?.tag == tag)
            }
        case .knowsNothingOfOthers:
            #expect(try await store.read("none", range: nil) == nil)
            #expect(try await store.list(prefix: "") == [])
            #expect(try await !store.fetch("none", into: folder + "/none") { _ in })
            try await store.remove("none")
        case .readsRanges:
            let bytes = Self.bytes(1_000)
            try await store.write(bytes, to: "x", if: .always)
            for range in [0..<10, 990..<1_000, 5..<5, 900..<2_000, 2_000..<3_000] {
                let read = try await store.read("x", range: range)
                #expect(read?.bytes == Array(bytes[range.clamped(to: 0..<1_000)]))
            }
        case .listsByPrefixInOrder:
            for name in ["b/2", "a/1", "b/10", "b/1", "bc", "b-1/x"] {
                try await store.write(Self.bytes(name.count), to: name, if: .always)
            }
            #expect(try await store.list(prefix: "b/").map(\.name) == ["b/1", "b/10", "b/2"])
            #expect(try await store.list(prefix: "b/1").map(\.size) == [3, 4])
            #expect(try await store.list(prefix: "b").map(\.name) == ["b-1/x", "b/1", "b/10", "b/2", "bc"])
            #expect(try await store.list(prefix: "c") == [])
        case .replaces:
            let first = try await store.write([1], to: "x", if: .always)
            let second = try await store.write([2], to: "x", if: .always)
            #expect(first != second)
            #expect(try await store.read("x", range: nil)?.bytes == [2])
        case .writesIfAbsent:
            try await store.write([1], to: "x", if: .ifAbsent)
            let error = await #expect(throws: MartletError.self) { try await store.write([2], to: "x", if: .ifAbsent) }
            #expect(error?.code == .objectConditionFailed)
            #expect(try await store.read("x", range: nil)?.bytes == [1])
        case .writesIfItMatches:
            let first = try await store.write([1], to: "x", if: .always)
            let second = try await store.write([2], to: "x", if: .ifMatches(first))
            for (name, tag) in [("x", first), ("none", second)] {
                let error = await #expect(throws: MartletError.self) {
                    try await store.write([3], to: name, if: .ifMatches(tag))
                }
                #expect(error?.code == .objectConditionFailed)
            }
            #expect(try await store.read("x", range: nil)?.bytes == [2])
        case .letsOneOfManyWin:
            let winners = await withTaskGroup(of: Bool.self) { group in
                for number in UInt8(0)..<8 {
                    group.addTask { (try? await store.write([number], to: "x", if: .ifAbsent)) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(winners == 1)
        case .sendsAndFetchesFiles:
            let bytes = Self.bytes(3_000_000)
            try Data(bytes).write(to: URL(fileURLWithPath: folder + "/in"))
            try await store.send(folder + "/in", to: "packs/x") { _ in }
            #expect(try await store.list(prefix: "packs/").map(\.size) == [bytes.count])
            #expect(try await store.fetch("packs/x", into: folder + "/out") { _ in })
            #expect(FileManager.default.contents(atPath: folder + "/out") == Data(bytes))
            // The rest of a file that an earlier try began.
            try Data(bytes.prefix(1_000_000)).write(to: URL(fileURLWithPath: folder + "/half"))
            #expect(try await store.fetch("packs/x", into: folder + "/half") { _ in })
            #expect(FileManager.default.contents(atPath: folder + "/half") == Data(bytes))
        case .removes:
            try await store.write([1], to: "x", if: .always)
            try await store.remove("x")
            try await store.remove("x")
            #expect(try await store.read("x", range: nil) == nil)
            #expect(try await store.list(prefix: "") == [])
        }
    }

    private static func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    }
}
