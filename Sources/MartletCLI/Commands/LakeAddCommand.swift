import ArgumentParser
import MartletCore
import MartletLakeStore

/// `martlet lake add`.
struct LakeAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Stage files as they are now, and follow them.",
        discussion: """
            Folders are added with all that is in them, and files that are gone from
            them are staged as removed. What .martletignore names is left out. Nothing
            is staged when anything cannot be: all such things are named.

              martlet lake add data models/best.bin
            """
    )

    @Argument(help: ArgumentHelp("Files and folders.", valueName: "path"))
    var paths: [String]

    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        let progress = LakeProgress("adding")
        let report: AddReport
        do {
            report = try session.tree.add(session.keys(paths)) { progress.update($0) }
            progress.end()
        } catch {
            progress.end()
            throw error
        }
        if options.json { Output.result(Self.json(report).jsonText) } else { show(report) }
        if !report.problems.isEmpty { throw CommandFailure.silent(ExitStatus.requestWrong) }
    }

    private func show(_ report: AddReport) {
        let text = LakeText(style: .standardError)
        if !report.problems.isEmpty {
            let things = LakeText.count(report.problems.count, "thing")
            return Output.talk(
                (["nothing was staged: \(things) cannot be in the lake"] + text.problems(report.problems)).joined(
                    separator: "\n"
                )
            )
        }
        let counts = LakeText.counts([
            (report.added, "added"), (report.modified, "modified"), (report.removed, "removed"),
            (report.unchanged, "unchanged"),
        ])
        let read = report.bytes > 0 ? "; \(NumberText.bytes(report.bytes)) read, \(stored(report))" : ""
        Output.talk("\(counts.isEmpty ? "no files" : counts)\(read)")
    }

    private func stored(_ report: AddReport) -> String {
        report.storedBytes == 0 ? "nothing new to store" : "\(NumberText.bytes(report.storedBytes)) stored"
    }

    private static func json(_ report: AddReport) -> JSONValue {
        .object([
            "added": .integer(report.added), "modified": .integer(report.modified),
            "removed": .integer(report.removed), "unchanged": .integer(report.unchanged),
            "bytes_read": .integer(report.bytes), "bytes_stored": .integer(report.storedBytes),
            "problems": LakeJSON.problems(report.problems),
        ])
    }
}
