import ArgumentParser
import MartletCore
import MartletLake
import MartletLakeStore

/// `martlet lake revert`.
struct LakeRevertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revert",
        abstract: "Undo what a commit did, by a commit that does the contrary.",
        discussion: "What came after it stays. Of a merge, --parent says which side counts as the state before it."
    )

    @Argument(help: ArgumentHelp("The commit.", valueName: "ref"))
    var ref: String

    @OptionGroup var change: ReplayOptions
    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        let report = try session.tree.revert(
            session.tree.resolve(ref),
            parent: change.parent,
            strategy: change.strategy?.merge ?? .fail,
            isTrial: change.dryRun,
            by: session.author
        )
        try LakeMergeText.show(report, "revert", isTrial: change.dryRun, json: options.json)
    }
}

/// `martlet lake cherry-pick`.
struct LakeCherryPickCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cherry-pick",
        abstract: "Do what a commit of another branch did, on this one.",
        discussion: "The new commit has the message of the old one, and says where it came from."
    )

    @Argument(help: ArgumentHelp("The commit.", valueName: "ref"))
    var ref: String

    @OptionGroup var change: ReplayOptions
    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        let report = try session.tree.cherryPick(
            session.tree.resolve(ref),
            parent: change.parent,
            strategy: change.strategy?.merge ?? .fail,
            isTrial: change.dryRun,
            by: session.author
        )
        try LakeMergeText.show(report, "cherry-pick", isTrial: change.dryRun, json: options.json)
    }
}

/// Options of commands that apply the change of one commit.
struct ReplayOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Of a merge, the parent it is compared with, from 1.", valueName: "number"))
    var parent: Int?

    @Option(help: ArgumentHelp("Take this side where there is a conflict: ours or theirs.", valueName: "side"))
    var strategy: ConflictSide?

    @Flag(help: "Only show what would happen.")
    var dryRun = false
}
