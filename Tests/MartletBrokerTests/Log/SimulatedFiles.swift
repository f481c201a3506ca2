import MartletTestKit
import Synchronization

@testable import MartletBroker

/// A file system in memory that loses power.
///
/// A crash keeps what was synced, and of the rest a beginning that the seed says: of names changed in a folder some of the
/// first changes, of writes to a file some of the first ones, with the next one torn, or only as zeros (the length had
/// reached the disk, the bytes had not).
final class SimulatedFiles: LogFiles {
    /// What a call of the simulation does to fail.
    enum Fault: Sendable {
        /// The disk has no room for more than so many bytes.
        case full(capacity: Int)
        /// The power goes at this change, counted from 0.
        case crash(atChange: Int)
        /// fsync fails from this one on.
        case syncFails(after: Int)
    }

    struct State {
        var files: [String: Node] = [:]
        var folders: Set<String> = []
        /// The names as they last.
        var lasting: [String: Node] = [:]
        var lastingFolders: Set<String> = []
        /// Changes of names since the last sync of their folder, in order.
        var renamings: [Renaming] = []
        var changes = 0
        var syncs = 0
        var fault: Fault?
        var isDead = false
        var locks: Set<String> = []
    }

    enum Renaming {
        case create(String, Node)
        case move(String, String, Node)
        case remove(String)
        case folder(String)

        var folder: String {
            switch self {
            case .create(let path, _), .remove(let path), .move(_, let path, _), .folder(let path):
                String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
            }
        }
    }

    let state = Mutex(State())

    func set(_ fault: Fault?) { state.withLock { $0.fault = fault } }

    /// Changes so far.
    var changes: Int { state.withLock { $0.changes } }
    var syncs: Int { state.withLock { $0.syncs } }

    /// The bytes of a file as they are now; nil when there is none.
    func bytes(_ path: String) -> [UInt8]? {
        state.withLock { $0.files[path]?.content.withLock { $0.bytes } }
    }

    /// Changes the bytes of a file, as a failing disk does.
    func damage(_ path: String, _ change: (inout [UInt8]) -> Void) {
        state.withLock { state in
            state.files[path]?.content.withLock { content in
                change(&content.bytes)
                content.lasting = content.bytes
                content.pending = []
            }
        }
    }

    /// What is there after the power went, for the next start.
    func crashed(seed: UInt64) -> SimulatedFiles {
        var random = SeededGenerator(seed: seed)
        let next = SimulatedFiles()
        state.withLock { state in
            var names = state.lasting
            var folders = state.lastingFolders
            let kept = Int.random(in: 0...state.renamings.count, using: &random)
            for change in state.renamings.prefix(kept) { Self.apply(change, &names, &folders) }
            var files: [String: Node] = [:]
            for (path, node) in names.sorted(by: { $0.key < $1.key }) {
                files[path] = Self.survivor(of: node, &random)
            }
            next.state.withLock { new in
                new.files = files
                new.lasting = files
                new.folders = folders
                new.lastingFolders = folders
            }
        }
        return next
    }

    /// What is there after the process was killed: all that it wrote.
    func restarted() -> SimulatedFiles {
        state.withLock { state in
            state.fault = nil
            state.isDead = false
            state.locks = []
        }
        return self
    }

    private static func survivor(of node: Node, _ random: inout SeededGenerator) -> Node {
        let copy = Node()
        let content = node.content.withLock { $0 }
        var bytes = content.lasting
        let kept = Int.random(in: 0...content.pending.count, using: &random)
        for change in content.pending.prefix(kept) { Node.apply(change, to: &bytes) }
        if kept < content.pending.count, case .write(let position, let new) = content.pending[kept], !new.isEmpty {
            let count = Int.random(in: 0...new.count, using: &random)
            Node.apply(.write(position, Array(new.prefix(count))), to: &bytes)
            if Int.random(in: 0..<3, using: &random) == 0, count < new.count {
                let zeros = [UInt8](repeating: 0, count: new.count - count)
                Node.apply(.write(position + count, zeros), to: &bytes)
            }
        }
        copy.content.withLock {
            $0.bytes = bytes
            $0.lasting = bytes
        }
        return copy
    }

