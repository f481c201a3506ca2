internal import CLinux
internal import Glibc
internal import MartletCore
internal import MartletLake

extension WorkingTree {
    /// Puts files in place as links to, or clones of, full copies that the lake keeps under `files`.
    ///
    /// Those that may be executed are copied, as links share the permissions.
    ///
    /// - Throws: ``MartletError`` MT3063 when the file system cannot do it.
    func link(_ files: [FilePlacement], _ mode: LinkMode) throws(MartletError) -> [WorkStamp] {
        var missing: [FilePlacement] = []
        var seen: Set<ObjectID> = []
        for file in files where isLinked(file, mode) && seen.insert(file.entry.content).inserted {
            if RawPath.status(copyPath(file.entry.content)) == nil {
                missing.append(FilePlacement(path: LakePath(trusted: copyName(file.entry.content)), entry: file.entry))
            }
        }
        let copies = try lake.write(missing, into: filesFolder, replacing: true)
        for (copy, _) in zip(missing, copies) { chmod(RawPath.text(copyPath(copy.entry.content)), 0o444) }
        let copied = try write(files.filter { !isLinked($0, mode) })
        for file in files where isLinked(file, mode) { try place(file, mode) }
        var rest = copied[...]
        // Links change the time of their common file, so stamps are taken when all are there.
        return files.map { file in
            if !isLinked(file, mode), let stamp = rest.popFirst() { return stamp }
            return RawPath.status(root.absolute(file.path.bytes)).map { WorkStamp($0) } ?? .none
        }
    }

    private func isLinked(_ file: FilePlacement, _ mode: LinkMode) -> Bool {
        mode == .reflink || !file.entry.isExecutable
    }

    private func place(_ file: FilePlacement, _ mode: LinkMode) throws(MartletError) {
        let target = root.absolute(file.path.bytes)
        let (folder, name) = RawPath.split(target)
        try Folder.make(String(decoding: folder, as: UTF8.self))
        let temporary = folder + [0x2f] + Array(Lake.temporaryFilePrefix.utf8) + Array(TemporaryName.next().utf8)
        let copy = RawPath.text(copyPath(file.entry.content))
        var number: Int32 = 0
        if mode == .hardlink {
            if Glibc.link(copy, RawPath.text(temporary)) != 0 { number = errno }
        } else {
            number = clone(copy, RawPath.text(temporary), isExecutable: file.entry.isExecutable)
        }
        if number == 0, Glibc.rename(RawPath.text(temporary), RawPath.text(target)) != 0 { number = errno }
        // rename(2) does nothing when both names are of one file already.
        unlink(RawPath.text(temporary))
        if number == 0 { return }
        let isUnable = [EOPNOTSUPP, EXDEV, EINVAL, ENOTTY, EMLINK, EPERM].contains(number)
        guard isUnable else { throw Failure.writing(DisplayBytes.text(of: target), number) }
        throw MartletError(
            .linkUnsupported,
            "\(DisplayBytes.text(of: name)) cannot be made as a \(mode.rawValue)",
            reason: SystemFault(number: number).text,
            remedy: "use --link copy"
        )
    }

    private func clone(_ copy: [CChar], _ target: [CChar], isExecutable: Bool) -> Int32 {
        let source = open(copy, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { return errno }
        defer { close(source) }
        let file = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, isExecutable ? 0o755 : 0o644)
        guard file >= 0 else { return errno }
        defer { close(file) }
        return clinux_reflink(source, file) == 0 ? 0 : errno
    }

    private func copyName(_ content: ObjectID) -> [UInt8] {
        let hex = Array(content.hex.utf8)
        return hex[..<2] + [0x2f] + hex[2...]
    }

    private func copyPath(_ content: ObjectID) -> [UInt8] {
        Array(filesFolder.utf8) + [0x2f] + copyName(content)
    }
}
