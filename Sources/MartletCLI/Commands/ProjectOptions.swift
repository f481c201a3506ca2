import ArgumentParser
import Foundation
import Glibc
import MartletCore

/// Options of every command that works in a project.
struct ProjectOptions: ParsableArguments {
    @Option(
        name: [.customLong("project"), .customShort("C")],
        help: ArgumentHelp("Work in this project instead of the one around the current folder.", valueName: "dir")
    )
    var project: String?

    /// The folder to start from; absolute.
    ///
    /// - Throws: ``MartletError`` MT1001 when the current folder is gone.
    var directory: String {
        get throws(MartletError) { try CurrentFolder.resolve(project ?? ".") }
    }

    /// The project.
    func workspace() throws -> Workspace { try Workspace(containing: directory) }
}

/// The folder that the user is in.
enum CurrentFolder {
    /// The absolute path of `path` as seen from it.
    ///
    /// - Throws: ``MartletError`` MT1001 when the folder has been removed.
    static func resolve(_ path: String) throws(MartletError) -> String {
        if path.hasPrefix("/") { return URL(fileURLWithPath: path).standardizedFileURL.path }
        guard let raw = getcwd(nil, 0) else {
            throw MartletError(
                .fileUnreadable,
                "the current folder is gone",
                reason: String(cString: strerror(errno)),
                remedy: "go to a folder that exists"
            )
        }
        defer { free(raw) }
        return URL(fileURLWithPath: "\(String(cString: raw))/\(path)").standardizedFileURL.path
    }
}
