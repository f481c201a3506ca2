import NIOCore
import Synchronization

/// The connections of a server, and what has gone over all of them.
final class Connections: Sendable {
    private struct Open {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isClosed = false
    }

    private let open = Mutex(Open())
    /// Most at once.
    let limit: Int
    /// Connections since the start.
    let accepted = Atomic<Int>(0)
    /// Connections that were refused because there were too many.
    let refused = Atomic<Int>(0)
    /// Bytes that came from clients.
    let bytesIn = Atomic<Int>(0)
    /// Bytes that went to clients.
    let bytesOut = Atomic<Int>(0)

    init(limit: Int) { self.limit = limit }

    /// How many there are now.
    var count: Int { open.withLock { $0.channels.count } }

    /// Lets a connection in; false when there are too many, or the server ends.
    func admit(_ channel: any Channel) -> Bool {
        let isIn = open.withLock { open in
            guard !open.isClosed, open.channels.count < limit else { return false }
            open.channels[ObjectIdentifier(channel)] = channel
            return true
        }
        guard isIn else {
            refused.wrappingAdd(1, ordering: .relaxed)
            return false
        }
        accepted.wrappingAdd(1, ordering: .relaxed)
        channel.closeFuture.whenComplete { [self] _ in
            open.withLock { $0.channels[ObjectIdentifier(channel)] = nil }
        }
        return true
    }

    /// Lets nobody in any more, and gives those that are there.
    func end() -> [any Channel] {
        open.withLock { open in
            open.isClosed = true
            return Array(open.channels.values)
        }
    }
}
