import MartletCore

extension PipelineReader {
    /// A Spark step: a file whose ending says what it is, SQL, or a mapping.
    mutating func spark(_ entry: YAMLEntry) -> StepAction? {
        var action = SparkAction()
        guard let entries = entry.value.entries else {
            guard let text = diagnostics.text(entry) else { return nil }
            let isName = !text.contains(where: \.isWhitespace)
            let isRead: Bool
            if isName, text.hasSuffix(".py") {
                isRead = script(text, entry, &action)
            } else if isName, text.hasSuffix(".jar") {
                isRead = jar(text, entry, &action)
            } else {
                isRead = sparkSQL(text, entry, &action)
            }
            return isRead ? .spark(action) : nil
        }
        KnownKeys.sparkStep.check(entries, diagnostics)
        let node = entry.value
        var isRead = true
        if let given = node.entry("sql"), let text = diagnostics.text(given) {
            isRead = sparkSQL(text, given, &action) && isRead
        }
        if let given = node.entry("script"), let path = diagnostics.text(given) {
            isRead = script(path, given, &action) && isRead
        }
        if let given = node.entry("jar"), let path = diagnostics.text(given) {
            isRead = jar(path, given, &action) && isRead
        }
        action.mainClass = diagnostics.text(node.entry("class"))
        if let args = node.entry("args") { action.arguments = arguments(args) }
        action.place = diagnostics.text(node.entry("on"))
        action.configuration = diagnostics.environment(node.entry("conf"))
        action.requirements = diagnostics.texts(node.entry("requirements")) ?? []
        action.packages = diagnostics.texts(node.entry("packages")) ?? []
        action.jars = diagnostics.texts(node.entry("jars")) ?? []
        action.pythonFiles = diagnostics.texts(node.entry("py_files")) ?? []
        action.files = diagnostics.texts(node.entry("files")) ?? []
        action.runsDriverInCluster = diagnostics.bool(node.entry("cluster_driver")) ?? false
        return isRead ? .spark(action) : nil
    }

    /// The elements of `args`; any may be empty.
    func arguments(_ entry: YAMLEntry) -> [String] {
        guard case .list(let elements) = entry.value.content else {
            _ = diagnostics.texts(entry)
            return []
        }
        return elements.map { element in
            if case .scalar(let scalar) = element.content, !scalar.isNull { return scalar.text }
            return diagnostics.text(element, for: "an element of args") ?? ""
        }
    }

    private func script(_ path: String, _ entry: YAMLEntry, _ action: inout SparkAction) -> Bool {
        action.script = path
        if let error = files.missing(path, noun: "script") { diagnostics.reject(entry.value, error) }
        return true
    }

    private func jar(_ path: String, _ entry: YAMLEntry, _ action: inout SparkAction) -> Bool {
        action.jar = path
        if !path.contains("://"), let error = files.missing(path, noun: "jar") {
            diagnostics.reject(entry.value, error)
        }
        return true
    }

    private mutating func sparkSQL(_ text: String, _ entry: YAMLEntry, _ action: inout SparkAction) -> Bool {
        guard text.hasSuffix(".sql"), !text.contains(where: \.isWhitespace) else {
            action.text = text
            return true
        }
        action.file = text
        action.text = sqlText(text, entry)
        return action.text != nil
    }

    /// The script in a file of SQL; nil when it cannot be read, which is reported.
    mutating func sqlText(_ path: String, _ entry: YAMLEntry) -> String? {
        if let error = files.missing(path, noun: "file") {
            diagnostics.reject(entry.value, error)
            return nil
        }
        do {
            return String(decoding: try files.read(path).bytes, as: UTF8.self)
        } catch {
            diagnostics.unreadable.insert(entry.value.position)
            diagnostics.add(error)
            return nil
        }
    }
}

extension SQLEngine {
    /// The file that this engine runs in place of `path`: of `features.sql` there may be a `features.spark.sql`.
    ///
    /// - Parameters:
    ///   - path: the file that a step names.
    ///   - exists: whether there is a file.
    /// - Returns: the engine's own file when there is one, else `path`.
    func file(for path: String, exists: (String) -> Bool) -> String {
        guard path.hasSuffix(".sql") else { return path }
        let own = "\(path.dropLast(4)).\(rawValue).sql"
        return exists(own) ? own : path
    }
}
