import ArgumentParser
import MartletCore
import MartletQuality

/// `martlet quality expectations`.
struct QualityExpectationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expectations",
        abstract: "List all types of expectations and their arguments."
    )

    @Argument(help: "Only those whose names have this in them.")
    var filter: String?

    @Flag(help: "Print one JSON array.")
    var json = false

    func run() throws {
        let shown = ExpectationCatalog.all.filter { definition in
            filter.map { definition.type.contains($0.lowercased()) } ?? true
        }
        if json { return Output.result(ExactJSON.line(.array(shown.map(Self.json)))) }
        let style = Style.standardOutput
        let lines = shown.flatMap { definition in
            let arguments = definition.arguments.map { $0.isRequired ? $0.name : "[\($0.name)]" }
            return [style.bold(definition.type), "  \(style.faint(arguments.joined(separator: ", ")))"]
        }
        Output.result(lines.joined(separator: "\n"))
    }

    private static func json(_ definition: ExpectationDefinition) -> JSONValue {
        .object([
            "type": .string(definition.type), "domain": .string(definition.domain.rawValue),
            "in_0_18": .bool(definition.isInZero18),
            "arguments": .array(
                definition.arguments.map { argument in
                    .object([
                        "name": .string(argument.name), "required": .bool(argument.isRequired),
                        "default": argument.defaultValue,
                    ])
                }
            ),
        ])
    }
}
