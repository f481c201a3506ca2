public import MartletCore

/// The plan for people and for programs.
extension QualityPlan {
    /// The plan as lines of text.
    public var text: String {
        let done = services.filter { $0.isDone && $0.failure == nil }
        let failed = services.filter { $0.failure != nil }
        var lines = ["\(Self.count(services.count, "check")), \(Self.count(passes.count, "query", "queries"))"]
        if !done.isEmpty {
            lines += ["", "without a query: \(Self.count(done.count, "check"))"]
            for service in done {
                let why =
                    service.facts.isEmpty
                    ? "the columns tell" : "statistics tell " + service.facts.joined(separator: ", ")
                lines.append("  #\(service.check) \(service.title): \(why)")
            }
        }
        if !failed.isEmpty {
            lines += ["", "cannot be made: \(Self.count(failed.count, "check"))"]
            for service in failed { lines.append("  #\(service.check) \(service.title): \(service.failure ?? "")") }
        }
        let titles = Dictionary(services.map { ($0.check, $0.title) }, uniquingKeysWith: { first, _ in first })
        for (index, pass) in passes.enumerated() {
            lines += ["", "query \(index + 1), \(pass.kind): \(pass.purpose)"]
            for check in pass.checks { lines.append("  serves #\(check) \(titles[check] ?? "")") }
            lines.append("  " + String(pass.sql.prefix(Limits.planQueryCharacters)))
        }
        lines += ["", "then, for checks that find something unexpected, one query each for some of it"]
        return lines.joined(separator: "\n") + "\n"
    }

    /// The plan as JSON: `checks` and `queries`.
    public var json: JSONValue {
        .object([
            "checks": .array(
                services.map { service in
                    var members: [String: JSONValue] = [
                        "index": .integer(service.check), "type": .string(service.type),
                        "subject": .string(service.subject), "done": .bool(service.isDone),
                        "statistics": .array(service.facts.map { .string($0) }),
                    ]
                    if let failure = service.failure { members["failure"] = .string(failure) }
                    return .object(members)
                }
            ),
            "queries": .array(
                passes.map { pass in
                    .object([
                        "kind": .string(pass.kind), "purpose": .string(pass.purpose), "sql": .string(pass.sql),
                        "checks": .array(pass.checks.map { .integer($0) }),
                    ])
                }
            ),
        ])
    }

    private static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }
}

extension QualityPlan.Service {
    fileprivate var title: String { subject.isEmpty ? type : "\(type)(\(subject))" }
}

extension CheckRule {
    /// The columns it is about, as text.
    var subject: String { columns.joined(separator: ", ") }
}
