import MartletCore

/// The program that an attempt runs, worked out from its step: pure, so that it can be tested as a table.
struct StepCommand: Equatable {
    var program: String
    var arguments: [String]
    /// Variables that templates in a shell line refer to, and those of the step's `env`.
    var environment: [String: String] = [:]
    var directory: String
    /// Whether the program speaks frames.
    var speaksFrames = false

    /// The programs that steps of some kinds need.
    struct Programs: Equatable {
        /// Martlet itself, for SQL steps, checks and streams.
        var martlet: String
        /// The interpreter, for Python steps.
        var python: String
        /// The user's program, for Swift steps.
        var user: String?
    }

    /// - Throws: ``MartletError`` MT2008 when a template fails, MT2004 when a program is missing.
    init(
        _ step: StepManifest,
        _ context: StepContextDocument,
        _ programs: Programs,
        settings: ResolvedSettings = ResolvedSettings()
    ) throws(MartletError) {
        func render(_ source: String, _ escaping: TextEscaping = .none) throws(MartletError) -> RenderedText {
            do {
                return try Template(source).render(escaping) { path in
                    TemplateContext.lookup(path, in: context) ?? settings.lookup(path)
                }
            } catch {
                throw MartletError(
                    .expressionFailed,
                    "step \(step.id): a template failed: \(error.reason)",
                    reason: "it reads \(source.prefix(200))",
                    remedy: error.remedy
                )
            }
        }
        func render(all sources: [String]) throws(MartletError) -> [String] {
            var texts: [String] = []
            for source in sources { texts.append(try render(source).text) }
            return texts
        }
        for (key, value) in step.env { environment[key] = try render(value).text }
        directory = context.project
        if let folder = step.workingDirectory {
            directory = Self.absolute(try render(folder).text, in: context.project)
        }
        switch step.action {
        case .command(let action):
            if let words = action.arguments, let first = words.first {
                program = try render(first).text
                arguments = try render(all: Array(words.dropFirst()))
            } else {
                let line = try render(action.shell ?? "", .shell)
                if let words = Self.plainWords(line.text) {
                    (program, arguments) = (words[0], Array(words.dropFirst()))
                } else {
                    (program, arguments) = ("/bin/sh", ["-c", line.text])
                }
                for (name, value) in line.variables { environment[name] = value }
            }
        case .python(let action):
            program = programs.python
            arguments = [Self.absolute(action.script, in: context.project)] + (try render(all: action.arguments))
        case .sql(let action):
            program = programs.martlet
            arguments = [action.engine == .spark ? "run-spark-step" : "run-sql-step"]
            speaksFrames = true
        case .check:
            program = programs.martlet
            arguments = ["run-check-step"]
            speaksFrames = true
        case .spark:
            program = programs.martlet
            arguments = ["run-spark-step"]
            speaksFrames = true
        case .stream(let action):
            program = programs.martlet
            arguments = ["run-stream-step"]
            speaksFrames = true
            if let line = action.trigger?.command {
                for (name, value) in try render(line, .shell).variables { environment[name] = value }
            }
        case .swift:
            guard let user = programs.user else {
                throw MartletError(
                    .launchFailed,
                    "step \(step.id) is a Swift step, but its pipeline was not loaded from a program",
                    remedy: "run the pipeline through the program that defines it"
                )
            }
            program = user
            arguments = ["step", context.pipeline.rawValue, step.id.rawValue]
            speaksFrames = true
        case .branch, .shortCircuit, .wait, .approve:
            throw MartletError(
                .internalFault,
                "\(step.action.kind) step \(step.id) has no program",
                remedy: "please report this"
            )
        }
    }

    /// The words of a line that no shell is needed for: a path with plain arguments.
    private static func plainWords(_ line: String) -> [String]? {
        let isPlain = line.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: " ./_-+:@%,=".utf8.contains(byte)
            }
        }
        let words = line.split(separator: " ").map(String.init)
        // A first word with an equals sign would be an assignment.
        guard isPlain, let first = words.first, first.contains("/"), !first.contains("=") else { return nil }
        return words
    }

    private static func absolute(_ path: String, in root: String) -> String {
        path.hasPrefix("/") ? path : "\(root)/\(path)"
    }
}
