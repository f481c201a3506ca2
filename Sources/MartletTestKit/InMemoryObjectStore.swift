internal import Foundation
public import MartletCore
internal import Synchronization

/// An ``ObjectStore`` in memory, for tests of what uses one.
public final class InMemoryObjectStore: ObjectStore {
    private let objects = Mutex<[String: [UInt8]]>([:])

    /// An empty store.
    public init() {}

    /// `memory`.
    public var location: String { "memory" }

    /// The objects whose names start with `prefix`, ordered by name.
    public func list(prefix: String) async throws(MartletError) -> [StoredObject] {
        objects.withLock { objects in
            objects.filter { $0.key.hasPrefix(prefix) }.map { StoredObject(name: $0.key, size: $0.value.count) }
                .sorted { $0.name < $1.name }
        }
    }

    /// The object's bytes, or those of `range` that exist; nil when there is no such object.
    public func read(_ name: String, range: Range<Int>?) async throws(MartletError) -> (bytes: [UInt8], tag: ObjectTag)?
    {
        guard let bytes = objects.withLock({ $0[name] }) else { return nil }
        let wanted = (range ?? bytes.indices).clamped(to: bytes.indices)
        return (Array(bytes[wanted]), Self.tag(of: bytes))
    }

    /// Copies an object into a new file.
    ///
    /// - Throws: ``MartletError`` MT8005 when the file cannot be written.
    public func fetch(
        _ name: String,
        into path: String,
        progress: @escaping @Sendable (Int) -> Void
    ) async throws(MartletError) -> Bool {
        guard let bytes = objects.withLock({ $0[name] }) else { return false }
        do { try Data(bytes).write(to: URL(fileURLWithPath: path)) } catch {
            throw MartletError(.fileUnwritable, "cannot write \(path)")
        }
        progress(bytes.count)
        return true
    }

    /// Stores bytes under `name`, if `condition` holds.
    ///
    /// - Throws: ``MartletError`` MT3090 when the condition does not hold.
    @discardableResult
    public func write(
        _ bytes: [UInt8],
        to name: String,
        if condition: PutCondition
    ) async throws(MartletError) -> ObjectTag {
        let isWritten = objects.withLock { objects in
            let now = objects[name].map { Self.tag(of: $0) }
            switch condition {
            case .always: break
            case .ifAbsent: if now != nil { return false }
            case .ifMatches(let tag): if now != tag { return false }
            }
            objects[name] = bytes
            return true
        }
        guard isWritten else { throw MartletError(.objectConditionFailed, "\(name) is not in the state expected") }
        return Self.tag(of: bytes)
    }

    /// Stores a file under `name`.
    ///
    /// - Throws: ``MartletError`` MT3037 when it cannot be read.
    public func send(
        _ path: String,
        to name: String,
        progress: @escaping @Sendable (Int) -> Void
    ) async throws(MartletError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw MartletError(.sourceUnreadable, "cannot read \(path)")
        }
        objects.withLock { $0[name] = Array(data) }
        progress(data.count)
    }

    /// Removes an object; one that is not there is fine.
    public func remove(_ name: String) async throws(MartletError) { objects.withLock { $0[name] = nil } }

    // Small enough for tests, and the same for the same bytes, like an ETag.
    private static func tag(of bytes: [UInt8]) -> ObjectTag {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return ObjectTag("\(bytes.count)-\(hash)")
    }
}
