internal import MartletCore
internal import MartletLake

/// Something that a repository tracks: an out of a `.dvc` file, or of a stage in `dvc.lock`.
struct DVCTracked {
    /// Its path below the repository's root.
    var path: String
    var out: DVCOutput
    /// The file that says so.
    var file: String
    /// The stage, when the file is a `dvc.lock`.
    var stage: String?
    /// Which out of a `.dvc` file it is.
    var index: Int

    static func isMetafile(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return name.hasSuffix(".dvc") && name != ".dvc" || name == "dvc.lock" || name == "dvc.yaml"
    }

    /// What metafiles track, ordered by path.
    ///
    /// - Parameters:
    ///   - metafiles: the files that say what is tracked, by path below the root.
    ///   - read: the bytes of any file of the repository, for values of templates.
    /// - Returns: what is tracked, and what lies outside of the repository.
    /// - Throws: ``MartletError`` MT3070 for a file that DVC did not write.
    static func all(
        in metafiles: [String: [UInt8]],
        read: @escaping (String) -> [UInt8]?
    ) throws(MartletError) -> (tracked: [DVCTracked], outside: [DVCTracked]) {
        var (tracked, outside): ([DVCTracked], [DVCTracked]) = ([], [])
        func note(_ out: DVCOutput, _ folders: [String], _ file: String, stage: String?, index: Int) {
            let isCloud = out.path.contains("://")
            let path = isCloud ? nil : FilePath.normalized(folders + [out.path])
            let found = DVCTracked(path: path ?? out.path, out: out, file: file, stage: stage, index: index)
            if path == nil || path == "" { outside.append(found) } else { tracked.append(found) }
        }
        for (file, bytes) in metafiles.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            let folder = parent(of: file)
            if file.hasSuffix(".dvc") {
                let content = try DVCFile(bytes, file: file)
                for (index, out) in content.outs.enumerated() {
                    note(out, [folder, content.workingFolder], file, stage: nil, index: index)
                }
            } else if file.hasSuffix("dvc.lock") {
                let folders = workingFolders(of: file, in: metafiles, read: read)
                for stage in try DVCLock(bytes, file: file).stages {
                    for (index, out) in stage.outs.enumerated() {
                        note(out, [folder, folders[stage.name] ?? "."], file, stage: stage.name, index: index)
                    }
                }
            }
        }
        tracked.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        return (tracked, outside)
    }

    static func parent(of file: String) -> String {
        file.lastIndex(of: "/").map { String(file[..<$0]) } ?? ""
    }

    /// The folders that stages of a `dvc.lock` run in, which only the `dvc.yaml` beside it tells.
    private static func workingFolders(
        of lock: String,
        in metafiles: [String: [UInt8]],
        read: @escaping (String) -> [UInt8]?
    ) -> [String: String] {
        let folder = parent(of: lock)
        let yaml = String(lock.dropLast(4)) + "yaml"
        guard let bytes = metafiles[yaml] else { return [:] }
        let pipeline = try? DVCPipeline(bytes, file: yaml) { name in
            FilePath.normalized([folder, name]).flatMap(read)
        }
        let stages = pipeline?.stages ?? []
        return Dictionary(stages.map { ($0.name, $0.workingFolder) }) { first, _ in first }
    }
}
