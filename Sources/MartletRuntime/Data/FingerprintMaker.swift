import Crypto
import Foundation
import MartletCore

/// Works out what a step's results depend on: its code, its parameters, its environment and what it reads.
///
/// When in doubt a part is counted in: a result that is made once too often costs time, one that is wrongly reused costs
/// trust.
struct FingerprintMaker: Sendable {
    let python: String
    let martletVersion: String
    let settings: SettingsResolver?
    let spark: SparkSettings
    private let files = FileDigests()

    init(python: String, martletVersion: String, settings: SettingsResolver?, spark: SparkSettings = SparkSettings()) {
        self.python = python
        self.martletVersion = martletVersion
        self.settings = settings
        self.spark = spark
    }

    /// The fingerprint of an attempt that reads `inputs`.
    ///
    /// - Throws: ``MartletError`` when a template fails or code cannot be read.
    func fingerprint(of work: AttemptWork, _ inputs: [ReadInput]) async throws(MartletError) -> StepFingerprint {
        var parts = Parts()
        let step = work.launch.step
        let context = Self.withoutPlaces(work.launch.context)
        try addCommand(step, context, try await visibleSettings(of: work), to: &parts)
        for output in step.outputs { parts["output \(output.name)"] = JSONText.encode(output) }
        for (name, digest) in try await codeDigests(of: work) { parts["file \(name)"] = digest }
        for (name, value) in context.params where step.cache?.params?.contains(name) != false {
            parts["parameter \(name)"] = value.jsonText
        }
        for (upstream, values) in context.values {
            for (name, value) in values { parts["value \(upstream).\(name)"] = value.jsonText }
        }
        if let map = context.map {
            parts["item \(map.label)"] = map.item.jsonText
            // An instance writes the part of its place: what another place made is another part.
            parts["place in the map"] = "\(map.index)"
        }
        addDate(context.occasion, to: &parts)
        for input in inputs {
            parts["input \(input.name)"] = input.versions.map(\.digest.hex).joined(separator: " ")
            parts["format of \(input.name)"] = context.inputs[input.name]?.format?.rawValue
        }
        for (name, text) in try await environmentParts(of: work) { parts[name] = text }
        return parts.fingerprint
    }

    /// The digests of the files of its code, by name; read on a thread that may block.
    private func codeDigests(of work: AttemptWork) async throws(MartletError) -> [String: String] {
        try await BlockingThread.run { [files] () throws(MartletError) in
            var digests: [String: String] = [:]
            for file in try CodeFiles(of: work).paths { digests[file.name] = try files.digest(of: file.path) }
            return digests
        }
    }

    /// The SHA-256 of what a step runs in.
    func environment(of work: AttemptWork) async -> ObjectID? {
        guard let found = try? await environmentParts(of: work) else { return nil }
        var parts = Parts()
        for (name, text) in found { parts[name] = text }
        return parts.fingerprint.key
    }

    /// The program and its arguments, with names in place of paths that are new for each attempt.
    private func addCommand(
        _ step: StepManifest,
        _ context: StepContextDocument,
        _ settings: ResolvedSettings,
        to parts: inout Parts
    ) throws(MartletError) {
        if let (action, _) = step.action.onSpark {
            do throws(TemplateError) {
                let rendered = try action.rendered { TemplateContext.lookup($0, in: context) ?? settings.lookup($0) }
                parts["spark"] = JSONText.encode(rendered)
            } catch {
                throw MartletError(.expressionFailed, "a template failed: \(error.reason)", remedy: error.remedy)
            }
            // Where it runs is left out: the result is the same, and the text may hold a token.
            parts["settings of Spark"] = JSONText.encode(spark.configuration)
            let programs = StepCommand.Programs(martlet: "martlet", python: "python", user: "program")
            let command = try StepCommand(step, context, programs, settings: settings)
            for (name, value) in command.environment { parts["env \(name)"] = value }
            return
        }
        if case .sql(let action) = step.action {
            do {
                let script = try Template(action.text ?? "").render(.sql) { path in
                    TemplateContext.lookup(path, in: context) ?? settings.lookup(path)
                }
                parts["script"] = script.text
            } catch {
                throw MartletError(.expressionFailed, "a template failed: \(error.reason)", remedy: error.remedy)
            }
            return
        }
        if case .check(var action) = step.action {
            do throws(TemplateError) {
                action.parameters = try action.rendered { path in
                    TemplateContext.lookup(path, in: context) ?? settings.lookup(path)
                }
            } catch {
                throw MartletError(.expressionFailed, "a template failed: \(error.reason)", remedy: error.remedy)
            }
            parts["check"] = JSONText.encode(action)
            return
        }
        if case .stream(let action) = step.action {
            do throws(TemplateError) {
                parts["stream"] = JSONText.encode(
                    try action.rendered { TemplateContext.lookup($0, in: context) ?? settings.lookup($0) }
                )
            } catch {
                throw MartletError(.expressionFailed, "a template failed: \(error.reason)", remedy: error.remedy)
            }
            return
        }
        let programs = StepCommand.Programs(martlet: "martlet", python: "python", user: "program")
        let command = try StepCommand(step, context, programs, settings: settings)
        parts["command"] = ([command.program] + command.arguments).joined(separator: "\u{0}")
        parts["working directory"] = command.directory
        for (name, value) in command.environment { parts["env \(name)"] = value }
    }

