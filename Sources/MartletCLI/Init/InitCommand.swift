import ArgumentParser
import Foundation
import MartletCore
import MartletRuntime

/// `martlet init`.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Start a project: a small pipeline that works, to change into your own.",
        discussion: "Nothing that exists is overwritten."
    )

    @Argument(help: ArgumentHelp("The folder; made if it is not there.", valueName: "dir"))
    var directory = "."

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let root = try CurrentFolder.resolve(directory)
        let name = Self.projectName(root)
        let files = StarterProject.files(name: name)
        let existing = files.map(\.path).filter { FileManager.default.fileExists(atPath: "\(root)/\($0)") }
        if !existing.isEmpty {
            throw MartletError(
                .fileExists,
                "\(root) already has \(existing.joined(separator: ", "))",
                reason: "`martlet init` overwrites nothing",
                remedy: "choose another folder"
            )
        }
        for file in files {
            let target = "\(root)/\(file.path)"
            try FileSystem.makeFolder((target as NSString).deletingLastPathComponent)
            try FileSystem.write(Array(file.text.utf8), to: target)
        }
        if json {
            let list = files.map { JSONValue.string($0.path) }
            return Output.result(JSONValue.object(["project": .string(root), "files": .array(list)]).jsonText)
        }
        let style = Style.standardOutput
        Output.result("\(style.good("✓")) project \(style.bold(name)) in \(root)")
        for file in files { Output.result("  \(file.path)  \(style.faint(file.purpose))") }
        let enter = directory == "." ? "" : "cd \(directory) && "
        Output.result("\nnext: \(enter)martlet run penguins")
    }

    /// A name for the project in the folder `root`.
    static func projectName(_ root: String) -> String {
        let last = (root as NSString).lastPathComponent
        let name = String(last.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") ? $0 : "-" })
        return PipelineID.objection(to: name) == nil ? name : "project"
    }
}
