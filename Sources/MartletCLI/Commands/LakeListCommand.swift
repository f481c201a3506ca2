import ArgumentParser
import MartletCore
import MartletLake
import MartletLakeStore

/// `martlet lake ls`.
struct LakeListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List the files of a commit.",
        discussion: """
            Paths are as seen from the project's folder. Folders end in a slash and are
            not looked into without --recursive.

              martlet lake ls
              martlet lake ls v1:data/labels -l
              martlet lake ls HEAD -r
            """
    )

    @Argument(help: ArgumentHelp("A commit, and a folder in it; what is staged without.", valueName: "ref[:prefix]"))
    var place: String?

    @Flag(name: [.customShort("l"), .long], help: "Tell sizes, and what files have.")
    var long = false

    @Flag(name: .shortAndLong, help: "List all files below.")
    var recursive = false

    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        let (root, prefix) = try start(session)
        let reader = TreeReader(root: root, objects: session.lake.objects)
        if !prefix.isEmpty, try reader.count(within: prefix) == 0 { throw try session.tree.unknown(prefix, in: root) }
        var cursor = reader.cursor(within: prefix)
        let skipped = prefix.isEmpty ? 0 : prefix.count + 1
        var list: [JSONValue] = []
        var count = 0
        while let file = try cursor.next() {
            count += 1
            let rest = file.path.bytes.dropFirst(skipped)
            if !recursive, let slash = rest.firstIndex(of: 0x2f) {
                let folder = Array(file.path.bytes[..<slash])
                cursor.skip(folder)
                let inside = try reader.count(within: folder)
                if options.json {
                    list.append(
                        LakeJSON.object(LakePath(trusted: folder), ["type": "folder", "files": .integer(inside)])
                    )
                } else {
                    show(folder: folder, inside)
                }
            } else if options.json {
                list.append(LakeJSON.object(file.path, LakeJSON.members(file.entry).merging(["type": "file"]) { $1 }))
            } else {
                show(file.path, file.entry)
            }
        }
        if options.json { return Output.result(JSONValue.array(list).jsonText) }
        if count == 0 { Output.talk("no files") }
    }

    private func start(_ session: LakeSession) throws -> (ObjectID, [UInt8]) {
        guard let place else { return (try session.tree.position().stagedRoot, []) }
        let parts = place.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let ref = parts.first.map(String.init) ?? ""
        let prefix = parts.count > 1 ? try session.path(parts[1]) : []
        if ref.isEmpty { return (try session.tree.position().stagedRoot, prefix) }
        return (try session.tree.record(of: session.tree.resolve(ref)).root, prefix)
    }

    private func show(folder: [UInt8], _ count: Int) {
        let style = Style.standardOutput
        let name = style.accent(DisplayBytes.text(of: folder) + "/")
        if !long { return Output.result(name) }
        Output.result("\(Self.column(LakeText.count(count, "file"), 12))  \(Self.column("", 14))  \(name)")
    }

    private func show(_ path: LakePath, _ entry: FileEntry) {
        if !long { return Output.result(path.display) }
        let style = Style.standardOutput
        let mark = entry.isExecutable ? " *" : "  "
        let dataset = entry.dataset.map { style.faint("  dataset \($0)") } ?? ""
        let size = Self.column(NumberText.bytes(entry.size), 12)
        Output.result("\(size)  \(style.accent(entry.content.short))\(mark)  \(path.display)\(dataset)")
    }

    private static func column(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
