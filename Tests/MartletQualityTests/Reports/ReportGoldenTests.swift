import Foundation
import MartletCore
import Testing

@testable import MartletQuality

/// Pages as files: `MARTLET_UPDATE_GOLDENS=1` writes them anew, for `git diff` to show.
@Suite("Pages of reports")
struct ReportGoldenTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Goldens/reports").standardized

    /// What stands between the style and the end, with a line for each element.
    private static func body(_ page: Data) -> String {
        let html = String(decoding: page, as: UTF8.self)
        let start = html.firstRange(of: "<main>")?.lowerBound ?? html.startIndex
        let end = html.firstRange(of: "</main>")?.upperBound ?? html.endIndex
        return html[start..<end].replacing("><", with: ">\n<") + "\n"
    }

    private static func check(_ page: Data, _ name: String) throws {
        let file = folder.appending(path: name)
        let text = body(page)
        if ProcessInfo.processInfo.environment["MARTLET_UPDATE_GOLDENS"] == "1" {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let golden = try String(contentsOf: file, encoding: .utf8)
        let lines = zip(text.split(separator: "\n"), golden.split(separator: "\n"))
        if let (got, expected) = lines.first(where: { $0 != $1 }) { #expect(got == expected, "\(name)") }
        #expect(text == golden, "\(name): MARTLET_UPDATE_GOLDENS=1 writes what it is now")
    }

    @Test("a validation")
    func validation() throws {
        let finding = ReportReader(title: "Site").read(
            Array(ExactJSON.line(ReportRecordTests.old).utf8),
            key: "old.json",
            modified: ReportSiteTests.start
        )
        try Self.check(try #require(finding.page), "validation.html")
    }

    @Test("the first page, with files that were skipped")
    func overview() throws {
        let site = ReportSiteTests.site(4, skipped: [ReportSkipped(file: "a.json", reason: "is not JSON")])
        let page = try #require(site.pages().first { $0.path == "index.html" })
        try Self.check(ReportReader(title: "Site").html(page.document()), "index.html")
    }

    @Test("a dataset with its trends")
    func dataset() throws {
        let page = try #require(ReportSiteTests.site(4).pages().first { $0.path == "datasets/trips.html" })
        try Self.check(ReportReader(title: "Site").html(page.document()), "dataset.html")
    }

    @Test("a suite")
    func suite() throws {
        let suite = try SuiteReader.suite(
            [
                "name": "rules", "notes": "About *trips*.",
                "expectations": [
                    ["type": "expect_table_row_count_to_equal", "kwargs": ["value": 3]],
                    [
                        "type": "expect_column_values_to_be_unique", "kwargs": ["column": "id"], "severity": "warning",
                        "description": "Ids are told apart.",
                    ],
                ],
            ],
            name: "file"
        )
        let page = SuitePage(name: "rules", suite: suite, file: "quality/rules.json", subject: nil, list: nil)
        try Self.check(ReportReader(title: "Site").html(page.document()), "suite.html")
    }
}
