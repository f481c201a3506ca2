import ArgumentParser
import Foundation
import MartletCore
import MartletQuality
import MartletRuntime

/// `martlet quality report`.
struct QualityReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write what is known of the data's quality as web pages.",
        discussion: """
            The pages need no server and fetch nothing: open index.html in a browser,
            or copy the folder anywhere. They show the project's validations, suites
            and datasets, with what changed over time, and its profiles, comparisons
            and metrics. Only what is new is written: run it as often as you like.

              martlet quality report
              martlet quality report --out public/quality
              martlet quality report --from gx/uncommitted/validations --out site

            Files that are none of these are named and passed over.
            """
    )

    @Option(help: ArgumentHelp("The folder of the pages; .martlet/quality/report by default.", valueName: "dir"))
    var out: String?

    @Option(
        help: ArgumentHelp(
            "Show what is in this folder as well, such as results of Great Expectations; repeatable.",
            valueName: "dir"
        )
    )
    var from: [String] = []

    @Option(help: ArgumentHelp("What the report is called; by default as the project.", valueName: "text"))
    var title: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    @OptionGroup var project: ProjectOptions

    func run() async throws {
        let workspace = try project.workspace()
        try await exportMetrics(workspace)
        let root = workspace.layout.root
        let folder =
            try out.map { (out) throws(MartletError) in try CurrentFolder.resolve(out) }
            ?? "\(workspace.layout.state)/quality/report"
        var (suites, unread) = ReportSuites.load(root: root)
        suites.sort { $0.suite.name < $1.suite.name }
        let writer = ReportWriter(
            folder: folder,
            title: title ?? workspace.project.project,
            sources: try sources(workspace),
            suites: suites,
            unread: unread
        )
        let progress = LakeProgress("reading")
        defer { progress.end() }
        let build = try writer.write { progress.update($0, of: $1, "file") }
        progress.end()
        if json {
            Output.result(QualityReportText.json(build).jsonText)
        } else {
            Output.result(QualityReportText.lines(build, .standardOutput).joined(separator: "\n"))
        }
    }

    /// Writes the numbers that runs left where the report finds them.
    private func exportMetrics(_ workspace: Workspace) async throws {
        guard let store = try workspace.existingStore() else { return }
        let export = MetricExport(folder: "\(workspace.layout.state)/quality/metrics")
        for pipeline in try await MetricPipelines.named(nil, in: store) {
            let metrics = try await store.metrics(of: pipeline, series: nil, limit: Limits.metricHistory)
            try export.write(metrics, of: pipeline)
        }
        await store.close()
    }

    /// The project's own folders, and those that were asked for.
    private func sources(_ workspace: Workspace) throws -> [ReportFolder] {
        let own = ["validations", "profiles", "drift", "metrics"].map {
            ReportFolder(path: "\(workspace.layout.state)/quality/\($0)", name: $0)
        }
        return try own
            + from.map { name in
                let path = try CurrentFolder.resolve(name)
                var isFolder: ObjCBool = false
                if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
                    return ReportFolder(path: path, name: name)
                }
                throw MartletError(
                    .reportSourceMissing,
                    "there is no folder \(name) to report on",
                    remedy: "give a folder with validation results after --from"
                )
            }
    }
}

/// The suites of a project, for its report.
enum ReportSuites {
    /// All suites that can be read, and the files that cannot.
    static func load(root: String) -> (suites: [ReportSuite], unread: [ReportSkipped]) {
        var suites: [ReportSuite] = []
        var unread: [ReportSkipped] = []
        for name in SuiteFile.names(root: root) {
            guard let path = try? SuiteFile.find(name, from: root) else { continue }
            let shown = path.hasPrefix("\(root)/") ? String(path.dropFirst(root.count + 1)) : path
            do {
                let file = try SuiteFile.read(path, shownAs: shown)
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                let modified = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
                suites.append(ReportSuite(file.suite, file: shown, stamp: "\(modified) \(attributes[.size] ?? 0)"))
            } catch {
                unread.append(ReportSkipped(file: shown, reason: "cannot be read as a suite"))
            }
        }
        return (suites, unread)
    }
}
