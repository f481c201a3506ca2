import ArgumentParser
import Foundation
import MartletCore
import MartletRuntime
import MartletSpark

/// `martlet spark template`.
struct TemplateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template",
        abstract: "Spark jobs to make your own: with a test, a pipeline and a page each.",
        discussion: """
              martlet spark template list
              martlet spark template show point_in_time_join
              martlet spark template new point_in_time_join --set keys=user_id --set ttl=7d
            """,
        subcommands: [TemplateListCommand.self, TemplateShowCommand.self, TemplateNewCommand.self],
        defaultSubcommand: TemplateListCommand.self
    )
}

/// `martlet spark template list`.
struct TemplateListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the templates.")

    @Flag(help: "Print a JSON array.")
    var json = false

    func run() throws {
        let templates = SparkTemplateCatalog.all
        if json { return Output.result(JSONValue.array(templates.map(TemplateText.json)).jsonText) }
        let style = Style.standardOutput
        let header = ["TEMPLATE", "WHAT IT DOES"].map { TextTable.Cell(text: $0, paint: style.faint) }
        var table = TextTable([.left, .left], header: header)
        for template in templates { table.add([template.name, template.summary]) }
        Output.result(table.lines(indent: "").joined(separator: "\n"))
    }
}

/// `martlet spark template show`.
struct TemplateShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a template's page: what it is for, what it minds, its parameters."
    )

    @Argument(help: "The template.")
    var template: String

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let template = try SparkTemplateCatalog.template(named: template)
        if json { return Output.result(TemplateText.json(template).jsonText) }
        Output.result(String(template.page.dropLast()))
    }
}

/// `martlet spark template new`.
struct TemplateNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Write a template's job, test, pipeline and page into a project.",
        discussion: "Nothing that exists is overwritten without --force."
    )

    @Argument(help: "The template.")
    var template: String

    @Argument(help: ArgumentHelp("The project's folder; made if it is not there.", valueName: "dir"))
    var directory = "."

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A parameter, as in ttl=7d; may come more than once.", valueName: "key=value")
    )
    var settings: [String] = []

    @Flag(help: "Overwrite files that exist.")
    var force = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let template = try SparkTemplateCatalog.template(named: template)
        let files = try template.rendered(settings: try Self.pairs(settings))
        let root = try CurrentFolder.resolve(directory)
        let existing = files.map(\.path).filter { FileManager.default.fileExists(atPath: "\(root)/\($0)") }
        if !existing.isEmpty, !force {
            throw MartletError(
                .fileExists,
                "\(root) already has \(existing.joined(separator: ", "))",
                reason: "nothing is overwritten unasked, and nothing was written",
                remedy: "choose another folder, or --force to overwrite"
            )
        }
        for file in files {
            let target = "\(root)/\(file.path)"
            try FileSystem.makeFolder((target as NSString).deletingLastPathComponent)
            try FileSystem.write(Array(file.text.utf8), to: target)
        }
        if json {
            let list = files.map { JSONValue.string($0.path) }
            let told: [String: JSONValue] = [
                "template": .string(template.name), "project": .string(root), "files": .array(list),
            ]
            return Output.result(JSONValue.object(told).jsonText)
        }
        let style = Style.standardOutput
        Output.result("\(style.good("✓")) \(style.bold(template.name)) in \(root)")
        for file in files { Output.result("  \(file.path)  \(style.faint(file.purpose))") }
        let enter = directory == "." ? "" : "cd \(directory) && "
        Output.result("\nnext: \(enter)python3 -m pytest tests/test_\(template.name).py")
        Output.result(style.faint("      with pytest, pyspark, pandas and pyarrow installed"))
    }

    /// Names and values of `key=value`.
    private static func pairs(_ settings: [String]) throws(MartletError) -> [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        for setting in settings {
            guard let sign = setting.firstIndex(of: "="), sign != setting.startIndex else {
                throw MartletError(
                    .commandLineInvalid,
                    "\"\(setting)\" is not KEY=VALUE",
                    remedy: "write --set ttl=7d"
                )
            }
            pairs.append((String(setting[..<sign]), String(setting[setting.index(after: sign)...])))
        }
        return pairs
    }
}

/// Templates as JSON.
enum TemplateText {
    /// A template without its texts.
    static func json(_ template: SparkTemplate) -> JSONValue {
        let parameters = template.parameters.map { parameter in
            JSONValue.object([
                "name": .string(parameter.name), "kind": .string(parameter.kind.name),
                "default": .string(parameter.defaultValue), "summary": .string(parameter.summary),
            ])
        }
        return .object([
            "name": .string(template.name), "summary": .string(template.summary),
            "use_when": .string(template.useWhen), "avoid_when": .string(template.avoidWhen),
            "parameters": .array(parameters), "files": .array(template.files.map { .string($0.path) }),
        ])
    }
}
