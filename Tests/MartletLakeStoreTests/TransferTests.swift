import Foundation
import MartletCore
import MartletLake
import Testing

@testable import MartletLakeStore

struct TransferTests {
    @Test func whatIsPushedCanBeCloned() async throws {
        let scratch = try Scratch()
        let lake = try scratch.lake("one")
        let store = FolderObjectStore(scratch.path + "/store")
        var random = SplitMix64(seed: 1)
        let content = random.bytes(300_000)
        let first = try lake.commit(["a": content, "b/c": [1]], at: 1)
        let transfer = Transfer(lake, store)
        let pushed = try await transfer.push([.branch(.main)], by: "ada", at: instant(2))
        #expect(pushed.refs.map(\.outcome) == [.created])
        let (copy, _) = try await Transfer.clone(store, into: scratch.path + "/two", by: "bob", at: instant(3))
        #expect(copy.refs.branch(.main) == first)
        #expect(try copy.file("a", in: first) == content)
        #expect(try copy.verify().isSound)

        // What follows costs what is new.
        let second = try lake.commit(["b/d": [2]], at: 4)
        let again = try await transfer.push([.branch(.main)], by: "ada", at: instant(5))
        #expect(again.refs.map(\.outcome) == [.moved])
        #expect(again.bytes < 10_000)
        #expect(try await transfer.push([.branch(.main)], by: "ada", at: instant(6)).refs.map(\.outcome) == [.upToDate])
        let pulled = try await Transfer(copy, store).pull(by: "bob", at: instant(7))
        #expect(pulled.refs.map(\.outcome) == [.moved])
        #expect(copy.refs.branch(.main) == second)
        #expect(try copy.file("b/d", in: second) == [2])
        #expect(try await Transfer(copy, store).pull(by: "bob", at: instant(8)).packs == 0)
    }

    @Test func commitsOfOthersAreNotCutOff() async throws {
        let scratch = try Scratch()
        let store = FolderObjectStore(scratch.path + "/store")
        let ada = try scratch.lake("ada")
        try ada.commit(["a": [1]], at: 1)
        _ = try await Transfer(ada, store).push([.branch(.main)], by: "ada", at: instant(1))
        let bob = try await Transfer.clone(store, into: scratch.path + "/bob", by: "bob", at: instant(1)).lake
        let theirs = try ada.commit(["a": [2]], at: 2)
        let ours = try bob.commit(["a": [3]], at: 3)
        _ = try await Transfer(ada, store).push([.branch(.main)], by: "ada", at: instant(2))
        let error = await #expect(throws: MartletError.self) {
            try await Transfer(bob, store).push([.branch(.main)], by: "bob", at: instant(3))
        }
        #expect(error?.code == .pushNotFastForward)
        let pulled = try await Transfer(bob, store).pull(by: "bob", at: instant(4))
        #expect(pulled.refs.map(\.outcome) == [.diverged])
        #expect(bob.refs.branch(.main) == ours)
        #expect(try bob.refs.head(of: .remote("origin", .main)) == theirs)
        let forced = try await Transfer(bob, store).push([.branch(.main)], force: true, by: "bob", at: instant(5))
        #expect(forced.refs.map(\.outcome) == [.forced])
        let refused = try await Transfer(ada, store).pull(by: "ada", at: instant(6))
        #expect(refused.refs.map(\.outcome) == [.diverged])
    }

    @Test func onlyWhatIsWantedGoes() async throws {
        let scratch = try Scratch()
        let lake = try scratch.lake("one")
        let store = FolderObjectStore(scratch.path + "/store")
        var random = SplitMix64(seed: 2)
        // One pack with much that no commit has.
        let wanted = random.bytes(1_000)
        try lake.write { writer throws(MartletError) in
            for _ in 0..<20 { _ = try writer.put(random.bytes(100_000), as: .data) }
            _ = try writer.put(wanted, as: .data)
        }
        let commit = try lake.commit(["a": wanted], at: 1)
        let report = try await Transfer(lake, store).push([.branch(.main)], by: "ada", at: instant(1))
        #expect(report.bytes < 20_000)
        let copy = try await Transfer.clone(store, into: scratch.path + "/two", by: "bob", at: instant(2)).lake
        #expect(try copy.file("a", in: commit) == wanted)
        // A copy that has it in other packs is not sent it again.
        #expect(try await Transfer(lake, store).pull(by: "ada", at: instant(3)).packs == 0)
        try lake.commit(["b": [1]], at: 4)
        #expect(try await Transfer(lake, store).push([.branch(.main)], by: "ada", at: instant(4)).bytes < 5_000)
    }

    @Test func aCutOffTransferGoesOn() async throws {
        let scratch = try Scratch()
        let lake = try scratch.lake("one")
        let store = FolderObjectStore(scratch.path + "/store")
        var random = SplitMix64(seed: 3)
        for number in 0..<5 { try lake.commit(["\(number)": random.bytes(700_000)], at: number) }
        let head = try #require(lake.refs.branch(.main))
        for failing in 1..<20 {
            let flaky = FlakyStore(store, failingAt: failing)
            _ = try? await Transfer(lake, flaky).push([.branch(.main)], by: "ada", at: instant(9))
        }
        _ = try await Transfer(lake, store).push([.branch(.main)], by: "ada", at: instant(9))
        for failing in 1..<20 {
            let flaky = FlakyStore(store, failingAt: failing)
            _ = try? await Transfer.clone(flaky, into: scratch.path + "/two", by: "bob", at: instant(10))
        }
        let copy = try await Transfer.clone(store, into: scratch.path + "/two", by: "bob", at: instant(11)).lake
        #expect(copy.refs.branch(.main) == head)
        #expect(try copy.verify().isSound)
    }

    @Test func damageOfTheOtherSideIsNotTakenIn() async throws {
        let scratch = try Scratch()
        let lake = try scratch.lake("one")
        let store = FolderObjectStore(scratch.path + "/store")
        var random = SplitMix64(seed: 4)
        try lake.commit(["a": random.bytes(10_000)])
        _ = try await Transfer(lake, store).push([.branch(.main)], by: "ada", at: instant())
        let pack = "store/packs/" + (try #require(scratch.names(in: "store/packs").first { !$0.hasPrefix(".") }))
        var bytes = try scratch.read(pack)
        bytes[5_000] ^= 1
        try scratch.write(bytes, to: pack)
        let error = await #expect(throws: MartletError.self) {
            _ = try await Transfer.clone(store, into: scratch.path + "/two", by: "bob", at: instant())
        }
        #expect(error?.code == .lakeDamaged)
        let missing = await #expect(throws: MartletError.self) {
            let none = FolderObjectStore(scratch.path + "/none")
            _ = try await Transfer.clone(none, into: scratch.path + "/three", by: "bob", at: instant())
        }
        #expect(missing?.code == .lakeNotFound)
    }
}