    private func addDate(_ occasion: RunOccasion, to parts: inout Parts) {
        let dates = [occasion.logicalDate, occasion.intervalStart, occasion.intervalEnd].map { $0?.description ?? "" }
        if occasion.logicalDate != nil || occasion.partition != nil {
            parts["logical date"] = (dates + [occasion.partition ?? ""]).joined(separator: " ")
        }
    }

    private func environmentParts(of work: AttemptWork) async throws(MartletError) -> [String: String] {
        var parts: [String: String] = [:]
        if let (action, _) = work.launch.step.action.onSpark {
            let requirements = action.requirements.isEmpty ? spark.requirements : action.requirements
            parts["requirements"] = requirements.sorted().joined(separator: "\n")
            if action.script != nil { parts["interpreter"] = files.identity(of: python) }
        }
        switch work.launch.step.action {
        case .python(let action):
            parts["interpreter"] = files.identity(of: python)
            parts["requirements"] = action.requirements.sorted().joined(separator: "\n")
        case .sql, .check, .stream, .spark: parts["version of Martlet"] = martletVersion
        case .swift:
            if let program = work.launch.program {
                parts["program"] = try await BlockingThread.run { [files] () throws(MartletError) in
                    try files.digest(of: program)
                }
            }
        default: break
        }
        let settings = try await visibleSettings(of: work)
        for (name, value) in settings.variables { parts["variable \(name)"] = value.jsonText }
        for (id, connection) in settings.connections { parts["connection \(id)"] = connection.uri }
        return parts
    }

    /// The settings that the step asks for, without their secrets: nobody shall guess those from a digest.
    private func visibleSettings(of work: AttemptWork) async throws(MartletError) -> ResolvedSettings {
        var visible = ResolvedSettings()
        guard let settings else { return visible }
        for name in work.launch.settings.variables {
            guard let (variable, _) = try await settings.variable(name) else { continue }
            visible.variables[name] = variable.isSecret ? .string("secret") : variable.value
        }
        for id in work.launch.settings.connections {
            guard var (connection, _) = try await settings.connection(id) else { continue }
            (connection.password, connection.extra) = (nil, [:])
            visible.connections[id] = connection
        }
        return visible
    }

    /// The context of an attempt as any other attempt would have it.
    private static func withoutPlaces(_ context: StepContextDocument) -> StepContextDocument {
        var context = context
        context.attempt = 1
        context.workDirectory = "/work"
        for name in context.inputs.keys { context.inputs[name]?.path = "/inputs/\(name)" }
        for name in context.outputs.keys { context.outputs[name]?.path = "/outputs/\(name)" }
        return context
    }

    /// Texts by name, and what they come to.
    struct Parts {
        private var texts: [String: String] = [:]

        subscript(name: String) -> String? {
            get { texts[name] }
            set { texts[name] = newValue }
        }

        var fingerprint: StepFingerprint {
            let digests = texts.mapValues { text in HexText.text(of: Array(SHA256.hash(data: Data(text.utf8)))) }
            let key = ObjectID(bytes: Array(SHA256.hash(data: JSONText.data(digests)))) ?? .zero
            return StepFingerprint(key: key, parts: digests.mapValues { String($0.prefix(12)) })
        }
    }
}
