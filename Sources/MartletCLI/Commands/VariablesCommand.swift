import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet variables`.
struct VariablesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "variables",
        abstract: "List, read and set the variables that pipelines share.",
        discussion: """
            A variable is a name and a JSON value. One that is marked as a secret is
            encrypted in the store, and masked in logs and in what steps report.

              martlet variables set region eu-west-1
              martlet variables set api_token --secret --stdin < token.txt
              martlet variables get region
              martlet variables export variables.json

            MARTLET_VAR_<NAME> and AIRFLOW_VAR_<NAME> in the environment come first.
            """,
        subcommands: [
            VariablesListCommand.self, VariablesGetCommand.self, VariablesSetCommand.self, VariablesDeleteCommand.self,
            VariablesImportCommand.self, VariablesExportCommand.self,
        ],
        defaultSubcommand: VariablesListCommand.self
    )
}

/// `martlet variables list`.
struct VariablesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the stored variables.")

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let variables = try await options.withSettings { try await $0.store.variables() }
        if json { return Output.result(JSONValue.array(try variables.map(VariableText.json)).jsonText) }
        if variables.isEmpty { return Output.talk("no variables yet; set one with `martlet variables set NAME VALUE`") }
        let style = Style.standardOutput
        let header = ["NAME", "VALUE", "DESCRIPTION"].map { TextTable.Cell(text: $0, paint: style.faint) }
        var table = TextTable([.left, .left, .left], header: header)
        for variable in variables {
            let value = variable.isSecret ? SettingRules.mask : try VariableText.value(variable).displayText
            table.add([
                TextTable.Cell(text: variable.name.rawValue), TextTable.Cell(text: VariableText.short(value)),
                TextTable.Cell(text: DisplayText.line(variable.description ?? ""), paint: style.faint),
            ])
        }
        Output.result(table.lines(indent: "").joined(separator: "\n"))
    }
}

/// `martlet variables get`.
struct VariablesGetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Print the value of a variable.",
        discussion: "The environment comes first, then the store, as it does for steps."
    )

    @Argument(help: "The variable.")
    var name: String

    @Flag(help: "Show the value of a secret.")
    var reveal = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let name: VariableName = try NameArgument.read(name)
        let (variable, source) = try await options.withSettings { settings in
            guard let found = try await find(name, settings) else {
                let known = try await settings.store.variables().map(\.name.rawValue)
                throw NameArgument.unknown(name.rawValue, among: known, "variable", .variableUnknown)
            }
            return found
        }
        if json {
            guard case .object(var fields) = VariableText.json(variable, revealed: reveal) else { return }
            fields["source"] = .string(source.rawValue)
            return Output.result(JSONValue.object(fields).jsonText)
        }
        Output.result(variable.value.displayText)
    }

    /// What is masked needs no key.
    private func find(
        _ name: VariableName,
        _ settings: OpenSettings
    ) async throws -> (Variable, SettingsResolver.Source)? {
        if reveal { return try await settings.resolver.variable(name) }
        if let stored = try await settings.store.variable(name), stored.isSecret,
            !settings.resolver.isInEnvironment(name)
        {
            return (VariableText.masked(stored), .store)
        }
        guard let (found, source) = try await settings.resolver.variable(name) else { return nil }
        var variable = found
        if variable.isSecret { variable.value = .string(SettingRules.mask) }
        return (variable, source)
    }
}

/// `martlet variables set`.
struct VariablesSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set a variable.",
        discussion: """
            VALUE is JSON where it is an object, an array, a number, true or false, and
            text otherwise. A secret is read from standard input or a file, so that it
            does not stay in the shell's history.
            """
    )

    @Argument(help: "The variable.")
    var name: String

    @Argument(help: "Its value.")
    var value: String?

    @Flag(help: "Read the value from standard input.")
    var stdin = false

    @Option(help: ArgumentHelp("Read the value from this file.", valueName: "path"))
    var file: String?

    @Flag(inversion: .prefixedNo, help: "Encrypt the value, and mask it. Without either, it stays as it was.")
    var secret: Bool?

    @Flag(help: "Take the value as text even if it looks like JSON.")
    var text = false

    @Option(help: ArgumentHelp("What the variable is for.", valueName: "text"))
    var description: String?

    @Flag(help: "Print the variable as one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let name: VariableName = try NameArgument.read(name)
        if [value != nil, stdin, file != nil].count(where: { $0 }) != 1 {
            throw MartletError(
                .commandLineInvalid,
                "give variable \(name) one value",
                remedy: "write it after the name, or use --stdin or --file"
            )
        }
        let variable = try await options.withSettings { settings in
            let former = try await settings.store.variable(name)
            let isSecret = secret ?? former?.isSecret ?? false
            let variable = Variable(
                name,
                try readValue(isSecret),
                isSecret: isSecret,
                description: description ?? former?.description
            )
            try await settings.vault.set(variables: [variable])
            return variable
        }
        if json { return Output.result(VariableText.json(variable, revealed: false).jsonText) }
        Output.talk("variable \(name) is set" + (variable.isSecret ? ", encrypted" : ""))
        if variable.isSecret { return VariableText.warnIfShort(variable) }
        if SettingRules.soundsSecret(name.rawValue) {
            Output.talk("\(name) sounds like a secret; add --secret to have it encrypted and masked")
        }
    }

    private func readValue(_ isSecret: Bool) throws(MartletError) -> JSONValue {
        if isSecret, value != nil {
            throw MartletError(
                .commandLineInvalid,
                "the value of a secret does not belong on the command line",
                reason: "the shell keeps it in its history, and others see it in the list of processes",
                remedy: "use --stdin or --file"
            )
        }
        var content = value ?? ""
        if let file { content = try InputText.fromFile(file) }
        if stdin { content = try InputText.fromStandardInput("value of \(name)") }
        return text ? .string(content) : SettingRules.value(from: content)
    }
}

/// `martlet variables delete`.
struct VariablesDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Delete variables from the store.")

    @Argument(help: "The variables.")
    var names: [String]

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        try await options.withSettings { settings in
            let known = try await settings.store.variables().map(\.name.rawValue)
            try NameArgument.check(names, among: known, "variable", .variableUnknown)
            try await settings.store.apply(names.map { .deleteVariable(VariableName(trusted: $0)) })
        }
        if json { return Output.result(JSONValue.object(["deleted": .array(names.map(JSONValue.string))]).jsonText) }
        Output.talk("deleted \(names.joined(separator: ", "))")
    }
}
