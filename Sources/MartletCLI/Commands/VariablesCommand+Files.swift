import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet variables import`.
struct VariablesImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Set variables from a JSON file, all or none of them.",
        discussion: """
            The file is an object of values by name, as Airflow exports them, or of
            {"value": ..., "description": ..., "secret": true}. A variable is a secret
            if it says so, if --secret is given, or if its name sounds like one (token,
            password) and it does not say otherwise.
            """
    )

    @Argument(help: "The file, or - for standard input.")
    var file: String

    @Option(help: "What to do with names that exist: overwrite, skip or fail.")
    var existing = ExistingAction.overwrite

    @Flag(help: "Import all of them as secrets.")
    var secret = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        var variables: [Variable] = []
        for (name, value) in try ImportFile.members(file) {
            variables.append(try VariableText.variable(try NameArgument.read(name), value, secret: secret))
        }
        let skipped = try await options.withSettings { settings in
            let known = Set(try await settings.store.variables().map(\.name))
            let taken = variables.map(\.name).filter(known.contains)
            if existing == .fail, let first = taken.first {
                throw MartletError(
                    .nameDuplicate,
                    "variable \(first) exists; nothing was imported",
                    remedy: "use --existing overwrite or --existing skip"
                )
            }
            let chosen = existing == .skip ? variables.filter { !known.contains($0.name) } : variables
            try await settings.vault.set(variables: chosen)
            return variables.count - chosen.count
        }
        let imported = variables.count - skipped
        if json {
            return Output.result(
                JSONValue.object(["imported": .integer(imported), "skipped": .integer(skipped)]).jsonText
            )
        }
        Output.talk("\(imported) variables imported" + (skipped > 0 ? ", \(skipped) skipped" : ""))
    }
}

/// `martlet variables export`.
struct VariablesExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print all stored variables as JSON, or write them to a new file.",
        discussion: "Secrets are left out unless --reveal is given. `import` reads what this writes."
    )

    @Argument(help: "The file to write; standard output when not given.")
    var file: String?

    @Flag(help: "Write secrets too, in plain text.")
    var reveal = false

    @Flag(help: "Print one JSON object about a file that was written.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let (variables, hidden) = try await options.withSettings { settings in
            let stored = try await settings.store.variables()
            let chosen = reveal ? stored : stored.filter { !$0.isSecret }
            return (try settings.vault.open(chosen), reveal ? [] : stored.filter(\.isSecret).map(\.name.rawValue))
        }
        var members: [String: JSONValue] = [:]
        for variable in variables {
            guard case .object(var fields) = VariableText.json(variable, revealed: true) else { continue }
            fields["name"] = nil
            members[variable.name.rawValue] = .object(fields)
        }
        try SettingsExport(members: members, hidden: hidden, noun: "variable").finish(file, json: json)
    }
}

/// The end of an export: a file or standard output, and a word on what was left out.
struct SettingsExport {
    let members: [String: JSONValue]
    /// The names of what was left out because it is a secret.
    let hidden: [String]
    let noun: String

    func finish(_ file: String?, json: Bool) throws(MartletError) {
        let text = JSONText.pretty(JSONValue.object(members))
        if let file { try ExportFile.write(text, to: file) } else { Output.result(text) }
        if !hidden.isEmpty {
            Output.talk("left out as secrets: \(hidden.joined(separator: ", ")); --reveal writes them in plain text")
        }
        guard let file else { return }
        if json {
            let fields: [String: JSONValue] = [
                "file": .string(file), "exported": .integer(members.count),
                "left_out": .array(hidden.map(JSONValue.string)),
            ]
            Output.result(JSONValue.object(fields).jsonText)
        } else {
            Output.talk("\(members.count) \(noun)s written to \(file)")
        }
    }
}
