internal import Foundation
internal import MartletCore
internal import MartletLake

/// Makes a folder a DVC repository, as `dvc init` and `dvc remote add` do.
struct DVCSkeleton {
    let folder: String
    let remote: String?

    /// The repository, made where it was missing.
    ///
    /// - Throws: ``MartletError`` MT3075, MT8004 or MT8005.
    func prepared() throws(MartletError) -> DVCRepository {
        try Folder.make(folder)
        let state = "\(folder)/.dvc"
        let git = GitProgram(folder: folder)
        if !FilePath.isFolder(state) {
            // DVC wants to be told when there is no git.
            var hasGit = (try? git.attempt(["rev-parse", "--git-dir"]).status) == 0
            if !hasGit { hasGit = (try? git.attempt(["init", "-q"]).status) == 0 }
            try Folder.make(state)
            try write(".dvc/.gitignore", "/config.local\n/tmp\n/cache\n")
            var config = DVCConfig()
            if !hasGit { config.set("core", "no_scm", to: "True") }
            try write(".dvc/config", config.text)
            if try Folder.read("\(folder)/.dvcignore") == nil { try write(".dvcignore", Self.ignoreFile) }
        }
        if let remote {
            var config = DVCConfig(String(decoding: try Folder.read("\(state)/config") ?? [], as: UTF8.self))
            let path = URL(fileURLWithPath: remote).standardizedFileURL.path
            if !config.remotes.contains(where: { config[DVCConfig.remote($0), "url"] == path }) {
                var name = "martlet"
                while config.remotes.contains(name) { name += "-" }
                config.set("core", "remote", to: name)
                config.set(DVCConfig.remote(name), "url", to: path)
                try write(".dvc/config", config.text)
            }
        }
        return try DVCRepository(root: folder)
    }

    private func write(_ path: String, _ text: String) throws(MartletError) {
        let full = "\(folder)/\(path)"
        try Folder.replace(
            full,
            with: Array(text.utf8),
            syncing: String(full[..<(full.lastIndex(of: "/") ?? full.endIndex)])
        )
    }

    private static let ignoreFile = """
        # Add patterns of files dvc should ignore, which could improve
        # the performance. Learn more at
        # https://dvc.org/doc/user-guide/dvcignore

        """
}