/// A store whose n-th call fails, a fetch after half of its bytes.
private final class FlakyStore: ObjectStore, @unchecked Sendable {
    // Sendable: the count is guarded by its lock.
    private let store: FolderObjectStore
    private let lock = NSLock()
    private var left: Int

    init(_ store: FolderObjectStore, failingAt call: Int) {
        self.store = store
        left = call
    }

    var location: String { store.location }

    private func step() throws(MartletError) {
        let isNow = lock.withLock {
            left -= 1
            return left == 0
        }
        if isNow { throw MartletError(.requestFailed, "the line went dead") }
    }

    func list(prefix: String) async throws(MartletError) -> [StoredObject] {
        try step()
        return try await store.list(prefix: prefix)
    }

    func read(_ name: String, range: Range<Int>?) async throws(MartletError) -> (bytes: [UInt8], tag: ObjectTag)? {
        try step()
        return try await store.read(name, range: range)
    }

    func fetch(
        _ name: String,
        into path: String,
        progress: @escaping @Sendable (Int) -> Void
    ) async throws(MartletError) -> Bool {
        do throws(MartletError) { try step() } catch {
            if let bytes = try await store.read(name, range: nil)?.bytes {
                try? Data(bytes.prefix(bytes.count / 2)).write(to: URL(fileURLWithPath: path))
            }
            throw error
        }
        return try await store.fetch(name, into: path, progress: progress)
    }

    func write(_ bytes: [UInt8], to name: String, if condition: PutCondition) async throws(MartletError) -> ObjectTag {
        try step()
        return try await store.write(bytes, to: name, if: condition)
    }

    func send(
        _ path: String,
        to name: String,
        progress: @escaping @Sendable (Int) -> Void
    ) async throws(MartletError) {
        try step()
        try await store.send(path, to: name, progress: progress)
    }

    func remove(_ name: String) async throws(MartletError) { try await store.remove(name) }
}
