import Foundation
import Glibc

/// A folder for the time of measuring.
///
/// Nothing in it is deleted before all is measured, and the folders in it are spread over the disk: ext4 without a
/// journal walks past every inode that was freed in the last minutes when it makes a new file near them, which costs
/// several times as much as the file itself and says nothing about the program that makes it.
struct ScratchFolder {
    let path: String

    /// Makes a folder of its own in `parent`.
    ///
    /// - Throws: ``BenchProblem`` when that fails.
    static func make(in parent: String) throws(BenchProblem) -> ScratchFolder {
        let base = URL(fileURLWithPath: parent).standardizedFileURL.path
        let folder = ScratchFolder(path: "\(base)/.martlet-bench-\(ProcessInfo.processInfo.processIdentifier)")
        do {
            try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        } catch {
            throw BenchProblem("cannot make a folder in \(base)", remedy: "choose another place with --scratch")
        }
        folder.spreadFolders()
        return folder
    }

    /// Where a folder called `name` belongs; nowhere twice.
    ///
    /// ext4 chooses the place on the disk by the name, so that one which was there in the last minutes would again lie
    /// where much has been deleted.
    func place(of name: String) -> String { "\(path)/\(name).\(ProcessInfo.processInfo.processIdentifier)" }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// Asks ext4 to place each folder made in this one somewhere else (`chattr +T`); other file systems refuse, and
    /// have no need of it.
    private func spreadFolders() {
        // From linux/fs.h, whose macros Swift does not import.
        let getFlags: UInt = 0x8008_6601
        let setFlags: UInt = 0x4008_6602
        let topOfHierarchy: CLong = 0x0002_0000
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(descriptor) }
        var flags: CLong = 0
        guard ioctl(descriptor, getFlags, &flags) == 0 else { return }
        flags |= topOfHierarchy
        _ = ioctl(descriptor, setFlags, &flags)
    }
}
