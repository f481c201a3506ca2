import ArgumentParser
import MartletCore
import MartletLake
import MartletLakeStore
import MartletRuntime

/// `martlet lake status`.
struct LakeStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what is staged, and what has changed since.",
        discussion: """
            Looks at the files and folders that were given to `add`, and at what was
            checked out. Files are read only where size and times cannot tell.
            """
    )

    @Flag(help: "Name all files, not only the first of each kind.")
    var all = false

    @Flag(help: "End with exit code 1 unless everything is committed.")
    var exitCode = false

    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        let limit = all ? Int.max : options.json ? Limits.listedFiles : Limits.shownFiles
        let status = try session.tree.status(limit: limit)
        if options.json {
            Output.result(LakeStatusText.json(status).jsonText)
        } else {
            let head = try status.position.state.base.map { try session.tree.record(of: $0) }
            let text = LakeStatusText(status: status, head: head, style: .standardOutput, now: SystemTime().now)
            Output.result(text.lines.joined(separator: "\n"))
        }
        if exitCode, !status.isClean { throw CommandFailure.silent(ExitStatus.workFailed) }
    }
}
