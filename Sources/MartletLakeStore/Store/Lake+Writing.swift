internal import Foundation
public import MartletCore
internal import Synchronization

extension Lake {
    /// Adds objects; all that `body` added are durable when this returns.
    ///
    /// What is added belongs to nothing until a ref is moved to a commit that holds it; it is kept for the grace period of
    /// ``collect(_:)`` from here on. When `body` throws, what it added may stay for that time as well.
    ///
    /// - Throws: what `body` throws; ``MartletError`` MT8004 or MT8005 when the lake cannot be written.
    public func write<T>(_ body: (LakeWriter) throws(MartletError) -> T) throws(MartletError) -> T {
        try enterSession()
        defer { leaveSession() }
        let writer = LakeWriter(lake: self)
        do throws(MartletError) {
            let result = try body(writer)
            try writer.finish()
            return result
        } catch {
            writer.abandon()
            throw error
        }
    }

    var packFolder: String { objects.folder }

    /// The writers of this process, which share one lock.
    struct Sessions: ~Copyable {
        var count = 0
        var lock: FileLock?
    }

    // Garbage collection, in its last step, must meet no writer: one that found an object in a pack, and so did not write
    // it, relies on that pack. Writers hold `lock` shared and the collector takes it alone. So that writers cannot keep a
    // collector waiting for ever, they pass `gate` first, which it holds while it waits. A write within a write does not
    // pass the gate again, or both would wait for each other.
    func enterSession() throws(MartletError) {
        try sessions.withLock { sessions throws(MartletError) in
            if sessions.count == 0 {
                let gate = try FileLock.take("\(folder)/gate", .shared)
                defer { _ = gate }
                sessions.lock = try FileLock.take("\(folder)/lock", .shared)
            }
            sessions.count += 1
        }
    }

    func leaveSession() {
        sessions.withLock { sessions in
            sessions.count -= 1
            if sessions.count == 0 { sessions.lock = nil }
        }
    }
}
