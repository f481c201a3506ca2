/// Keeps named bytes somewhere: a folder, an S3 bucket.
///
/// The port behind push, pull and clone. Names are words of letters, digits and `.`, `_`, `-`, `%`, separated by `/`. An object is there whole or not at all; one
/// that was put is durable when the call returns, and every later call sees it.
public protocol ObjectStore: Sendable {
    /// Where it is, for messages; without credentials.
    var location: String { get }

    /// The objects whose names start with `prefix`, ordered by name.
    func list(prefix: String) async throws(MartletError) -> [StoredObject]

    /// The object's bytes, or those of `range` that exist; nil when there is no such object.
    ///
    /// - Throws: ``MartletError`` MT3091 when it is larger than ``Limits/objectBytesInMemory`` and no range is given.
    func read(_ name: String, range: Range<Int>?) async throws(MartletError) -> (bytes: [UInt8], tag: ObjectTag)?

    /// Copies an object into a new file, whole; goes on where an earlier try to the same file ended.
    ///
    /// - Parameters:
    ///   - name: the object's name.
    ///   - path: the file.
    ///   - progress: told how many bytes have come, from any thread.
    /// - Returns: whether there is such an object.
    /// - Throws: ``MartletError`` MT309x when the store does not answer, MT8004 or MT8005 when the file cannot be written.
    func fetch(
        _ name: String,
        into path: String,
        progress: @escaping @Sendable (Int) -> Void
    ) async throws(MartletError) -> Bool

    /// Stores bytes under `name`, if `condition` holds.
    ///
    /// - Throws: ``MartletError`` MT3090 when the condition does not hold.
    @discardableResult
    func write(_ bytes: [UInt8], to name: String, if condition: PutCondition) async throws(MartletError) -> ObjectTag

    /// Stores a file under `name`, replacing what is there.
    func send(
        _ path: String,
        to name: String,
        progress: @escaping @Sendable (Int) -> Void
    ) async throws(MartletError)

    /// Removes an object; one that is not there is fine.
    func remove(_ name: String) async throws(MartletError)
}

/// An object as a listing shows it.
public struct StoredObject: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its size in bytes.
    public var size: Int

    /// An object of `size` bytes.
    public init(name: String, size: Int) {
        self.name = name
        self.size = size
    }
}

/// Stands for one content of a named object: changes with every write that changes the bytes (an HTTP ETag).
public struct ObjectTag: Hashable, Sendable {
    /// The text, which only its store understands.
    public var text: String

    /// A tag with this text.
    public init(_ text: String) { self.text = text }
}

/// What must hold for an object to be written (RFC 9110, sections 13.1.1 and 13.1.2).
public enum PutCondition: Hashable, Sendable {
    case always
    /// There is no object of that name: `If-None-Match: *`.
    case ifAbsent
    /// The object is still the one with this tag: `If-Match`.
    case ifMatches(ObjectTag)
}
