internal import Crypto
public import MartletCore

extension MD5Digest {
    /// The MD5 of bytes.
    public init(of bytes: some Collection<UInt8>) {
        var hash = Insecure.MD5()
        if bytes.withContiguousStorageIfAvailable({ hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
            Array(bytes).withUnsafeBytes { hash.update(bufferPointer: $0) }
        }
        self.init(hash.finalize())
    }

    init(_ digest: Insecure.MD5.Digest) {
        // An MD5 always has 16 bytes, so the second way is never taken.
        self = digest.withUnsafeBytes { MD5Digest(bytes: $0) } ?? .zero
    }
}
