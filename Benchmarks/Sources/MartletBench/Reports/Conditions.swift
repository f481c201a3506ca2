import Foundation
import Glibc

/// Under which circumstances was measured.
struct Conditions {
    /// The type of the scratch folder's file system.
    let fileSystem: String
    let lines: [String]

    /// Whether other work had so much of the machine that times say little; ratios and CPU time still do.
    let isBusy: Bool

    /// Looks around.
    ///
    /// - Throws: ``BenchProblem`` when the scratch folder is in memory, where a durable commit costs nothing, or the
    ///   subject does not tell its version.
    static func gather(options: Options, subject: Subject, scratch: ScratchFolder) throws(BenchProblem) -> Conditions {
        let fileSystem = FileSystemKind.name(of: scratch.path)
        if FileSystemKind.inMemory.contains(fileSystem) {
            throw BenchProblem("\(scratch.path) is in memory (\(fileSystem))", remedy: "name a disk with --scratch")
        }
        let (_, version) = try subject.sample(["--version"], in: scratch.path)
        let versionText = String(decoding: version, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let load = loadAverage
        return Conditions(
            fileSystem: fileSystem,
            lines: [
                "Date: \(Date.now.formatted(.iso8601))",
                "Processor: \(processor), \(cores) cores",
                "Memory: \(ProcessInfo.processInfo.physicalMemory >> 20) MiB",
                "Kernel: \(kernel)",
                "Load average at the start: \(load.map { Decimals.text($0, places: 2) } ?? "unknown")",
                "Scratch folder on: \(fileSystem)",
                "martlet: \(versionText), \(place(of: subject))",
                "Command: `\(command)`; \(options.runs) counted runs of every part",
            ],
            isBusy: load.map { $0 > Double(cores) / 2 } ?? false
        )
    }

    /// Where the subject lies, told without this machine's folders.
    private static func place(of subject: Subject) -> String {
        let root = Subject.repository + "/"
        if subject.path.hasPrefix(root) { return "`\(subject.path.dropFirst(root.count))`" }
        return "`\(URL(fileURLWithPath: subject.path).lastPathComponent)` from outside the repository"
    }

    private static var command: String {
        let root = Subject.repository + "/"
        let words = CommandLine.arguments.dropFirst().map { $0.replacing(root, with: "") }
        return (["swift run -c release martlet-bench"] + words).joined(separator: " ")
    }

    private static var processor: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? "unknown"
    }

    private static var kernel: String {
        let release = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? "unknown"
        return "Linux \(release.trimmingCharacters(in: .whitespacesAndNewlines))"
    }

    /// Of the last minute.
    private static var loadAverage: Double? {
        var load = 0.0
        return getloadavg(&load, 1) == 1 ? load : nil
    }
}

/// File systems by what mount(8) calls them.
enum FileSystemKind {
    /// Those that keep nothing on a disk.
    static let inMemory: Set<String> = ["tmpfs", "ramfs"]

    /// The type of the file system that holds `path`: that of the longest mount point above it.
    static func name(of path: String) -> String {
        let mounts = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? ""
        var best: (point: Substring, kind: Substring) = ("", "unknown")
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 2 else { continue }
            let above = fields[1] == "/" || path == fields[1] || path.hasPrefix("\(fields[1])/")
            // Of two mounted at one point the later one is seen.
            if above, fields[1].count >= best.point.count { best = (fields[1], fields[2]) }
        }
        return String(best.kind)
    }
}
