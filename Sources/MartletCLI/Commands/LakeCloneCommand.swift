import ArgumentParser
import Foundation
import MartletCore
import MartletLake
import MartletLakeStore
import MartletRuntime

/// `martlet lake clone`.
struct LakeCloneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clone",
        abstract: "Make a project with a copy of a remote's lake, and check its files out.",
        discussion: """
            One that was cut off goes on when it is called again.

              martlet lake clone /mnt/share/prices prices
            """
    )

    @Argument(help: ArgumentHelp("A folder or a URL.", valueName: "url"))
    var url: String

    @Argument(help: ArgumentHelp("The project's folder; made if it is not there.", valueName: "dir"))
    var directory: String?

    @Option(
        name: [.customShort("b"), .long],
        help: ArgumentHelp("The branch to check out; main without.", valueName: "name")
    )
    var branch: String?

    @Flag(help: "Do not bring the files.")
    var noCheckout = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let here = try CurrentFolder.resolve(".")
        let store = try LakeRemotes.store(url, in: here)
        let root = try CurrentFolder.resolve(directory ?? (store.location as NSString).lastPathComponent)
        let layout = ProjectLayout(root: root)
        try check(root, layout)
        let who = "\(NSUserName())@\(Workspace.hostName)"
        let progress = LakeProgress("cloning")
        defer { progress.end() }
        let isNew = !FileManager.default.fileExists(atPath: root)
        let (lake, report): (Lake, TransferReport)
        do {
            (lake, report) = try await Transfer.clone(store, into: layout.lake, by: who, at: SystemTime().now) {
                progress.update(bytes: $0, of: $1)
            }
        } catch {
            // An address that is wrong leaves no folder behind.
            if isNew { rmdir(root) }
            throw error
        }
        try lake.save(remotes: ["origin": url.contains("://") ? url : store.location])
        let file = "\(root)/\(ProjectFile.name)"
        if !FileManager.default.fileExists(atPath: file) {
            try FileSystem.write(Array("project: \(InitCommand.projectName(root))\n".utf8), to: file)
        }
        let (name, files) = try checkOut(lake, root, report, progress)
        progress.end()
        if json {
            return Output.result(
                JSONValue.object([
                    "project": .string(root), "branch": LakeJSON.branch(name), "bytes": .integer(report.bytes),
                    "files": files.map(LakeJSON.files) ?? .null,
                ]).jsonText
            )
        }
        let words = files.map { "; \(name?.rawValue ?? ""): \(LakeCheckoutCommand.words($0))" } ?? ""
        Output.talk("\(root): \(NumberText.bytes(report.bytes)) from \(store.location)\(words)")
    }

    private func check(_ root: String, _ layout: ProjectLayout) throws {
        let isCutOff = FileManager.default.fileExists(atPath: layout.lake)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        if names.isEmpty || isCutOff || names.allSatisfy({ [ProjectFile.name, ".git", ".gitignore"].contains($0) }) {
            return
        }
        throw MartletError(
            .folderNotEmpty,
            "\(root) holds something already",
            reason: "files of the lake could meet with it",
            remedy: "choose another folder, or pull into the project there"
        )
    }

    private func checkOut(
        _ lake: Lake,
        _ root: String,
        _ report: TransferReport,
        _ progress: LakeProgress
    ) throws -> (BranchName?, MoveReport?) {
        let names = try lake.refs.branches().map(\.name)
        var chosen = names.contains(.main) ? BranchName.main : names.first
        let tree = try WorkingTree(root: root, lake: lake)
        if let branch {
            let name: BranchName = try NameArgument.read(branch)
            if !names.contains(name) { throw try tree.unknown(branch: name) }
            chosen = name
        }
        guard !noCheckout, let chosen, let commit = try lake.refs.head(of: .branch(chosen)) else {
            return (chosen, nil)
        }
        return (chosen, try tree.checkout(commit, branch: chosen) { progress.update($0) })
    }
}
