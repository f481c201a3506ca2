public import MartletCore

/// What the templates of a step become.
public struct StepRendering: Hashable, Sendable {
    /// The results in the shape of YAML: `{"command": "...", "args": [...], "env": {...}, "when": true}`.
    ///
    /// A shell line stands here as people read it, with its values in place; the shell gets them as variables. SQL is
    /// what the engine gets. A condition is its value.
    public private(set) var results = JSONValue.object([:])
    /// The templates that cannot be worked out, by their place as in `args[0]`, and why.
    public private(set) var failures: [String: String] = [:]

    /// Works out the templates of `step`; settings are found by `settings`.
    ///
    /// Templates that are worked out later, such as those that look at a web server's answer, are left out.
    public init(
        of step: StepManifest,
        in context: StepContextDocument,
        settings: ([String]) -> JSONValue? = { _ in nil }
    ) {
        if case .python(let action) = step.action { insert(.string(action.script), at: ["python"]) }
        let engine: SQLEngine? = if case .sql(let action) = step.action { action.engine } else { nil }
        for template in step.templates where template.ownNames.isEmpty {
            do throws(TemplateError) {
                insert(try Self.value(of: template, engine, in: context, settings), at: template.path)
            } catch {
                failures[ManifestProblem(template.path, MartletError(.expressionFailed, "")).pathText] = error.reason
            }
        }
    }

    private static func value(
        of template: StepTemplate,
        _ engine: SQLEngine?,
        in context: StepContextDocument,
        _ settings: ([String]) -> JSONValue?
    ) throws(TemplateError) -> JSONValue {
        let lookup: ([String]) -> JSONValue? = { TemplateContext.lookup($0, in: context) ?? settings($0) }
        let parsed = try Template(template.source)
        if template.isCondition, let condition = parsed.soleExpression { return try condition.evaluate(lookup) }
        let escaping: TextEscaping =
            switch template.path {
            case ["sql"]: engine == .spark ? .sparkSQL : .sql
            case ["spark", "sql"]: .sparkSQL
            default: .none
            }
        // Where a shell line refuses a value, the test is to say so.
        if template.path == ["command"] { _ = try parsed.render(.shell, lookup) }
        return .string(try parsed.render(escaping, lookup).text)
    }

    private mutating func insert(_ value: JSONValue, at path: [PathComponent]) {
        results = Self.inserting(value, at: path[...], into: results)
    }

    private static func inserting(
        _ value: JSONValue,
        at path: ArraySlice<PathComponent>,
        into tree: JSONValue?
    ) -> JSONValue {
        guard let first = path.first else { return value }
        switch first {
        case .key(let key):
            var members: [String: JSONValue] = [:]
            if case .object(let known)? = tree { members = known }
            members[key] = inserting(value, at: path.dropFirst(), into: members[key])
            return .object(members)
        case .index(let index):
            var elements: [JSONValue] = []
            if case .array(let known)? = tree { elements = known }
            while elements.count <= index { elements.append(.null) }
            elements[index] = inserting(value, at: path.dropFirst(), into: elements[index])
            return .array(elements)
        }
    }
}

extension StepContextDocument {
    /// The context with paths below `root` shown from there, and those below the run's folder from the latter.
    ///
    /// What a test expects of a template cannot name folders that are others each time.
    public func relative(toRun folder: String? = nil) -> StepContextDocument {
        func short(_ path: String) -> String {
            for prefix in [folder, project].compactMap({ $0.map { "\($0)/" } }) where path.hasPrefix(prefix) {
                return String(path.dropFirst(prefix.count))
            }
            return path
        }
        var context = self
        for name in inputs.keys { context.inputs[name]?.path = short(inputs[name]?.path ?? "") }
        for name in outputs.keys { context.outputs[name]?.path = short(outputs[name]?.path ?? "") }
        context.workDirectory = short(workDirectory)
        context.project = "."
        return context
    }
}
