import ArgumentParser
import Glibc
import MartletCore
import MartletLake
import MartletLakeStore

/// `martlet lake cat`.
struct LakeCatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cat",
        abstract: "Write a file of a commit to standard output.",
        discussion: """
            The path is as seen from the project's folder; without REF it is the staged
            file. Bytes are checked against their hashes on the way.

              martlet lake cat v1:data/labels.csv | head
            """
    )

    @Argument(help: ArgumentHelp("A commit and a path in it.", valueName: "ref:path"))
    var place: String

    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        let parts = place.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else {
            throw MartletError(
                .commandLineInvalid,
                "\"\(place)\" is not REF:PATH",
                remedy: "write HEAD:\(place) for the last commit, or :\(place) for what is staged"
            )
        }
        let ref = String(parts[0])
        let root =
            ref.isEmpty
            ? try session.tree.position().stagedRoot : try session.tree.record(of: session.tree.resolve(ref)).root
        let path = try LakePath(validating: session.path(parts[1]))
        guard let entry = try TreeReader(root: root, objects: session.lake.objects).entry(at: path) else {
            throw try session.tree.unknown(path.bytes, in: root)
        }
        if options.json { return Output.result(LakeJSON.entry(path, entry).jsonText) }
        try write(entry, session)
    }

    private func write(_ entry: FileEntry, _ session: LakeSession) throws {
        guard case .chunked(let list) = entry.storage else {
            _ = try session.lake.objects.object(entry.content).withUnsafeBytes { Output.write($0, to: STDOUT_FILENO) }
            return
        }
        var cursor = try ChunkCursor(list: list, size: entry.size, objects: session.lake.objects)
        while let chunk = try cursor.next() {
            let bytes = try session.lake.objects.object(chunk.id)
            // A reader that has enough ends it.
            if !bytes.withUnsafeBytes({ Output.write($0, to: STDOUT_FILENO) }) { return }
        }
    }
}
