import Foundation
import MartletCore
import Testing

@testable import MartletSpark

/// What is embedded, beside the folder it was made from.
@Suite("Spark job templates: what is embedded")
struct SparkTemplateFilesTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Sources/MartletSpark/Templates/Files").standardizedFileURL

    /// The facts of a template as its template.json has them.
    struct Facts: Decodable {
        struct Parameter: Decodable {
            var name: String
            var type: String
            var `default`: String
            var summary: String
            var minimum: Double?
            var maximum: Double?
            var choices: [String]?
        }
        var name: String
        var summary: String
        var useWhen: String
        var avoidWhen: String
        var parameters: [Parameter]
    }

    static func text(_ path: String) throws -> String {
        let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (number, line) in lines.enumerated().reversed() where line.hasPrefix("# @include ") {
            let name = line.dropFirst("# @include ".count)
            let shared = try String(contentsOf: folder.appending(path: "_shared/\(name).py"), encoding: .utf8)
            lines.replaceSubrange(
                number...number,
                with: shared.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            )
        }
        return lines.joined(separator: "\n")
    }

    @Test("each folder is embedded")
    func folders() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())
        let templates = names.filter { !$0.contains(".") && !$0.hasPrefix("_") }
        #expect(templates.sorted() == SparkTemplateCatalog.all.map(\.name).sorted())
        #expect(templates.count == 10)
    }

    @Test("the facts are those of template.json", arguments: SparkTemplateCatalog.all)
    func facts(_ template: SparkTemplate) throws {
        let data = Data(try Self.text("\(template.name)/template.json").utf8)
        let facts = try JSONDecoder().decode(Facts.self, from: data)
        #expect(facts.name == template.name)
        #expect(
            [facts.summary, facts.useWhen, facts.avoidWhen] == [template.summary, template.useWhen, template.avoidWhen]
        )
        #expect(facts.parameters.map(\.name) == template.parameters.map(\.name))
        #expect(facts.parameters.map(\.default) == template.parameters.map(\.defaultValue))
        #expect(facts.parameters.map(\.summary) == template.parameters.map(\.summary))
        #expect(Set(template.parameters.map(\.name)).count == template.parameters.count)
        for (fact, parameter) in zip(facts.parameters, template.parameters) {
            switch parameter.kind {
            case .integer(let range):
                #expect([fact.minimum, fact.maximum] == [Double(range.lowerBound), Double(range.upperBound)])
            case .number(let range): #expect([fact.minimum, fact.maximum] == [range.lowerBound, range.upperBound])
            case .choice(let choices): #expect(fact.choices == choices)
            default: #expect("\(parameter.kind)" == fact.type)
            }
        }
    }

    @Test("the texts are those of the folder: run embed.py after a change", arguments: SparkTemplateCatalog.all)
    func texts(_ template: SparkTemplate) throws {
        let name = template.name
        let known = [
            "job.py": "jobs/\(name).py", "job.sql": "jobs/\(name).sql", "test.py": "tests/test_\(name).py",
            "pipeline.yaml": "pipelines/\(name).yaml", "README.md": "jobs/\(name).md",
        ]
        let found = try FileManager.default.contentsOfDirectory(atPath: Self.folder.appending(path: name).path())
        #expect(Set(found).isSubset(of: Set(known.keys).union(["template.json"])))
        #expect(Set(template.files.map(\.path)) == Set(found.compactMap { known[$0] }))
        for (file, path) in known where found.contains(file) {
            let embedded = template.files.first { $0.path == path }?.text
            let text = try Self.text("\(name)/\(file)")
            #expect(embedded == text, "\(path)")
        }
    }

    @Test(
        "each has a job, a test, a pipeline and a page that tells its parameters",
        arguments: SparkTemplateCatalog.all
    )
    func complete(_ template: SparkTemplate) throws {
        let paths = template.files.map(\.path)
        for path in ["jobs/\(template.name).py", "tests/test_\(template.name).py", "pipelines/\(template.name).yaml"] {
            #expect(paths.contains(path))
        }
        #expect(template.page.hasPrefix("# "))
        for word in ["## Use it when", "## Do not use it when", "## What it minds"] {
            #expect(template.page.contains(word), "\(template.name): \(word)")
        }
        for parameter in template.parameters {
            #expect(template.page.contains("`\(parameter.name)`"), "\(parameter.name)")
        }
        #expect(template.files.allSatisfy { $0.text.hasSuffix("\n") && !$0.text.contains("\t") })
    }
}
