internal import Foundation
public import MartletCore
internal import MartletLake
internal import Synchronization

/// Copies commits between a lake and a store of objects that holds a copy of it.
///
/// Packs go first, then refs, by compare-and-swap: a transfer that is cut off leaves packs that the next try finds. Both
/// sides stay whole at every instant.
public struct Transfer: Sendable {
    /// The lake here.
    public let lake: Lake
    /// The other side.
    public let store: any ObjectStore
    /// What the other side is called here.
    public let name: String
    let remote: RemoteLake

    /// Told how many of how many bytes are copied; from any thread.
    public typealias Progress = @Sendable (_ done: Int, _ total: Int) -> Void

    /// Between `lake` and `store`.
    public init(_ lake: Lake, _ store: any ObjectStore, name: String = "origin") {
        self.lake = lake
        self.store = store
        self.name = name
        remote = RemoteLake(store: store, cache: "\(lake.folder)/index/remote")
    }

    /// Calls `body` with each item, several at a time.
    static func each<Item: Sendable>(
        _ items: [Item],
        _ body: @escaping @Sendable (Item) async throws(MartletError) -> Void
    ) async throws(MartletError) {
        let failure: MartletError? = await withTaskGroup(of: MartletError?.self) { group in
            func attempt(_ item: Item) {
                group.addTask {
                    do throws(MartletError) {
                        try await body(item)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            var rest = items[...]
            for item in rest.prefix(Limits.transfersAtOnce) { attempt(item) }
            rest = rest.dropFirst(Limits.transfersAtOnce)
            var first: MartletError?
            for await failure in group {
                first = first ?? failure
                if first == nil, let item = rest.popFirst() { attempt(item) }
            }
            return first
        }
        if let failure { throw failure }
    }

    /// Counts bytes of several files.
    static func counting(_ total: Int, _ progress: Progress?) -> @Sendable (Int) -> Void {
        let done = ByteCount()
        return { bytes in progress?(done.add(bytes), total) }
    }

    /// Notes where the other side's branches are.
    func track(_ ref: Ref, _ commit: ObjectID, by: String, why: String, at: Timestamp) throws(MartletError) {
        guard case .branch(let branch) = ref else { return }
        let tracking = Ref.remote(name, branch)
        try lake.move(tracking, from: lake.refs.head(of: tracking), to: commit, by: by, why: why, at: at)
    }
}

private final class ByteCount: Sendable {
    private let count = Atomic<Int>(0)

    func add(_ bytes: Int) -> Int { count.wrappingAdd(bytes, ordering: .relaxed).newValue }
}
