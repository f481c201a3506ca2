import Foundation
import MartletCore
import MartletLakeStore
import MartletRuntime

/// Picks adapters for remotes of a lake, by the schemes of their URLs.
enum LakeRemotes {
    /// The store of objects at a folder or URL.
    ///
    /// `directory`: what a relative path is relative to.
    ///
    /// - Throws: ``MartletError`` MT8006 for a scheme that nothing speaks.
    static func store(_ url: String, in directory: String) throws(MartletError) -> any ObjectStore {
        guard let range = url.firstRange(of: "://") else {
            return FolderObjectStore(
                url.hasPrefix("/") ? url : URL(fileURLWithPath: "\(directory)/\(url)").standardizedFileURL.path
            )
        }
        let rest = String(url[range.upperBound...])
        switch url[..<range.lowerBound] {
        case "file":
            return FolderObjectStore(rest.hasPrefix("/") ? rest : "\(directory)/\(rest)")
        default:
            throw MartletError(
                .schemeUnknown,
                "nothing here speaks \(url[..<range.lowerBound])",
                reason: "the remote is \(url)",
                remedy: "use a folder's path, or file:///PATH"
            )
        }
    }

    /// The store and the name of a remote: one that is kept, or a folder or URL.
    ///
    /// - Throws: ``MartletError`` MT3055 for a name that nothing is kept under.
    static func open(
        _ word: String?,
        _ session: LakeSession
    ) throws(MartletError) -> (store: any ObjectStore, name: String) {
        let remotes = try session.lake.remotes()
        let word = word ?? "origin"
        if let url = remotes[word] { return (try store(url, in: session.workspace.layout.root), word) }
        if word.contains("/") || word == "." || word == ".." {
            return (try store(word, in: session.directory), name(of: word))
        }
        throw unknown(word, remotes)
    }

    static func unknown(_ word: String, _ remotes: [String: String]) -> MartletError {
        MartletError(
            .remoteUnknown,
            "there is no remote \(word)",
            remedy: NearestName.of(word, among: remotes.keys).map { "did you mean \($0)?" }
                ?? "keep one with `martlet lake remote add \(word) URL`, or name a folder with a slash in it: ./\(word)"
        )
    }

    /// The name that branches of a remote without one are kept under.
    private static func name(of url: String) -> String {
        let last = url.split(separator: "/").last.map(String.init) ?? "remote"
        return PipelineID.objection(to: last) == nil ? last : "remote"
    }
}
