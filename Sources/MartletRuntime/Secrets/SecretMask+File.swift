import Glibc
import MartletCore

extension SecretMask {
    /// Masks the secrets in a file that no one writes any more; a file without any stays as it is.
    ///
    /// At most ``Limits/messagesBytesPerAttempt`` are kept, as no one reads more. When the masked text cannot be
    /// written, the file is emptied: better no text than a secret.
    func apply(toFile path: String) {
        guard let file = OwnedDescriptor(open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)) else { return }
        var info = stat()
        guard fstat(file.raw, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return }
        let temporary = "\(path).masked"
        guard let copy = OwnedDescriptor(open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)) else {
            ftruncate(file.raw, 0)
            return
        }
        var stream = Stream(self)
        let error = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            var error: Int32 = 0
            var total = 0
            while total < Limits.messagesBytesPerAttempt, let count = file.read(into: buffer), count > 0 {
                total += count
                stream.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count])) {
                    if error == 0 { error = copy.write($0) }
                }
            }
            stream.finish { if error == 0 { error = copy.write($0) } }
            return error
        }
        if error != 0 { ftruncate(file.raw, 0) }
        if error != 0 || !stream.hasMasked || rename(temporary, path) != 0 { unlink(temporary) }
    }
}
