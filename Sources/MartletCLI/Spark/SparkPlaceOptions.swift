import ArgumentParser
import Foundation
import Glibc
import MartletCore
import MartletRuntime
import MartletSpark

/// Options of every command that works on Spark.
struct SparkPlaceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where: sc://HOST:15002, local[2], yarn, spark://HOST:7077 or k8s://URL; what martlet.yaml says by default.",
            valueName: "place"
        )
    )
    var on: String?

    @Option(
        name: .customLong("conf"),
        help: ArgumentHelp("A setting of Spark; may be repeated.", valueName: "key=value")
    )
    var settings: [String] = []

    @OptionGroup var project: ProjectOptions

    /// What a command does on Spark.
    ///
    /// - Parameters:
    ///   - action: what runs, beside the place and the settings.
    ///   - outputs: what its SQL makes.
    ///   - observer: hears how it goes.
    /// - Returns: the work, not begun.
    /// - Throws: ``MartletError`` for options that are wrong, and for packages that cannot be installed.
    func work(
        _ action: SparkAction,
        outputs: [TableOutput] = [],
        _ observer: any SparkObserver
    ) async throws -> SparkWork {
        let workspace = try project.workspace()
        var action = action
        action.place = on
        for text in settings {
            guard let (key, value) = Self.pair(text) else {
                throw MartletError(
                    .commandLineInvalid,
                    "--conf \(text.prefix(100)) has no value",
                    remedy: "write --conf spark.sql.shuffle.partitions=8"
                )
            }
            action.configuration[key] = value
        }
        let given = try await rendered(workspace.project.spark)
        let place = try SparkPlace(on ?? given.place)
        let environment = ProcessInfo.processInfo.environment
        var python = workspace.project.python
        let requirements = workspace.project.spark.requirements
        if !requirements.isEmpty, !(action.isSQL && !place.isLocal) {
            python = try await PythonForCommands.interpreter(with: requirements, workspace, environment)
        }
        let folder = "\(workspace.layout.state)/spark"
        return SparkWork(
            action,
            on: place,
            name: "martlet",
            settings: given,
            outputs: outputs,
            finder: SparkFinder(environment: environment, python: python, isForStep: !requirements.isEmpty),
            folders: SparkSubmitCommand.Folders(
                project: try CurrentFolder.resolve("."),
                events: "\(folder)/events",
                warehouse: "\(folder)/warehouse",
                settings: "\(folder)/settings-\(getpid()).properties"
            ),
            environment: environment,
            observer
        )
    }

    /// What the project says of Spark, with the variables that it names.
    private func rendered(_ settings: SparkSettings) async throws -> SparkSettings {
        do {
            var names: Set<String> = []
            for text in [settings.place] + settings.configuration.values {
                for (path, _) in try Template(text).names where path.count == 2 && path[0] == "vars" {
                    names.insert(path[1])
                }
            }
            let values = names.isEmpty ? [:] : try await variables(names)
            return try settings.rendered { path in
                path.count == 2 && path[0] == "vars" ? values[path[1]] : nil
            }
        } catch let error as TemplateError {
            throw MartletError(
                .expressionFailed,
                "a template under spark: in martlet.yaml failed: \(error.reason)",
                remedy: error.remedy
            )
        }
    }

    private func variables(_ names: Set<String>) async throws -> [String: JSONValue] {
        try await project.withSettings { settings in
            var values: [String: JSONValue] = [:]
            for text in names {
                guard let name = VariableName(rawValue: text) else { continue }
                if let (variable, _) = try await settings.resolver.variable(name) { values[text] = variable.value }
            }
            return values
        }
    }

    /// Name and value around the first equals sign.
    static func pair(_ text: String) -> (String, String)? {
        guard let sign = text.firstIndex(of: "="), sign > text.startIndex else { return nil }
        return (String(text[..<sign]), String(text[text.index(after: sign)...]))
    }
}

/// The environments of Python that commands use, which are those of steps.
enum PythonForCommands {
    /// The interpreter of an environment that has `requirements`, made now if it is not there.
    ///
    /// - Throws: ``MartletError`` MT2017 for a requirement that does not exist, MT2007 when it cannot be made otherwise.
    static func interpreter(
        with requirements: [String],
        _ workspace: Workspace,
        _ environment: [String: String]
    ) async throws(MartletError) -> String {
        try FileSystem.makeFolder(workspace.layout.state)
        let progress = LakeProgress("Python environment")
        defer { progress.end() }
        return try await PythonEnvironments.interpreter(
            with: requirements,
            python: workspace.project.python,
            cache: workspace.layout.pythonCache,
            environment: environment,
            log: "\(workspace.layout.state)/python-environments.log"
        ) { progress.show($0) }
    }
}
