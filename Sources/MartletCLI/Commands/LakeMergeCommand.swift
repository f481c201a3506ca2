import ArgumentParser
import MartletCore
import MartletLake
import MartletLakeStore

/// `martlet lake merge`.
struct LakeMergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Bring what another branch has into this one.",
        discussion: """
            Files that one side changed are taken from it; what both changed in
            different ways is a conflict. All files of a dataset count as one thing. A
            merge with conflicts changes nothing and ends with exit code 1.

              martlet lake merge experiment --dry-run
              martlet lake merge experiment --strategy theirs
              martlet lake merge run/flights-20261123T060000Z-x7k2 --into main
            """
    )

    @Argument(help: ArgumentHelp("A branch, tag or commit.", valueName: "ref"))
    var ref: String

    @Option(help: ArgumentHelp("Merge into this branch instead of the one checked out.", valueName: "branch"))
    var into: String?

    @Option(help: ArgumentHelp("Take this side where both changed the same: ours or theirs.", valueName: "side"))
    var strategy: ConflictSide?

    @Option(name: .shortAndLong, help: ArgumentHelp("The commit's message.", valueName: "text"))
    var message: String?

    @Flag(help: "Only show what would happen.")
    var dryRun = false

    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        let theirs = try session.tree.resolve(ref)
        let report = try session.tree.merge(
            theirs,
            named: ref,
            into: into.map { try session.branch($0) },
            strategy: strategy?.merge ?? .fail,
            message: message,
            isTrial: dryRun,
            by: session.author
        )
        try LakeMergeText.show(report, "merge", isTrial: dryRun, json: options.json)
    }
}

/// A side of a merge.
enum ConflictSide: String, CaseIterable, ExpressibleByArgument {
    case ours, theirs

    var merge: MergeStrategy { self == .ours ? .ours : .theirs }
}
