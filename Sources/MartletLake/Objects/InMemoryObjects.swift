public import MartletCore
internal import Synchronization

/// Objects kept in memory, over those of another reader if one is given: for tests and for trying what a merge would do.
public final class InMemoryObjects: ObjectWriter {
    private let base: (any ObjectReader)?
    private let kept = Mutex<[ObjectID: [UInt8]]>([:])

    /// No objects but those of `base`.
    public init(over base: (any ObjectReader)? = nil) { self.base = base }

    /// How many objects are kept here.
    public var count: Int { kept.withLock { $0.count } }

    /// Keeps an object.
    public func put(_ bytes: [UInt8], as kind: ObjectKind) throws(MartletError) -> ObjectID {
        let id = ObjectID(hashing: bytes)
        kept.withLock { $0[id] = bytes }
        return id
    }

    /// The object kept here, or else that of the base.
    ///
    /// - Throws: `MartletError` MT3030 when neither has it.
    public func object(_ id: ObjectID) throws(MartletError) -> [UInt8] {
        if let bytes = kept.withLock({ $0[id] }) { return bytes }
        guard let base else { throw MartletError(ErrorCode(3030), "there is no object \(id.short)") }
        return try base.object(id)
    }
}
