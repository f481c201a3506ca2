import ArgumentParser
import Foundation
import MartletCore

/// Options of every command that works in a project.
struct ProjectOptions: ParsableArguments {
    @Option(
        name: [.customLong("project"), .customShort("C")],
        help: ArgumentHelp("Work in this project instead of the one around the current folder.", valueName: "dir")
    )
    var project: String?

    /// The folder to start from; absolute.
    var directory: String {
        let current = FileManager.default.currentDirectoryPath
        guard let project else { return current }
        let path = project.hasPrefix("/") ? project : "\(current)/\(project)"
        return URL(fileURLWithPath: path).standardizedFileURL.path
    }

    /// The project.
    func workspace() throws -> Workspace { try Workspace(containing: directory) }
}
