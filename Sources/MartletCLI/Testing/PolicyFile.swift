import Foundation
import MartletCore

/// Reads the rules of a project from its policy file.
struct PolicyFile {
    /// The file's place when the project names none.
    static let usualPath = "tests/policy.yaml"

    let diagnostics: Diagnostics
    private var severity = PipelineRule.Severity.error
    private var exceptions: [NamePattern] = []

    /// The rules in `source`.
    ///
    /// - Throws: ``PipelineLoadFailure`` with everything that is wrong in the file.
    static func read(_ source: SourceText) throws(PipelineLoadFailure) -> PipelineRules {
        var file = PolicyFile(diagnostics: Diagnostics(source))
        let rules = file.rules()
        if !file.diagnostics.errors.isEmpty { throw PipelineLoadFailure(file.diagnostics) }
        return PipelineRules(rules)
    }

    private init(diagnostics: Diagnostics) { self.diagnostics = diagnostics }

    private mutating func rules() -> [PipelineRule] {
        guard let root = YAMLReader.read(diagnostics), let entries = root.entries else {
            if diagnostics.errors.isEmpty {
                diagnostics.report(.syntaxInvalid, "a policy is a mapping", remedy: "start it with rules:", at: .start)
            }
            return []
        }
        KnownKeys.policy.check(entries, diagnostics)
        severity = diagnostics.choice(root.entry("severity"), "severity") ?? severity
        exceptions = patterns(root.entry("except"))
        guard let rules = root.entry("rules") else {
            diagnostics.report(.keyMissing, "the policy has no rules", remedy: "add rules:", at: root.position)
            return []
        }
        let named = diagnostics.mapping(rules, form: "owner: true") ?? []
        KnownKeys.rules.check(named, diagnostics)
        return named.flatMap { entry -> [PipelineRule] in
            guard let name = RuleName(rawValue: entry.key) else { return [] }
            guard case .list(let elements) = entry.value.content, !name.takesList else {
                return rule(name, entry).map { [$0] } ?? []
            }
            return elements.compactMap {
                rule(name, YAMLEntry(key: entry.key, keyPosition: entry.keyPosition, value: $0))
            }
        }
    }

    func patterns(_ entry: YAMLEntry?) -> [NamePattern] { (diagnostics.texts(entry) ?? []).map { NamePattern($0) } }

    /// The rule in `entry`; nil for one that is switched off, or wrong.
    private func rule(_ name: RuleName, _ entry: YAMLEntry) -> PipelineRule? {
        let node = entry.value
        if case .scalar(let scalar) = node.content {
            if scalar.bool == false { return nil }
            let word = PipelineRule.Severity(rawValue: scalar.text)
            if scalar.bool == true || word != nil || scalar.isNull {
                guard let demand = demand(name, nil, entry) else { return nil }
                return PipelineRule(demand, severity: word ?? severity, exceptions: exceptions)
            }
        }
        var rule: PipelineRule?
        if let entries = node.entries {
            keys(of: name).check(entries, diagnostics)
            rule = demand(name, node, entry).map {
                PipelineRule(
                    $0,
                    severity: diagnostics.choice(node.entry("severity"), "severity") ?? severity,
                    exceptions: exceptions + patterns(node.entry("except")),
                    exceptedKinds: kinds(node.entry("except_kinds"))
                )
            }
        } else {
            rule = short(name, entry).map { PipelineRule($0, severity: severity, exceptions: exceptions) }
        }
        return rule
    }

    private func keys(of name: RuleName) -> KnownKeys {
        KnownKeys(
            owner: "the rule \(name.rawValue)",
            keys: name.keys + ["severity", "except"] + (name.isAboutSteps ? ["except_kinds"] : [])
        )
    }

    func kinds(_ entry: YAMLEntry?) -> Set<String> {
        guard let names = diagnostics.texts(entry), case .list(let elements)? = entry?.value.content else { return [] }
        for (name, element) in zip(names, elements) where !name.isEmpty && !StepAction.kinds.contains(name) {
            diagnostics.reject(
                element,
                "\"\(name)\" is not a kind of step",
                remedy: NearestName.of(name, among: StepAction.kinds).map { "did you mean \($0)?" }
                    ?? "choose from \(StepAction.kinds.joined(separator: ", "))"
            )
        }
        return Set(names)
    }
}

extension RuleName {
    /// The keys that the rule's demand may have in a policy file.
    var keys: [String] {
        switch self {
        case .owner, .stepOwner, .pipelineNames, .stepNames, .datasetNames: ["pattern"]
        case .tags, .stepTags: ["required", "allowed"]
        case .stepCount, .retries: ["minimum", "maximum"]
        case .catchup: ["allow"]
        case .timeout: ["maximum"]
        case .stepKinds: ["allowed", "forbidden"]
        case .pools: ["allowed"]
        case .description, .stepDescription, .scheduleDeadline, .scheduleNotify: []
        }
    }

    /// Whether a list is the short form of its demand, and not a list of several such rules.
    var takesList: Bool { self == .pools }
}
