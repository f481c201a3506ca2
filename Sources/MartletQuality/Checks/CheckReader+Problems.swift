import MartletCore

extension CheckReader {
    func unknown(_ type: String, _ place: String) -> MartletError {
        let known = ExpectationCatalog.all.map(\.type)
        let nearest = NearestName.of(type, among: known)
        return MartletError(
            .expectationUnknown,
            "\(place).type: there is no expectation \(type)",
            remedy: nearest.map { "did you mean \($0)?" }
                ?? "see `martlet quality expectations` for all that there are"
        )
    }

    func extra(_ name: String, _ definition: ExpectationDefinition, _ place: String) -> MartletError {
        let known = definition.arguments.map(\.name)
        let remedy: String =
            if ExpectationCatalog.legacy.contains(name) {
                "it is of GX 0.18; `martlet quality suite convert` drops it and says so"
            } else if let nearest = NearestName.of(name, among: known) {
                "did you mean \(nearest)?"
            } else {
                "it takes \(known.joined(separator: ", "))"
            }
        return MartletError(
            .argumentUnknown,
            "\(place): \(definition.type) has no argument \(name)",
            remedy: remedy
        )
    }

    func missing(_ argument: ArgumentDefinition, _ definition: ExpectationDefinition, _ place: String) -> MartletError {
        MartletError(
            .argumentMissing,
            "\(place) is missing",
            reason: "\(definition.type) cannot do without it",
            remedy: "give it \(argument.kind.words)"
        )
    }

    func invalid(
        _ value: JSONValue,
        _ argument: ArgumentDefinition,
        _ definition: ExpectationDefinition,
        _ place: String
    ) -> MartletError {
        var reason: String?
        var remedy: String?
        switch argument.kind {
        case .dateFormat: reason = value.stringValue.flatMap(StrptimeFormat.problem)
        case .query: reason = "a brace has no pair; a brace that is meant as such is written twice"
        case .choice(let names):
            remedy = value.stringValue.flatMap { NearestName.of($0, among: names) }.map { "did you mean \($0)?" }
        case .bound where value.stringValue != nil: reason = "texts are compared by no expectation of this type"
        default: break
        }
        let text = ExactJSON.line(value)
        let shown = text.count > 80 ? "\(text.prefix(79))…" : text
        return MartletError(
            .argumentInvalid,
            "\(place) is \(shown), and has to be \(argument.kind.words)",
            reason: reason,
            remedy: remedy
        )
    }
}
