// Commits to branches of its own, collects garbage and pushes for ever, and says on standard output what has been
// acknowledged: a line `<branch> <commit>` for a commit. A test kills it and then looks whether the lake kept the promise.

import Foundation
import MartletCore
import MartletLake
import MartletLakeStore
import Synchronization

let arguments = CommandLine.arguments
guard arguments.count == 4, let seed = UInt64(arguments[3]) else {
    FileHandle.standardError.write(Data("usage: lake-crash-writer FOLDER NAME SEED\n".utf8))
    exit(2)
}

/// What the lanes do; each is called again and again on a thread of its own.
struct CrashWriter: Sendable {
    let lake: Lake
    let store: FolderObjectStore
    let name: String

    /// One write, so that lines of two lanes never mix.
    func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    func now() -> Timestamp { Timestamp(seconds: Date().timeIntervalSince1970) }

    func commit(to branch: BranchName, _ random: inout SplitMix64) throws {
        let head = lake.refs.branch(branch)
        let files = (0..<(1 + random.next() % 5)).map { _ in (name: random.next() % 50, size: random.next() % 40_000) }
        let salt = random.next() % 3
        let id = try lake.write { writer throws(MartletError) in
            var edits: [UInt64: TreeEdit] = [:]
            for file in files {
                // Many of them the same as others, so that writers rely on what is there.
                let content = [UInt8](repeating: UInt8(salt), count: Int(file.size / 1_000 * 1_000))
                let entry = FileEntry(content: try writer.put(content, as: .data), md5: .zero, size: content.count)
                edits[file.name] = TreeEdit(path: LakePath(trusted: Array("f\(file.name + 100)".utf8)), entry: entry)
            }
            let root =
                if let head { try CommitHistory(objects: writer).record(head).root } else {
                    try TreeWriter.empty(writer)
                }
            let sorted = edits.sorted { $0.key < $1.key }.map(\.value)
            let record = CommitRecord(
                parents: [head].compactMap(\.self),
                root: try TreeWriter.apply(sorted, to: root, writer),
                author: name,
                time: now(),
                message: "next"
            )
            return try writer.put(record.encoded, as: .commit)
        }
        try lake.move(branch: branch, from: head, to: id, by: name, why: "next", at: now())
        say("\(branch) \(id)")
    }

    func collect() throws {
        var options = CollectOptions()
        // Longer than a writer rests between its objects and its ref.
        options.graceSeconds = 5
        _ = try lake.collect(RetentionPolicy(), options, now: now())
    }

    func push() async throws {
        let refs = try lake.refs.branches().map { Ref.branch($0.name) }
        do throws(MartletError) {
            _ = try await Transfer(lake, store).push(refs, by: name, at: now())
        } catch {
            // The other process pushes the same branches, and may have been quicker.
            if error.code != .refMoved, error.code != .pushNotFastForward { throw error }
        }
    }

    /// Calls `body` for ever on a thread.
    func forever(_ body: @escaping @Sendable () throws -> Void) {
        Thread { while true { do { try body() } catch { say("failed \(error)") } } }.start()
    }
}

let folder = arguments[1]
let writer = CrashWriter(
    lake: try Lake.open(folder + "/lake"),
    store: FolderObjectStore(folder + "/store"),
    name: arguments[2]
)
for lane in UInt64(1)...2 {
    let random = Mutex(SplitMix64(seed: seed &+ lane))
    let branch = BranchName(trusted: "\(arguments[2])-\(lane)")
    writer.forever { try random.withLock { try writer.commit(to: branch, &$0) } }
}
writer.forever { try writer.collect() }
while true {
    do { try await writer.push() } catch { writer.say("failed \(error)") }
}
