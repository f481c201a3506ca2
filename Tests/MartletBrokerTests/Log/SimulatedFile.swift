import Synchronization

@testable import MartletBroker

/// An open file of a file system that loses power.
final class SimulatedFile: LogFile {
    let path: String
    let descriptor: Int32 = -1
    private let node: SimulatedFiles.Node
    private let files: SimulatedFiles

    init(_ path: String, _ node: SimulatedFiles.Node, _ files: SimulatedFiles) {
        self.path = path
        self.node = node
        self.files = files
    }

    func size() throws(LogError) -> Int { node.content.withLock { $0.bytes.count } }

    func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(LogError) {
        let isWhole = try files.mayChange()
        let extra = max(0, position + bytes.count - node.content.withLock { $0.bytes.count })
        let room = files.room(extra)
        let new = Array(bytes.prefix(bytes.count - (extra - room)))
        node.content.withLock { content in
            SimulatedFiles.Node.apply(.write(position, new), to: &content.bytes)
            content.pending.append(.write(position, new))
        }
        guard isWhole else { throw SimulatedFiles.fault("written") }
        guard room == extra else { throw SimulatedFiles.fault("written", 28) }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(LogError) -> Int {
        node.content.withLock { content in
            guard position < content.bytes.count else { return 0 }
            let end = min(content.bytes.count, position + buffer.count)
            buffer.copyBytes(from: content.bytes[position..<end])
            return end - position
        }
    }

    func truncate(to size: Int) throws(LogError) {
        guard try files.mayChange() else { throw SimulatedFiles.fault("cut") }
        node.content.withLock { content in
            SimulatedFiles.Node.apply(.truncate(size), to: &content.bytes)
            content.pending.append(.truncate(size))
        }
    }

    func sync() throws(LogError) {
        guard try files.mayChange() else { throw SimulatedFiles.fault("synced") }
        try files.countSync()
        node.content.withLock { content in
            content.lasting = content.bytes
            content.pending = []
        }
    }

    func lock() throws(LogError) -> Bool { files.lockFile(path) }
}
