internal import Glibc
package import MartletCore
internal import MartletLake

extension WorkingTree {
    /// Stages files and folders as they are now, and follows them from here on.
    ///
    /// Files that are gone are staged as removed. When anything cannot be in the lake, all such things are in the report's
    /// problems, and nothing is staged.
    ///
    /// `paths`: paths of files and folders below the project's folder; the empty path is all of it. `progress`: told
    /// now and then.
    ///
    /// - Throws: ``MartletError`` MT3050 for a path that is nowhere, MT3051 for one that is ignored, MT3007 for a file and
    ///   a folder of one name, and what the lake's writer throws.
    package func add(
        _ paths: [[UInt8]],
        progress: @escaping (WorkProgress) -> Void = { _ in }
    ) throws(MartletError) -> AddReport {
        try locked { () throws(MartletError) in
            let position = try position()
            let scopes = try scopes(paths, in: position.stagedRoot)
            let session = try lake.write { writer throws(MartletError) in
                let session = try AddSession(self, writer, from: position.stagedRoot, progress: progress)
                try session.run(scopes)
                return session
            }
            if session.report.problems.isEmpty { try keep(session, scopes, position) }
            return session.report
        }
    }

    /// Now that the lake has it all for good, the state may say so; the index comes last, as it is only a cache.
    private func keep(
        _ session: AddSession,
        _ scopes: [WalkScope],
        _ position: WorkPosition
    ) throws(MartletError) {
        var state = position.state
        state.staged = session.root == position.baseRoot ? nil : session.root
        for scope in scopes where scope.kind != .missing { state.track(scope.path) }
        if try state != loadState() { try save(state) }
        if session.isIndexNew { try session.finishIndex() }
    }

    /// What is at each path.
    func scopes(_ paths: [[UInt8]], in root: ObjectID) throws(MartletError) -> [WalkScope] {
        let reader = TreeReader(root: root, objects: lake.objects)
        var scopes: [WalkScope] = []
        for path in paths {
            let isKnown = try reader.count(within: path) > 0
            let scope = try self.root.scope(path, isTracked: isKnown)
            if scope.kind == .missing, !isKnown { throw try unknown(path, in: root) }
            scopes.append(scope)
        }
        return scopes
    }
}

extension WorkingTree {
    /// The error for a path that is neither a file nor in a tree, with the nearest name in its folder.
    package func unknown(_ path: [UInt8], in root: ObjectID) throws(MartletError) -> MartletError {
        let (folder, name) = RawPath.split(path)
        var near: Set<String> = []
        let listed = RawPath.open(self.root.absolute(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if listed >= 0 {
            if case .success(let listing) = FolderListing.read(listed) {
                near.formUnion(
                    listing.items.prefix(Limits.namesCompared).map {
                        DisplayBytes.text(of: Array(listing.name(of: $0)))
                    }
                )
            }
            close(listed)
        }
        var cursor = TreeReader(root: root, objects: lake.objects).cursor(within: folder)
        while near.count < 2 * Limits.namesCompared, let file = try cursor.next() {
            let rest = file.path.bytes.dropFirst(folder.isEmpty ? 0 : folder.count + 1)
            guard let first = rest.split(separator: 0x2f, maxSplits: 1).first else { continue }
            near.insert(DisplayBytes.text(of: Array(first)))
            if first.count < rest.count { cursor.skip((folder.isEmpty ? [] : folder + [0x2f]) + Array(first)) }
        }
        let prefix = folder.isEmpty ? "" : DisplayBytes.text(of: folder) + "/"
        let hint = NearestName.of(DisplayBytes.text(of: name), among: near).map { "did you mean \(prefix)\($0)?" }
        return MartletError(
            .pathUnknown,
            "there is no \(DisplayBytes.text(of: path)), neither as a file nor in the lake",
            remedy: hint ?? "name a file or folder of the project"
        )
    }
}
