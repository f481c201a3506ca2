import ArgumentParser
import MartletCore
import MartletLake
import MartletLakeStore

/// `martlet lake verify`.
struct LakeVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read everything in the lake, and compare it with its hashes.",
        discussion: """
            Names what is damaged, and the commits and files it touches; ends with exit
            code 1 then. Adding a damaged file again, or pulling from a copy, mends it.
            """
    )

    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        let progress = LakeProgress("verifying")
        defer { progress.end() }
        let report = try session.lake.verify { progress.update(bytes: $0, of: $1) }
        progress.end()
        if options.json {
            Output.result(Self.json(report).jsonText)
        } else {
            Output.result(Self.lines(report, .standardOutput).joined(separator: "\n"))
        }
        if !report.isSound { throw CommandFailure.silent(ExitStatus.workFailed) }
    }

    static func lines(_ report: VerifyReport, _ style: Style) -> [String] {
        let size = "\(LakeText.count(report.objects, "object")) in \(LakeText.count(report.packs, "pack"))"
        if report.isSound {
            return ["\(style.good("✓")) \(size), \(NumberText.bytes(report.bytes)): all as they were written"]
        }
        var lines = ["\(style.bad("✕")) damage in \(size)"]
        func add(_ title: String, _ texts: [String]) {
            if texts.isEmpty { return }
            lines += ["", title] + texts.prefix(Limits.shownFiles).map { "  \(style.bad("!")) \($0)" }
            lines += LakeText.more(texts.count)
        }
        add(
            "objects",
            report.damages.map { damage in
                let kind = damage.kind.map { "\($0) " } ?? ""
                return "\(kind)\(damage.id.short)  \(damage.what)\(damage.pack.map { ", in pack \($0.short)" } ?? "")"
            }
        )
        add("indexes of packs, which are read without", report.damagedIndexes.map(\.short))
        add("branches and tags", report.damagedRefs.map { DisplayText.line($0) })
        add("commits that need what is lost", report.touchedCommits.map(\.short))
        add("files that cannot be read", report.lostFiles.map { "\($0.path.display)  in \($0.commit.short)" })
        return lines
    }

    static func json(_ report: VerifyReport) -> JSONValue {
        let damages = report.damages.map { damage -> JSONValue in
            .object([
                "id": LakeJSON.id(damage.id), "kind": damage.kind.map { .string("\($0)") } ?? .null,
                "pack": LakeJSON.id(damage.pack), "what": .string(damage.what),
            ])
        }
        return .object([
            "sound": .bool(report.isSound), "packs": .integer(report.packs), "objects": .integer(report.objects),
            "bytes": .integer(report.bytes), "damages": .array(damages),
            "damaged_indexes": .array(report.damagedIndexes.map { .string($0.hex) }),
            "damaged_refs": .array(report.damagedRefs.map(JSONValue.string)),
            "touched_commits": .array(report.touchedCommits.map { .string($0.hex) }),
            "lost_files": .array(
                report.lostFiles.map { LakeJSON.object($0.path, ["commit": LakeJSON.id($0.commit)]) }
            ),
        ])
    }
}
