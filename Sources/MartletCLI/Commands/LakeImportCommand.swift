import ArgumentParser
import MartletCore
import MartletLake
import MartletLakeStore

/// `martlet lake import`.
struct LakeImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring in data that DVC or Git LFS keeps.",
        discussion: """
            The repository stays as it is. What cannot be brought over is listed.

              martlet lake import dvc ../models
              martlet lake import dvc ../models --all-history --branch imported
              martlet lake import lfs ../textures
            """,
        subcommands: [LakeImportDVCCommand.self, LakeImportLFSCommand.self]
    )
}

/// What the commands that import have in common.
struct LakeImportOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The repository.", valueName: "path"))
    var path: String

    @Option(help: ArgumentHelp("The branch that gets the commits.", valueName: "name"))
    var branch = "main"

    @Flag(help: "Leave out files that cannot be found, and list them.")
    var allowMissing = false

    @OptionGroup var options: LakeOptions
}

/// `martlet lake import dvc`.
struct LakeImportDVCCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dvc",
        abstract: "Bring in what a DVC repository tracks.",
        discussion: """
            Files come from the cache, from remotes that are folders, from the workspace
            and, where DVC leaves them to git, from git; every hash is checked. Of other
            remotes, fetch first: `dvc fetch`, or `dvc fetch --all-commits`.

            Each dvc.yaml becomes a pipeline of Martlet, which --pipelines writes.
            """
    )

    @OptionGroup var source: LakeImportOptions

    @Flag(help: "Make a commit of each commit of git that changed data, with its author, time and message.")
    var allHistory = false

    @Option(help: ArgumentHelp("Write the pipelines to this folder; files that exist stay.", valueName: "folder"))
    var pipelines: String?

    func run() async throws {
        let session = try source.options.open()
        let repository = try DVCRepository.find(from: CurrentFolder.resolve(source.path))
        let author = session.author
        let configuration = DVCImport.Configuration(
            branch: try session.branch(source.branch),
            includesHistory: allHistory,
            allowsMissing: source.allowMissing,
            author: author.name,
            time: author.time
        )
        let report = try DVCImport(repository, into: session.lake, configuration).run()
        var written: [String] = []
        if let pipelines {
            let folder = try CurrentFolder.resolve(pipelines)
            for manifest in report.pipelines {
                guard let name = manifest.name, let text = manifest.text else { continue }
                if try NewFile.write(text, to: "\(folder)/\(name).yaml") { written.append("\(folder)/\(name).yaml") }
            }
        }
        if source.options.json { return Output.result(JSONText.encode(report)) }
        LakeExchangeText.show(report, written: written)
    }
}

/// `martlet lake import lfs`.
struct LakeImportLFSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lfs",
        abstract: "Bring in the files that Git LFS keeps.",
        discussion: "Pointers that are checked out are replaced by the files, from .git/lfs/objects."
    )

    @OptionGroup var source: LakeImportOptions

    func run() async throws {
        let session = try source.options.open()
        let author = session.author
        let report = try LFSImport(
            folder: CurrentFolder.resolve(source.path),
            into: session.lake,
            branch: session.branch(source.branch),
            allowsMissing: source.allowMissing
        ).run(by: author.name, at: author.time)
        if source.options.json { return Output.result(JSONText.encode(report)) }
        LakeExchangeText.show(report, written: [])
    }
}
