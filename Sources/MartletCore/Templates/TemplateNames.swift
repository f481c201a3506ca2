/// Checks that the templates of a pipeline's steps use only names that exist for them.
///
/// Made once for a manifest: it looks names up in tables, so that checking many steps stays linear.
struct TemplateNames {
    private let parameters: Set<String>
    /// The values that each step promises; nil within for a step that promises none.
    private let promises: [String: [PortName]?]
    private let sortedParameters: [String]
    private let sortedSteps: [String]
    /// The groups that are mapped, or lie in one that is: their steps have items too.
    private let mappedGroups: Set<GroupID>

    init(_ manifest: PipelineManifest, _ groups: GroupTable) {
        parameters = Set(manifest.params.map(\.name.rawValue))
        promises = Dictionary(
            manifest.steps.map { ($0.id.rawValue, $0.values) },
            uniquingKeysWith: { first, _ in first }
        )
        sortedParameters = parameters.sorted()
        sortedSteps = promises.keys.sorted()
        mappedGroups = Set(manifest.groups.map(\.id).filter { groups.mapDomain(of: $0) != nil })
    }

    /// A name that is wrong.
    struct Finding: Hashable {
        var error: TemplateError
        /// What kind of thing does not exist.
        var missing: ManifestSection?
    }

    /// What is wrong in `template` of `step`; at most one error of syntax, or one for each unknown name.
    func findings(in template: StepTemplate, of step: StepManifest) -> [Finding] {
        let parsed: Template
        do {
            parsed = try Template(template.source)
        } catch {
            return [Finding(error: error)]
        }
        if template.isCondition, parsed.soleExpression == nil {
            let error = TemplateError(
                offset: 0,
                reason: template.makesItems ? "the list of a map is one expression" : "a condition is one expression",
                remedy: "write \"{{ ... }}\" and nothing around it"
            )
            return [Finding(error: error)]
        }
        return parsed.names.compactMap { name in
            if template.ownNames.contains(name.path[0]) { return nil }
            if template.makesItems, ["item", "map"].contains(name.path[0]) { return itemInList(name) }
            return objection(to: name.path, in: step, isCondition: template.isCondition || template.isOfMap).map {
                Finding(
                    error: TemplateError(offset: name.offset, reason: $0.reason, remedy: $0.remedy),
                    missing: $0.missing
                )
            }
        }
    }

    private func itemInList(_ name: (path: [String], offset: Int)) -> Finding {
        let error = TemplateError(
            offset: name.offset,
            reason: "\(name.path.joined(separator: ".")) is not there yet: the items are made of this list",
            remedy: "use params, run or steps"
        )
        return Finding(error: error)
    }

    struct Objection {
        var reason: String
        var remedy: String?
        var missing: ManifestSection?
    }

    private func objection(to path: [String], in step: StepManifest, isCondition: Bool) -> Objection? {
        let text = path.joined(separator: ".")
        let second = path.count > 1 ? path[1] : ""
        switch path[0] {
        case "params":
            if parameters.contains(second) { return nil }
            return missing(second, among: sortedParameters, "parameter", .parameters, text)
        case "run":
            let members = [
                "id", "pipeline", "started_at", "kind", "logical_date", "data_interval_start", "data_interval_end",
                "run_after", "partition",
            ]
            return unless(members, has: path, "member of run", text)
        case "item" where isMapped(step):
            return nil
        case "map" where isMapped(step):
            return unless(["index", "count", "label"], has: path, "member of map", text)
        case "item", "map":
            return Objection(
                reason: "\(text) is not defined: step \(step.id) is not mapped",
                remedy: "give it map:, or use steps.ID.values.NAME"
            )
        case "step":
            return unless(["id"], has: path, "member of step", text)
        case "steps":
            return objection(toStep: path, in: step, text)
        case "vars", "connections":
            return objection(toSetting: path, in: step, isCondition: isCondition)
        case "inputs", "outputs", "attempt", "project":
            if isCondition {
                return Objection(
                    reason: "\(path[0]) is not known yet where conditions are decided",
                    remedy: "use params, run, step or steps"
                )
            }
            switch path[0] {
            case "inputs": return unless(step.inputs.map(\.name.rawValue), has: path, "input", text, .inputs)
            case "outputs": return unless(step.outputs.map(\.name.rawValue), has: path, "output", text, .outputs)
            case "attempt": return unless(["number"], has: path, "member of attempt", text)
            default: return unless(["root"], has: path, "member of project", text)
            }
        default:
            let roots = [
                "params", "run", "step", "steps", "inputs", "outputs", "attempt", "project", "item", "map", "vars",
                "connections",
            ]
            return Objection(
                reason: "\(text) is not defined",
                remedy: offer(path[0], roots) ?? "names start with \(roots.joined(separator: ", "))"
            )
        }
    }

    private func isMapped(_ step: StepManifest) -> Bool {
        step.map != nil || step.group.map(mappedGroups.contains) == true
    }

    private func objection(toStep path: [String], in step: StepManifest, _ text: String) -> Objection? {
        guard path.count > 2 else {
            return Objection(
                reason: "\(text) is not a value",
                remedy: "write steps.ID.values.NAME or steps.ID.state"
            )
        }
        guard let promised = promises[path[1]] else {
            return missing(path[1], among: sortedSteps, "step", .steps, text)
        }
        if path[1] == step.id.rawValue { return Objection(reason: "step \(step.id) cannot use its own values") }
        switch path[2] {
        case "state" where path.count == 3:
            return nil
        case "values" where path.count >= 4:
            guard let names = promised?.map(\.rawValue), !names.contains(path[3]) else { return nil }
            return missing(path[3], among: names.sorted(), "value of step \(path[1])", .values, text)
        default:
            return Objection(
                reason: "\(text) is not a value",
                remedy: "write steps.\(path[1]).values.NAME or steps.\(path[1]).state"
            )
        }
    }

    /// An objection unless `path` is a name of two parts whose second is known.
    private func unless(
        _ known: [String],
        has path: [String],
        _ noun: String,
        _ text: String,
        _ section: ManifestSection? = nil
    ) -> Objection? {
        let name = path.count > 1 ? path[1] : ""
        guard known.contains(name) else { return missing(name, among: known.sorted(), noun, section, text) }
        if path.count == 2 { return nil }
        return Objection(
            reason: "\(text) is not defined",
            remedy: "write \(path[0]).\(name); it has no members"
        )
    }

    private func missing(
        _ name: String,
        among known: [String],
        _ noun: String,
        _ section: ManifestSection?,
        _ text: String
    ) -> Objection {
        Objection(
            reason: name.isEmpty ? "\(text) needs a name after a dot" : "there is no \(noun) \"\(name)\" (\(text))",
            remedy: offer(name, known)
                ?? (known.isEmpty ? nil : "there is \(known.prefix(20).joined(separator: ", "))"),
            missing: section
        )
    }

    private func offer(_ name: String, _ known: [String]) -> String? {
        NearestName.of(name, among: known).map { "did you mean \($0)?" }
    }
}
