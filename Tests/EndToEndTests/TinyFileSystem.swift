import Foundation
import Glibc

/// A small tmpfs, mounted for one test.
final class TinyFileSystem {
    let path = NSTemporaryDirectory() + "martlet-disk-\(UUID().uuidString)"
    let isMounted: Bool

    init(bytes: Int) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        isMounted = mount("tmpfs", path, "tmpfs", 0, "size=\(bytes)") == 0
    }

    deinit {
        if isMounted { umount2(path, Int32(MNT_DETACH.rawValue)) }
        rmdir(path)
    }

    func makeReadOnly() { _ = mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT.rawValue | MS_RDONLY.rawValue), nil) }
}
