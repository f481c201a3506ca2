import Foundation
import MartletCore
import MartletQuality

/// What `martlet.yaml` says: the settings of a project.
struct ProjectFile: Hashable, Sendable {
    /// The file's name.
    static let name = "martlet.yaml"

    /// The folder that holds the file, from which relative paths start; absolute.
    var root: String
    /// The project's name; the folder's without one in the file.
    var project: String
    /// Patterns of the pipeline files.
    var pipelines = ["pipelines/*.yaml"]
    /// The URL of the state store.
    var state = "sqlite:.martlet/martlet.db"
    /// The interpreter of python steps.
    var python = "python3"
    /// Most steps of one run that run at once; nil leaves it to the machine.
    var maxParallelSteps: Int?
    /// The file of the project's rules; nil for `tests/policy.yaml` where there is one.
    var policy: String?
    /// The URL of the cluster that streams are on; nil for the project's own log server.
    var streams: String?
    /// Where Spark runs, and with what.
    var spark = SparkSettings()
    /// The ways to tell people of alerts, by name.
    var notifiers: [NotifierID: NotifierSpec] = [:]
    /// Who is told of incidents; nil writes them to the log of alerts alone.
    var incidents: IncidentPolicy?

    /// The settings of a project without a file.
    init(root: String) {
        self.root = root
        project = URL(fileURLWithPath: root).lastPathComponent
    }

    /// The project whose file is in the folder `root`.
    ///
    /// - Parameters:
    ///   - root: The folder; absolute.
    ///   - shown: How a path is named in errors.
    /// - Returns: the settings, with defaults for what the file does not say.
    /// - Throws: ``PipelineLoadFailure`` with all that is wrong in the file.
    static func load(root: String, shown: (String) -> String) throws(PipelineLoadFailure) -> ProjectFile {
        let path = URL(fileURLWithPath: root).appendingPathComponent(name).path
        let source: SourceText
        do {
            source = try TextFile.read(path, shownAs: shown(path))
        } catch {
            throw PipelineLoadFailure(error)
        }
        return try load(source, root: root)
    }

    /// The project that `source` describes.
    static func load(_ source: SourceText, root: String) throws(PipelineLoadFailure) -> ProjectFile {
        let diagnostics = Diagnostics(source)
        var file = ProjectFile(root: root)
        // An empty file is a project of defaults.
        if let node = YAMLReader.read(diagnostics) { file.read(node, diagnostics) }
        if !diagnostics.errors.isEmpty { throw PipelineLoadFailure(diagnostics) }
        return file
    }

    private mutating func read(_ node: YAMLNode, _ diagnostics: Diagnostics) {
        if case .scalar(let scalar) = node.content, scalar.isNull { return }
        guard let entries = node.entries else {
            diagnostics.reject(
                node,
                "a project file is a mapping; this is \(node.kindName)",
                remedy: "write project: NAME"
            )
            return
        }
        if node.entry("steps") != nil {
            diagnostics.report(
                .keyUnknown,
                "this is a pipeline, not a project file",
                remedy: "move it to pipelines/, and keep project: NAME here",
                at: node.position
            )
            return
        }
        KnownKeys.project.check(entries, diagnostics)
        project = diagnostics.name(node.entry("project"), as: PipelineID.self)?.rawValue ?? project
        pipelines = diagnostics.texts(node.entry("pipelines")) ?? pipelines
        state = diagnostics.text(node.entry("state")) ?? state
        python = diagnostics.text(node.entry("python")) ?? python
        streams = diagnostics.text(node.entry("streams"))
        spark = spark(node.entry("spark"), diagnostics) ?? spark
        policy = diagnostics.text(node.entry("policy"))
        notifiers = Self.notifiers(node.entry("notifiers"), diagnostics)
        incidents = incidents(node.entry("incidents"), diagnostics)
        maxParallelSteps = diagnostics.integer(node.entry("max_parallel_steps"))
        if let slots = maxParallelSteps, !(1...Limits.parallelSteps).contains(slots),
            let entry = node.entry("max_parallel_steps")
        {
            diagnostics.reject(
                entry.value,
                "max_parallel_steps is \(slots)",
                remedy: "use 1 to \(Limits.parallelSteps)"
            )
        }
    }

    /// Where Spark runs: a text, or a mapping.
    private func spark(_ entry: YAMLEntry?, _ diagnostics: Diagnostics) -> SparkSettings? {
        guard let entry else { return nil }
        var settings = SparkSettings()
        var place: YAMLNode? = entry.value
        if let entries = entry.value.entries {
            KnownKeys.sparkSettings.check(entries, diagnostics)
            place = entry.value.child("on")
            settings.configuration = diagnostics.environment(entry.value.entry("conf"))
            settings.requirements = diagnostics.texts(entry.value.entry("requirements")) ?? []
        }
        guard let place, let text = diagnostics.text(place, for: "spark") else { return settings }
        do throws(MartletError) {
            _ = try SparkPlace(text)
            settings.place = text
        } catch {
            diagnostics.reject(place, error)
        }
        return settings
    }

    /// The root of the project that `folder` is in: the nearest folder, going up, with a project file.
    static func root(above folder: String) -> String? {
        // A relative path would have no top to stop at.
        guard folder.hasPrefix("/") else { return nil }
        var url = URL(fileURLWithPath: folder).standardizedFileURL
        while true {
            if FileManager.default.fileExists(atPath: url.appendingPathComponent(name).path) { return url.path }
            let parent = url.deletingLastPathComponent().standardizedFileURL
            if parent.path == url.path || url.path == "/" { return nil }
            url = parent
        }
    }
}
