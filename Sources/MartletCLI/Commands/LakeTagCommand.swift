import ArgumentParser
import MartletCore
import MartletLake
import MartletLakeStore

/// `martlet lake tag`.
struct LakeTagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "List, make and remove tags: names of commits that do not move.",
        discussion: """
              martlet lake tag v1
              martlet lake tag paper main~3
            """
    )

    @Argument(help: "A tag.")
    var name: String?

    @Argument(help: ArgumentHelp("The commit; HEAD without.", valueName: "ref"))
    var ref: String?

    @Flag(name: [.customShort("d"), .long], help: "Remove the tag.")
    var delete = false

    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        guard let name else { return try list(session) }
        let tag: TagName = try NameArgument.read(name)
        let author = session.author
        let former = try session.lake.refs.head(of: .tag(tag))
        if delete {
            guard let former else {
                let names = try session.lake.refs.tags().map(\.name.rawValue)
                throw MartletError(
                    .refUnknown,
                    "there is no tag \(tag)",
                    remedy: NearestName.of(name, among: names).map { "did you mean \($0)?" }
                        ?? "`martlet lake tag` lists them"
                )
            }
            try session.lake.move(tag: tag, from: former, to: nil, by: author.name, why: "delete tag", at: author.time)
            if options.json { return Output.result(JSONValue.object(["removed": .string(name)]).jsonText) }
            return Output.talk("removed tag \(tag), which named \(former.short)")
        }
        if let former {
            throw MartletError(
                .refExists,
                "there is a tag \(tag) already, at \(former.short)",
                remedy: "choose another name; tags do not move"
            )
        }
        let commit = try session.tree.resolve(ref ?? "HEAD")
        try session.lake.move(tag: tag, from: nil, to: commit, by: author.name, why: "tag", at: author.time)
        if options.json {
            return Output.result(JSONValue.object(["tag": .string(name), "commit": LakeJSON.id(commit)]).jsonText)
        }
        Output.talk("tag \(tag) names \(commit.short)")
    }

    private func list(_ session: LakeSession) throws {
        let tags = try session.lake.refs.tags()
        if options.json {
            let list = tags.map { tag in
                JSONValue.object(["name": .string(tag.name.rawValue), "commit": LakeJSON.id(tag.commit)])
            }
            return Output.result(JSONValue.array(list).jsonText)
        }
        if tags.isEmpty { return Output.talk("no tags yet") }
        let style = Style.standardOutput
        var table = TextTable([.left, .left, .left])
        for tag in tags {
            let record = try? session.tree.record(of: tag.commit)
            table.add([
                TextTable.Cell(text: tag.name.rawValue),
                TextTable.Cell(text: tag.commit.short, paint: style.accent),
                TextTable.Cell(text: record.map { LakeCommitText.firstLine($0) } ?? ""),
            ])
        }
        Output.result(table.lines(indent: "").joined(separator: "\n"))
    }
}