    private static func apply(_ change: Renaming, _ names: inout [String: Node], _ folders: inout Set<String>) {
        switch change {
        case .create(let path, let node): names[path] = node
        case .remove(let path):
            names[path] = nil
            folders.remove(path)
        case .folder(let path): folders.insert(path)
        case .move(let path, let target, let node):
            names[path] = nil
            names[target] = node
        }
    }

    static func fault(_ what: String, _ number: Int32 = 5) -> LogError {
        .storage(StorageFault.system(what, "simulated", number))
    }

    /// Counts a change; false when the power goes with it.
    func mayChange() throws(LogError) -> Bool {
        let (isDead, dies) = state.withLock { state in
            if state.isDead { return (true, false) }
            state.changes += 1
            if case .crash(let change) = state.fault, state.changes > change {
                state.isDead = true
                return (false, true)
            }
            return (false, false)
        }
        if isDead { throw Self.fault("used without power") }
        return !dies
    }

    func open(_ path: String) throws(LogError) -> any LogFile {
        if let node = state.withLock({ $0.files[path] }) { return SimulatedFile(path, node, self) }
        guard try mayChange() else { throw Self.fault("opened") }
        let node = Node()
        state.withLock { state in
            state.files[path] = node
            state.renamings.append(.create(path, node))
        }
        return SimulatedFile(path, node, self)
    }

    func list(_ folder: String) throws(LogError) -> [String] {
        state.withLock { state in
            (Array(state.files.keys) + Array(state.folders)).compactMap { path in
                guard path.hasPrefix(folder + "/") else { return nil }
                let name = path.dropFirst(folder.count + 1)
                return name.contains("/") ? nil : String(name)
            }
        }
    }

    func createFolder(_ path: String) throws(LogError) {
        guard !state.withLock({ $0.folders.contains(path) }) else { return }
        guard try mayChange() else { throw Self.fault("created") }
        state.withLock { state in
            state.folders.insert(path)
            state.renamings.append(.folder(path))
        }
    }

    func rename(_ path: String, to target: String) throws(LogError) {
        guard try mayChange() else { throw Self.fault("renamed") }
        state.withLock { state in
            let moved = state.files.filter { $0.key == path || $0.key.hasPrefix(path + "/") }
            for (name, node) in moved {
                let new = target + name.dropFirst(path.count)
                state.files[name] = nil
                state.files[new] = node
                state.renamings.append(.move(name, new, node))
            }
            if state.folders.remove(path) != nil {
                state.folders.insert(target)
                state.renamings.append(.remove(path))
                state.renamings.append(.folder(target))
            }
        }
    }

    func remove(_ path: String) throws(LogError) {
        guard state.withLock({ $0.files[path] != nil || $0.folders.contains(path) }) else { return }
        guard try mayChange() else { throw Self.fault("removed") }
        state.withLock { state in
            state.files[path] = nil
            state.folders.remove(path)
            state.renamings.append(.remove(path))
        }
    }

    func syncFolder(_ path: String) throws(LogError) {
        guard try mayChange() else { throw Self.fault("synced") }
        try countSync()
        state.withLock { state in
            for change in state.renamings where change.folder == path {
                var folders = state.lastingFolders
                Self.apply(change, &state.lasting, &folders)
                state.lastingFolders = folders
            }
            state.renamings.removeAll { $0.folder == path }
        }
    }

    func countSync() throws(LogError) {
        let fails = state.withLock { state in
            state.syncs += 1
            if case .syncFails(let count) = state.fault { return state.syncs > count }
            return false
        }
        if fails { throw Self.fault("synced") }
    }

    /// Whether the disk has room for so many bytes more.
    func room(_ extra: Int) -> Int {
        state.withLock { state in
            guard case .full(let capacity) = state.fault else { return extra }
            let used = state.files.values.reduce(0) { $0 + $1.content.withLock { $0.bytes.count } }
            return max(0, min(extra, capacity - used))
        }
    }

    func lockFile(_ path: String) -> Bool { state.withLock { $0.locks.insert(path).inserted } }
}
