internal import Crypto
public import MartletCore

extension ObjectID {
    /// The id of an object with these bytes.
    public init(hashing bytes: some Collection<UInt8>) {
        var hash = SHA256()
        if bytes.withContiguousStorageIfAvailable({ hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
            Array(bytes).withUnsafeBytes { hash.update(bufferPointer: $0) }
        }
        self.init(hash.finalize())
    }

    /// The id of an object with these bytes.
    public init(hashing bytes: UnsafeRawBufferPointer) {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        self.init(hash.finalize())
    }

    init(_ digest: SHA256.Digest) {
        // A SHA-256 digest always has 32 bytes.
        self = digest.withUnsafeBytes { ObjectID(bytes: $0) } ?? .zero
    }
}
