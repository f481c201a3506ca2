import ArgumentParser
import MartletCore
import MartletRuntime
import MartletScheduling

/// `martlet pipelines diff`.
struct PipelinesDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what differs between two versions of a pipeline.",
        discussion: """
            OLD and NEW are numbers of versions, or `file` for the pipeline's file as it
            is now. Without them the newest version is compared with the one before;
            with OLD alone, OLD with the newest.

              martlet pipelines diff churn
              martlet pipelines diff churn 3 5
              martlet pipelines diff churn 5 file --exit-code
            """
    )

    @Argument(help: "A pipeline's name.")
    var pipeline: String

    @Argument(help: "The former version.")
    var old: String?

    @Argument(help: "The latter version.")
    var new: String?

    @Flag(help: "End with exit code 1 when they differ.")
    var exitCode = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let versions = try await PipelineVersions.read(pipeline, store)
        await store.close()
        let (former, latter) = try choice(versions)
        let directory = try options.directory
        let before = try manifest(former, versions, directory)
        let after = try manifest(latter, versions, directory)
        let diff = ManifestDiff(from: before, to: after)
        if json {
            Output.result(DiffReport.json(diff, pipeline: pipeline, from: former, to: latter).jsonText)
        } else if diff.isEmpty {
            Output.talk("\(pipeline): no difference between \(Self.name(former)) and \(Self.name(latter))")
        } else {
            let head = "\(pipeline): \(Self.name(former)) → \(Self.name(latter))"
            Output.result(([head] + DiffText(style: .standardOutput).lines(diff)).joined(separator: "\n"))
        }
        if exitCode, !diff.isEmpty { throw CommandFailure.silent(ExitStatus.workFailed) }
    }

    private func choice(_ versions: [PipelineVersions.Version]) throws(MartletError) -> (String, String) {
        let newest = versions[versions.count - 1].number
        if let old { return (old, new ?? String(newest)) }
        // Of a pipeline with one version only its file can be something else.
        if versions.count < 2 { return (String(newest), "file") }
        return (String(versions[versions.count - 2].number), String(newest))
    }

    private func manifest(
        _ word: String,
        _ versions: [PipelineVersions.Version],
        _ directory: String
    ) throws -> PipelineManifest {
        if word == "file" { return try PipelineArgument.load(pipeline, in: directory).manifest }
        if let number = Int(word), let found = versions.first(where: { $0.number == number }) { return found.manifest }
        throw MartletError(
            .versionUnknown,
            "pipeline \(pipeline) has no version \"\(word)\"",
            remedy: "use 1 to \(versions.last?.number ?? 1), or file"
        )
    }

    private static func name(_ word: String) -> String { word == "file" ? "its file" : "version \(word)" }
}
