import ArgumentParser
import MartletCore
import MartletLake
import MartletLakeStore

/// `martlet lake push`.
struct LakePushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Send branches and tags to a remote, with all they need.",
        discussion: """
            Without names the branch that is checked out is sent. What the remote has
            already is not sent again, and one that was cut off goes on.

              martlet lake push
              martlet lake push origin main v1
              martlet lake push /mnt/share/prices --all
            """
    )

    @Argument(help: ArgumentHelp("A name that is kept, a folder or a URL; origin without.", valueName: "remote"))
    var remote: String?

    @Argument(help: ArgumentHelp("Branches and tags.", valueName: "ref"))
    var refs: [String] = []

    @Flag(help: "Send all branches but those of runs, and all tags.")
    var all = false

    @Flag(help: "Let the remote's branch lose commits that are not here.")
    var force = false

    @OptionGroup var options: LakeOptions

    func run() async throws {
        let session = try options.open()
        let (store, name) = try LakeRemotes.open(remote, session)
        let chosen = try choice(session)
        let author = session.author
        let progress = LakeProgress("pushing")
        defer { progress.end() }
        let transfer = Transfer(session.lake, store, name: name)
        let report = try await transfer.push(chosen, force: force, by: author.name, at: author.time) {
            progress.update(bytes: $0, of: $1)
        }
        progress.end()
        LakeTransferText.show(report, "to \(store.location)", json: options.json)
    }

    private func choice(_ session: LakeSession) throws -> [Ref] {
        let lake = session.lake
        if all {
            let branches = try lake.refs.branches().map(\.name).filter { !$0.rawValue.hasPrefix("run/") }
            return try branches.map(Ref.branch) + lake.refs.tags().map { Ref.tag($0.name) }
        }
        if !refs.isEmpty {
            return try refs.map { word in
                if let branch = BranchName(rawValue: word), try lake.refs.head(of: .branch(branch)) != nil {
                    return .branch(branch)
                }
                if let tag = TagName(rawValue: word), try lake.refs.head(of: .tag(tag)) != nil { return .tag(tag) }
                let names = try WorkRefs(lake).names()
                throw MartletError(
                    .refUnknown,
                    "there is no branch or tag \(word)",
                    remedy: NearestName.of(word, among: names).map { "did you mean \($0)?" }
                        ?? "`martlet lake branch` and `martlet lake tag` list them"
                )
            }
        }
        let position = try session.tree.position()
        guard let branch = position.state.branch, position.head != nil else {
            throw MartletError(
                .notOnBranch,
                "there is no branch to push",
                remedy: "make a commit first, or name a branch or tag"
            )
        }
        return [.branch(branch)]
    }
}
