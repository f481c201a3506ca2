import MartletCore
import Testing

@testable import MartletSpark

@Suite("Spark job templates: values filled in")
struct SparkTemplateRenderingTests {
    @Test("every value that was given is in the files, and no placeholder is left", arguments: SparkTemplateCatalog.all)
    func fills(_ template: SparkTemplate) throws {
        #expect(try template.rendered().allSatisfy { !$0.text.contains("@{") })
        for parameter in template.parameters {
            #expect(try parameter.checked(parameter.defaultValue) == parameter.defaultValue)
            #expect(template.files.contains { $0.text.contains("@{\(parameter.name)}") }, "\(parameter.name) is used")
        }
    }

    @Test("a setting replaces a default everywhere, and only that")
    func replaces() throws {
        let template = try SparkTemplateCatalog.template(named: "incremental-load")
        let before = try template.rendered()
        let after = try template.rendered(settings: [("overlap", "36h"), ("watermark-column", "changed_on")])
        #expect(after.map(\.path) == before.map(\.path))
        let job = try #require(after.first { $0.path == "jobs/incremental_load.py" })
        #expect(job.text.contains("\"--overlap\", type=seconds, default=\"36h\""))
        #expect(job.text.contains("\"--watermark-column\", default=\"changed_on\""))
        #expect(
            !after.contains { $0.text.contains("updated_at") && $0.path.hasPrefix("jobs/") && $0.path.hasSuffix("y") }
        )
    }

    @Test("text that only looks like a placeholder stays")
    func keeps() {
        let values = ["a": "1", "b": "@{a}"]
        let cases = [
            "": "", "@{a}": "1", "x@{a}y@{a}": "x1y1", "@{b}": "@{a}", "@{c}": "@{c}", "@{a": "@{a", "@ {a}": "@ {a}",
            "@@{a}}": "@1}", "@{}": "@{}",
        ]
        for (text, wanted) in cases { #expect(SparkTemplate.fill(text, with: values) == wanted) }
    }

    @Test("an unknown template, parameter or a second value is an error that offers the right name")
    func objects() throws {
        let template = try SparkTemplateCatalog.template(named: "incremental_load")
        let near = try #require(throws: MartletError.self) { try template.rendered(settings: [("overlp", "1d")]) }
        #expect(near.code == .sparkTemplateParameterUnknown && near.remedy == "did you mean overlap?")
        let far = try #require(throws: MartletError.self) { try template.rendered(settings: [("qqqqqqqqq", "1d")]) }
        #expect(far.remedy?.hasPrefix("it has source, target") == true)
        let twice = try #require(throws: MartletError.self) {
            try template.rendered(settings: [("overlap", "1d"), ("overlap", "2d")])
        }
        #expect(twice.code == .sparkTemplateValueInvalid)
        let unknown = try #require(throws: MartletError.self) {
            try SparkTemplateCatalog.template(named: "incremental_lod")
        }
        #expect(unknown.code == .sparkTemplateUnknown && unknown.remedy == "did you mean incremental_load?")
    }
}

@Suite("Spark job templates: which values fit")
struct SparkTemplateValueTests {
    struct Case: Sendable {
        var kind: SparkTemplateParameter.Kind
        var good: [String]
        var bad: [String]
    }

    static let cases = [
        Case(kind: .column, good: ["a", "_a1", "Event_Time"], bad: ["", "1a", "a b", "a-b", "a`", "ä", "a,b", "a.b"]),
        Case(kind: .columns, good: ["a", "a,b"], bad: ["", "a,", ",a", "a,,b", "a,A", "a;b", "a,1"]),
        Case(
            kind: .path,
            good: ["data/x", "s3a://bucket/a b/ü", "hdfs://host:9000/x", "catalog.schema.table"],
            bad: ["", "a\"b", "a'b", "a`b", "a\\b", "a\nb", "{{ x }}", "a$b", "a#b", "\u{2028}", "a\u{85}b"]
        ),
        Case(kind: .integer(1...10), good: ["1", "10"], bad: ["", "0", "11", "+1", "01", "1.0", "1_0", "٣", "--5"]),
        Case(kind: .integer(-5...10), good: ["-5", "0"], bad: ["--5", "-", "-6", "-05"]),
        Case(
            kind: .number(0...1),
            good: ["0", "1", "0.25"],
            bad: ["", ".5", "5.", "1e-3", "nan", "inf", "2", "0.1.2"]
        ),
        Case(kind: .duration, good: ["0s", "90s", "7d", "2w"], bad: ["", "d", "7", "7 d", "-7d", "1.5h", "7D", "٣d"]),
        Case(
            kind: .timestamp,
            good: ["2026-07-01", "2026-07-01 23:59:59", "2024-02-29", "2000-02-29"],
            bad: [
                "", "2026-7-1", "2026-13-01", "2026-02-29", "1900-02-29", "2026-07-01 24:00:00", "2026-07-01T00:00:00",
                "0000-01-01", "2026-07-01 00:00", "2026-04-31",
            ]
        ),
        Case(kind: .timezone, good: ["UTC", "Europe/Berlin", "+02:00"], bad: ["", "a b", "x'", "Österreich"]),
        Case(kind: .choice(["inner", "left"]), good: ["inner"], bad: ["", "lefts", "LEFT"]),
    ]

    @Test("values of each kind", arguments: cases)
    func check(_ given: Case) throws {
        let parameter = SparkTemplateParameter(name: "p", kind: given.kind, defaultValue: "", summary: "")
        for value in given.good { #expect(try parameter.checked(value) == value) }
        for value in given.bad + [String(repeating: "a", count: 2000)] {
            let error = #expect(throws: MartletError.self, "\(value) is no \(given.kind.name)") {
                try parameter.checked(value)
            }
            #expect(error?.code == .sparkTemplateValueInvalid)
        }
    }

    @Test("blanks after the commas of a list are left out")
    func trims() throws {
        let parameter = SparkTemplateParameter(name: "keys", kind: .columns, defaultValue: "a", summary: "")
        #expect(try parameter.checked("a, b ,  c") == "a,b,c")
    }
}
