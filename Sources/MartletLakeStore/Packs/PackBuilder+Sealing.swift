internal import Foundation
internal import MartletCore
internal import MartletLake

extension PackBuilder {
    /// Writes the pack into a folder under its final name; its bytes are durable when it returns, its name only after
    /// the folder was synced.
    ///
    /// While it is written it has a temporary name and an exclusive lock, so that whoever cleans up can tell it from what
    /// a killed process left.
    ///
    /// - Returns: the pack's name and size.
    /// - Throws: ``MartletError`` MT8004 or MT8005; nothing is left then.
    func seal(into folder: String) throws(MartletError) -> (name: ObjectID, bytes: Int) {
        let sorted = records.sorted { $0.id < $1.id }
        let index = PackFormat.index(of: sorted)
        let name = ObjectID(hashing: index)
        let footer = PackFormat.footer(count: sorted.count, indexOffset: used, indexHash: name)
        let temporary = "\(folder)/\(PackFolder.temporaryPrefix)\(TemporaryName.next())"
        guard let file = Descriptor.creating(temporary) else { throw Failure.writing(temporary, errno) }
        flock(file.number, LOCK_EX | LOCK_NB)
        var error = file.writeAll(bytes)
        if error == 0 { error = index.withUnsafeBytes { file.writeAll($0) } }
        if error == 0 { error = footer.withUnsafeBytes { file.writeAll($0) } }
        if error == 0 { error = file.sync() }
        let path = PackFolder.path(of: name, in: folder)
        if error == 0, rename(temporary, path) != 0 { error = errno }
        if error != 0 {
            unlink(temporary)
            throw Failure.writing(path, error)
        }
        return (name, used + index.count + footer.count)
    }
}
