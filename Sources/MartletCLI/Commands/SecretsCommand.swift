import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet secrets`.
struct SecretsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secrets",
        abstract: "Look at the key that secrets are encrypted with, and change it.",
        discussion: """
            Secret variables, passwords and extra are encrypted with the keys in
            MARTLET_SECRET_KEY, in the file that MARTLET_SECRET_KEY_FILE names, or in
            .martlet/secret.key, which is made when it is first needed. Keep a copy:
            without its key no secret can be read.

              martlet secrets key
              martlet secrets rotate
            """,
        subcommands: [SecretsKeyCommand.self, SecretsRotateCommand.self],
        defaultSubcommand: SecretsKeyCommand.self
    )
}

/// `martlet secrets key`.
struct SecretsKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Say which key is used and what needs it; never the key itself.",
        discussion: "Exit codes: 0 all secrets can be read, 1 a key is missing that some need."
    )

    @Flag(help: "Print a new key instead, for MARTLET_SECRET_KEY. Nothing is changed.")
    var new = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        if new {
            let key = SecretKey.random()
            let fields: [String: JSONValue] = ["id": .string(key.id), "key": .string(key.base64)]
            return Output.result(json ? JSONValue.object(fields).jsonText : key.base64)
        }
        let report = try await options.withSettings { try await $0.vault.keyReport() }
        if json {
            Output.result(SecretsText.json(report).jsonText)
        } else {
            SecretsText.lines(report).forEach(Output.result)
        }
        if !report.missing.isEmpty { throw CommandFailure.silent(ExitStatus.workFailed) }
    }
}

/// `martlet secrets rotate`.
struct SecretsRotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Encrypt every secret anew with another key.",
        discussion: """
            With a key file, a new key is made and the former one kept in the file until
            the next rotation. With MARTLET_SECRET_KEY, put the new key before the
            former one, with a comma between them; all secrets are then encrypted with
            the first. An interrupted rotation loses nothing: repeat it.
            """
    )

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let rotation = try await options.withSettings { try await $0.vault.rotate() }
        if json {
            let fields: [String: JSONValue] = [
                "key": rotation.key.map(JSONValue.string) ?? .null, "new_key": .bool(rotation.isNewKey),
                "resealed": .integer(rotation.resealed),
            ]
            return Output.result(JSONValue.object(fields).jsonText)
        }
        guard let key = rotation.key else { return Output.talk("there are no secrets and no key yet") }
        Output.result(
            "\(rotation.resealed) values are now encrypted with \(rotation.isNewKey ? "the new " : "")key \(key)"
        )
        if rotation.resealed == 0, !rotation.isNewKey {
            Output.talk("to change the key, put a new one first in MARTLET_SECRET_KEY: NEW,FORMER")
        }
    }
}

/// The secret key as people and machines see it.
enum SecretsText {
    static func lines(_ report: SecretKeyReport) -> [String] {
        var lines = ["source   \(report.source)"]
        lines.append("key      \(report.keys.first ?? "none yet; it is made when it is first needed")")
        if report.keys.count > 1 { lines.append("former   \(report.keys.dropFirst().joined(separator: ", "))") }
        for (id, count) in report.sealedValues.sorted(by: { $0.key < $1.key }) {
            let name = id.isEmpty ? "nothing: they are damaged" : "key \(id)"
            let isMissing = report.missing.contains(id) && !id.isEmpty
            lines.append("sealed   \(count) with \(name)\(isMissing ? ", which is missing" : "")")
        }
        return lines
    }

    static func json(_ report: SecretKeyReport) -> JSONValue {
        .object([
            "source": .string(report.source), "keys": .array(report.keys.map(JSONValue.string)),
            "sealed": .object(report.sealedValues.mapValues(JSONValue.integer)),
            "missing": .array(report.missing.map(JSONValue.string)),
        ])
    }
}
