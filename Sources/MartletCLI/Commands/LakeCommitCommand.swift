import ArgumentParser
import MartletCore
import MartletLakeStore

/// `martlet lake commit`.
struct LakeCommitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit",
        abstract: "Keep what is staged as a commit of the branch.",
        discussion: """
              martlet lake add data && martlet lake commit -m "Prices of January"
              martlet lake commit -m "Labelled" --meta labels=v3 --meta by=annotators
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("What was done.", valueName: "text"))
    var message: String

    @Option(help: ArgumentHelp("Something to remember with it; may be repeated.", valueName: "key=value"))
    var meta: [String] = []

    @Flag(help: "Commit even when nothing is staged.")
    var allowEmpty = false

    @OptionGroup var options: LakeOptions

    func run() throws {
        guard !message.allSatisfy(\.isWhitespace) else {
            throw MartletError(.commandLineInvalid, "the message is empty", remedy: "say what was done: -m \"...\"")
        }
        let session = try options.open()
        let result = try session.tree.commit(
            message,
            by: session.author,
            metadata: Self.metadata(meta),
            allowsEmpty: allowEmpty
        )
        if options.json {
            return Output.result(
                JSONValue.object([
                    "commit": LakeJSON.id(result.commit), "branch": LakeJSON.branch(result.branch),
                    "changes": .integer(result.changes), "files": LakeJSON.files(result.files),
                ]).jsonText
            )
        }
        let style = Style.standardError
        let changes = LakeText.count(result.changes, "file")
        Output.talk("\(result.branch?.rawValue ?? "") is at \(style.accent(result.commit.short)): \(changes) changed")
    }

    static func metadata(_ texts: [String]) throws(MartletError) -> [String: String] {
        var all: [String: String] = [:]
        for text in texts {
            guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
                throw MartletError(
                    .commandLineInvalid,
                    "\"\(text)\" is not KEY=VALUE",
                    remedy: "write --meta key=value"
                )
            }
            all[String(text[..<sign])] = String(text[text.index(after: sign)...])
        }
        return all
    }
}
