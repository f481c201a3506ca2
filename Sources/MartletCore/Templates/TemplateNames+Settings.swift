extension TemplateNames {
    /// What is wrong with a name of a variable or connection: a step sees those it asks for.
    func objection(toSetting path: [String], in step: StepManifest, isCondition: Bool) -> Objection? {
        let text = path.joined(separator: ".")
        let isVariable = path[0] == "vars"
        if isCondition {
            return Objection(
                reason: "\(path[0]) are not known yet where conditions are decided",
                remedy: "use params, run, step or steps"
            )
        }
        let asked = isVariable ? step.variables.map(\.rawValue) : step.connections.map(\.rawValue)
        guard let found = SettingsRequest.match(path, among: Set(asked)) else {
            // A variable may have members and an id dots, so what the name is can only be guessed.
            let name = path.count > 1 ? path[1] : ""
            let known = NearestName.of(name, among: asked)
            let noun = isVariable ? "variable" : "connection"
            return Objection(
                reason: name.isEmpty
                    ? "\(text) needs a name after a dot"
                    : "step \(step.id) does not ask for \(noun) \"\(name)\" (\(text))",
                remedy: known.map { "did you mean \($0)?" }
                    ?? "add it to the step: \(noun)s: [\(name.isEmpty ? "NAME" : name)]"
            )
        }
        if isVariable { return nil }
        guard let field = found.members.first, Connection.templateMembers.contains(field) else {
            let nearest = found.members.first.flatMap { NearestName.of($0, among: Connection.templateMembers) }
            return Objection(
                reason: "\(text) is not a field of a connection",
                remedy: nearest.map { "did you mean \($0)?" }
                    ?? "fields are \(Connection.templateMembers.joined(separator: ", "))"
            )
        }
        return nil
    }
}
