import Foundation
import MartletCore
import MartletLake
import MartletLakeStore

/// What imports and exports say when they are done.
enum LakeExchangeText {
    /// Most problems listed one by one.
    private static let listed = 20

    static func show(_ report: DVCImport.Report, written: [String]) {
        let commits = report.commits.count == 1 ? "1 commit" : "\(report.commits.count) commits"
        Output.talk("\(report.branch): \(commits), \(report.files) files of \(report.bytes) bytes")
        show(report.problems)
        for path in written { Output.talk("wrote \(path)") }
        for pipeline in report.pipelines where !pipeline.remarks.isEmpty {
            Output.talk("of \(pipeline.file), to look at:")
            for remark in pipeline.remarks { Output.talk("  \(DisplayText.line(remark))") }
        }
        if let head = report.commits.last { Output.result(head.hex) }
    }

    static func show(_ report: DVCExport.Report, folder: String) {
        let outs = report.outs.count == 1 ? "1 tracked path" : "\(report.outs.count) tracked paths"
        Output.talk(
            "\(folder): \(outs), \(report.files) files of \(report.bytes) bytes, \(report.newObjects) new objects"
        )
        show(report.problems)
    }

    private static func show(_ problems: [DVCProblem]) {
        guard !problems.isEmpty else { return }
        Output.talk("left out:")
        for problem in problems.prefix(listed) {
            let commit = problem.commit.map { " at \($0.prefix(10))" } ?? ""
            Output.talk("  \(problem.kind.rawValue)  \(DisplayText.line(problem.path))  (\(problem.file)\(commit))")
        }
        if problems.count > listed { Output.talk("  and \(problems.count - listed) more; --json lists all") }
    }
}

/// Files that are only written when there are none.
enum NewFile {
    /// Writes a file, with the folders above it; whether there was none.
    ///
    /// - Throws: ``MartletError`` MT8005 when it cannot be written.
    static func write(_ text: String, to path: String) throws(MartletError) -> Bool {
        let url = URL(fileURLWithPath: path)
        if FileManager.default.fileExists(atPath: path) { return false }
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: url, options: .withoutOverwriting)
        } catch {
            throw MartletError(
                .fileUnwritable,
                "cannot write \(path)",
                remedy: "make the folder writable, or name another one",
                cause: "\(error)"
            )
        }
        return true
    }
}
