import ArgumentParser
import MartletCore
import MartletLake
import MartletLakeStore

/// `martlet lake export`.
struct LakeExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a commit as a repository of DVC or Git LFS.",
        discussion: """
            The repository may exist; what is in it and tracked by nobody is not touched.

              martlet lake export dvc main ../models
              martlet lake export dvc v1 ../models --only data --remote /mnt/store
              martlet lake export lfs main ../textures
            """,
        subcommands: [LakeExportDVCCommand.self, LakeExportLFSCommand.self]
    )
}

/// What the commands that export have in common.
struct LakeExportOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("A branch, tag or commit.", valueName: "ref"))
    var ref: String

    @Argument(help: ArgumentHelp("The repository's folder; made when it is missing.", valueName: "path"))
    var path: String

    @Option(help: ArgumentHelp("Only this file or folder of the lake.", valueName: "path"))
    var only: String?

    @Flag(help: "Replace and remove files that nobody has kept.")
    var force = false

    @OptionGroup var options: LakeOptions
}

/// `martlet lake export dvc`.
struct LakeExportDVCCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dvc",
        abstract: "Write a commit as a DVC repository.",
        discussion: """
            Objects go to the cache and files to their places, with .dvc files and entries
            in .gitignore. What came from a DVC repository is tracked as it was there, with
            comments and pipelines; of other data each dataset is tracked, and of the rest
            each folder at the top.
            """
    )

    @OptionGroup var target: LakeExportOptions

    @Option(help: ArgumentHelp("Put the objects here too, and make it the remote.", valueName: "folder"))
    var remote: String?

    @Flag(help: "Write no files, only what DVC needs for `dvc checkout`.")
    var noCheckout = false

    func run() async throws {
        let session = try target.options.open()
        let configuration = DVCExport.Configuration(
            within: try target.only.map { try session.path($0) } ?? [],
            writesFiles: !noCheckout,
            replaces: target.force,
            remote: try remote.map { try CurrentFolder.resolve($0) }
        )
        let commit = try session.tree.resolve(target.ref)
        let folder = try CurrentFolder.resolve(target.path)
        let report = try DVCExport(commit, of: session.lake, to: folder, configuration).run()
        if target.options.json { return Output.result(JSONText.encode(report)) }
        LakeExchangeText.show(report, folder: folder)
    }
}

/// `martlet lake export lfs`.
struct LakeExportLFSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lfs",
        abstract: "Write a commit as pointers of Git LFS.",
        discussion: "The files go to .git/lfs/objects, where `git lfs checkout` and `git lfs push` find them."
    )

    @OptionGroup var target: LakeExportOptions

    func run() async throws {
        let session = try target.options.open()
        let folder = try CurrentFolder.resolve(target.path)
        let report = try LFSExport(
            session.tree.resolve(target.ref),
            of: session.lake,
            to: folder,
            within: try target.only.map { try session.path($0) } ?? [],
            replaces: target.force
        ).run()
        if target.options.json { return Output.result(JSONText.encode(report)) }
        Output.talk("\(report.files) pointers in \(folder), \(report.newObjects) new objects")
    }
}
