import ArgumentParser
import MartletCore
import MartletLake
import MartletLakeStore

/// `martlet lake gc`.
struct LakeCollectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove what no branch, tag or recent move needs any more.",
        discussion: """
            Branches of failed runs expire after 30 days, and what a branch pointed to
            is kept for 14 days. Those of runs that go on or wait stay. Objects that nothing needs are kept for the grace time,
            so that whoever is adding loses nothing.
            """
    )

    @Option(help: ArgumentHelp("How long what nothing needs is kept, as in 1h.", valueName: "duration"))
    var grace: String?

    @Flag(help: "Only show what would be removed.")
    var dryRun = false

    @OptionGroup var options: LakeOptions

    func run() async throws {
        let session = try options.open()
        var choice = CollectOptions()
        if let grace {
            guard let duration = try? Duration(text: grace) else {
                throw MartletError(.valueInvalid, "\"\(grace)\" is no duration", remedy: "write 30m, 1h or 2d")
            }
            choice.graceSeconds = Int(duration.components.seconds)
        }
        choice.isDryRun = dryRun
        choice.by = session.author.name
        if let branch = try session.tree.position().state.branch { choice.inUse = [branch] }
        let runs = try await RunBranches(of: session)
        choice.inUse.formUnion(runs.active)
        if !dryRun { try runs.removePublished(from: session) }
        let progress = LakeProgress("collecting")
        defer { progress.end() }
        let report = try session.lake.collect(RetentionPolicy(), choice, now: session.author.time) {
            progress.update($0, of: $1, "pack")
        }
        progress.end()
        if options.json { return Output.result(JSONText.encode(report)) }
        let dead = report.objects - report.liveObjects
        let expired = report.expiredBranches.map { "expired: \($0)" }
        let word = dryRun ? "would be freed" : "freed"
        let rest = "\(LakeText.count(dead, "object")) of \(NumberText.grouped(report.objects)) are needed by nothing"
        Output.talk((expired + ["\(NumberText.bytes(report.freedBytes)) \(word); \(rest)"]).joined(separator: "\n"))
    }
}
