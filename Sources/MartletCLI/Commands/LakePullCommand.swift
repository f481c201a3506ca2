import ArgumentParser
import MartletCore
import MartletLake
import MartletLakeStore

/// `martlet lake fetch`.
struct LakeFetchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Get what a remote has; branches and files here stay as they are.",
        discussion: "Its branches are named REMOTE/BRANCH then: `martlet lake log origin/main`."
    )

    @Argument(help: ArgumentHelp("A name that is kept, a folder or a URL; origin without.", valueName: "remote"))
    var remote: String?

    @OptionGroup var options: LakeOptions

    func run() async throws {
        let session = try options.open()
        let (store, name) = try LakeRemotes.open(remote, session)
        let author = session.author
        let progress = LakeProgress("fetching")
        defer { progress.end() }
        let report = try await Transfer(session.lake, store, name: name).fetch(by: author.name, at: author.time) {
            progress.update(bytes: $0, of: $1)
        }
        progress.end()
        LakeTransferText.show(report, "from \(store.location)", json: options.json)
    }
}

/// `martlet lake pull`.
struct LakePullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Get what a remote has, and bring branches and files up to it.",
        discussion: """
            Branches go forward only: one that has commits of its own is told, with exit
            code 1; merge REMOTE/BRANCH then. Without names all branches that are here
            are brought up.
            """
    )

    @Argument(help: ArgumentHelp("A name that is kept, a folder or a URL; origin without.", valueName: "remote"))
    var remote: String?

    @Argument(help: ArgumentHelp("Only these; made when they are not here.", valueName: "branch"))
    var branches: [String] = []

    @OptionGroup var options: LakeOptions

    func run() async throws {
        let session = try options.open()
        let (store, name) = try LakeRemotes.open(remote, session)
        let chosen = branches.isEmpty ? nil : try branches.map { try session.branch($0) }
        let author = session.author
        let progress = LakeProgress("pulling")
        defer { progress.end() }
        let report = try await Transfer(session.lake, store, name: name).pull(
            chosen,
            by: author.name,
            at: author.time
        ) { progress.update(bytes: $0, of: $1) }
        progress.end()
        let files = try session.tree.catchUp()
        LakeTransferText.show(report, "from \(store.location)", files: files, json: options.json)
        let apart = report.refs.filter { $0.outcome == .diverged }
        if apart.isEmpty { return }
        if !options.json {
            Output.talk("bring the sides together with `martlet lake merge \(name)/\(apart[0].ref.name)`")
        }
        throw CommandFailure.silent(ExitStatus.workFailed)
    }
}
