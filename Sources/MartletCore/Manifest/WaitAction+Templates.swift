extension WaitAction {
    /// The templates in the condition.
    var templates: [StepTemplate] {
        func template(_ path: [PathComponent], _ source: String) -> StepTemplate {
            StepTemplate(path: ["wait", .key(condition.kind)] + path, source: source, isCondition: false)
        }
        switch condition {
        case .file(let wait): return [template(["path"], wait.path)]
        case .until(.instant(let text)): return [template(["at"], text)]
        case .sql(let wait): return [template(["statement"], wait.statement)]
        case .http(let wait):
            var found = [template(["url"], wait.url)]
            for (name, value) in wait.headers.sorted(by: { $0.key < $1.key }) {
                found.append(template(["headers", .key(name)], value))
            }
            if let text = wait.contains { found.append(template(["contains"], text)) }
            if let json = wait.json {
                var condition = StepTemplate(path: ["wait", "http", "json"], source: json, isCondition: true)
                condition.ownNames = HTTPWait.answerNames
                found.append(condition)
            }
            return found
        case .dataset, .until, .step: return []
        }
    }
}
