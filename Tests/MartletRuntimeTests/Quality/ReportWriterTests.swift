import Foundation
import MartletCore
import MartletQuality
import MartletRuntime
import Testing

@Suite("Writing reports")
struct ReportWriterTests {
    /// A folder with validations and one for their report, gone when the test is over.
    final class Bench {
        let root = NSTemporaryDirectory() + "martlet-report-\(UUID().uuidString)"
        var validations: String { "\(root)/validations" }
        var report: String { "\(root)/site/report" }

        init() throws { try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: root) }

        func write(_ text: String, to name: String) throws {
            let path = "\(validations)/\(name)"
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }

        func validation(_ day: Int, success: Bool = true, dataset: String = "trips") throws {
            let time = "2026-01-\(day < 10 ? "0" : "")\(day)T06:00:00+00:00"
            try write(
                """
                {"success":\(success),"suite_name":"rules","results":[{"success":\(success),"expectation_config":\
                {"type":"expect_column_to_exist","kwargs":{"column":"fare"}},"result":{}}],"meta":{"run_id":\
                {"run_name":null,"run_time":"\(time)"},"active_batch_definition":{"data_asset_name":"\(dataset)"}}}
                """,
                to: "rules/__none__/day\(day)/\(dataset).json"
            )
        }

        func build(title: String = "Site") throws -> ReportBuild {
            let source = ReportFolder(path: validations, name: "validations")
            return try ReportWriter(folder: report, title: title, sources: [source]).write()
        }

        func page(_ path: String) throws -> String {
            try String(contentsOfFile: "\(report)/\(path)", encoding: .utf8)
        }

        /// Paths of all pages.
        func pages() throws -> Set<String> {
            let names = FileManager.default.enumerator(atPath: report)?.compactMap { $0 as? String } ?? []
            return Set(names.filter { $0.hasSuffix(".html") })
        }
    }

    @Test("a second build writes nothing, a new validation a few pages")
    func incremental() throws {
        let bench = try Bench()
        for day in 1...9 { try bench.validation(day) }
        let first = try bench.build()
        #expect(first.validations == 9)
        #expect(try first.pages == bench.pages().count)
        let second = try bench.build()
        #expect(second.pages == 0)
        #expect(second.validations == 9)
        try bench.validation(10, success: false)
        let third = try bench.build()
        #expect(third.validations == 10)
        #expect(third.pages < 16)
        #expect(try bench.page("index.html").contains("Failing now"))
    }

    @Test("what is gone from the folder is gone from the report")
    func removal() throws {
        let bench = try Bench()
        try bench.validation(1)
        try bench.validation(2, dataset: "zones")
        _ = try bench.build()
        #expect(try bench.pages().contains("datasets/zones.html"))
        try FileManager.default.removeItem(atPath: "\(bench.validations)/rules/__none__/day2")
        let build = try bench.build()
        #expect(build.removed == 2)
        #expect(try !bench.pages().contains("datasets/zones.html"))
        #expect(try bench.pages().count { $0.hasPrefix("validations/") } == 1)
    }

    @Test("a validation that was written again is shown as it is now")
    func change() throws {
        let bench = try Bench()
        try bench.validation(1)
        _ = try bench.build()
        try bench.validation(1, success: false)
        _ = try bench.build()
        #expect(try bench.page("index.html").contains("badge failed"))
    }

    @Test("another title makes all pages anew")
    func look() throws {
        let bench = try Bench()
        try bench.validation(1)
        let first = try bench.build()
        let second = try bench.build(title: "Other")
        #expect(second.pages == first.pages)
        #expect(second.removed == 0)
    }

    @Test("a state that is damaged is made again")
    func damage() throws {
        let bench = try Bench()
        try bench.validation(1)
        let first = try bench.build()
        try Data("not this".utf8).write(to: URL(fileURLWithPath: "\(bench.report)/.martlet-report"))
        #expect(try bench.build().pages == first.pages)
    }

    @Test(
        "files that are nothing of that are named and passed over",
        arguments: [
            ("broken.json", "{\"success\":", "is not JSON"),
            ("empty.json", "", "is not JSON"),
            ("bytes.json", "\u{1}\u{2}", "is not JSON"),
            ("list.json", "[1,2]", "is no validation result"),
            ("other.json", "{\"a\":1}", "is no validation result"),
            ("checkpoint.json", "{\"run_results\":{},\"success\":true}", "checkpoint"),
            ("profile.json", "{\"columns\":[],\"row_count\":1,\"engine\":\"x\"}", "looks like a profile"),
            ("rows.jsonl", "{\"a\":1}", "holds no rows"),
            ("suite.json", "{\"expectations\":3}", "is no suite"),
        ]
    )
    func foreign(name: String, text: String, reason: String) throws {
        let bench = try Bench()
        try bench.validation(1)
        try bench.write(text, to: name)
        let build = try bench.build()
        #expect(build.validations == 1)
        #expect(build.skipped.map(\.file) == ["validations/\(name)"])
        #expect(build.skipped.first?.reason.contains(reason) == true)
        #expect(try bench.page("index.html").contains(name))
        // It is not read again, and still named.
        #expect(try bench.build().skipped == build.skipped)
    }

    @Test("a folder with files of others is left alone")
    func foreignFolder() throws {
        let bench = try Bench()
        try FileManager.default.createDirectory(atPath: bench.report, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(bench.report)/thesis.txt"))
        let error = #expect(throws: MartletError.self) { try bench.build() }
        #expect(error?.code == .reportFolderTaken)
        #expect(error?.message.contains("thesis.txt") == true)
        #expect(try bench.pages().isEmpty)
    }

    @Test("nothing at all makes a report that says so")
    func empty() throws {
        let bench = try Bench()
        let build = try bench.build()
        #expect(build.validations == 0)
        #expect(try bench.page("index.html").contains("no validations yet"))
    }

    @Test("a report inside the folder it is made of is not read")
    func inside() throws {
        let bench = try Bench()
        try bench.validation(1)
        let source = ReportFolder(path: bench.root, name: "all")
        let writer = ReportWriter(folder: "\(bench.root)/site", title: "Site", sources: [source])
        #expect(try writer.write().skipped.isEmpty)
        try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(bench.root)/site/x.json"))
        #expect(try writer.write().skipped.isEmpty)
    }

    @Test("links of the pages on disk lead to pages on disk")
    func links() throws {
        let bench = try Bench()
        for day in 1...28 { try bench.validation(day, success: day % 5 > 0, dataset: day % 2 == 0 ? "a/b" : "Größe") }
        _ = try bench.build()
        let pages = try bench.pages()
        for path in pages {
            let folder = URL(fileURLWithPath: "/\(path)").deletingLastPathComponent()
            for match in try bench.page(path).matches(of: /href="([^"#]+)/) {
                let target = folder.appending(path: String(match.1)).standardized.path
                #expect(pages.contains(String(target.dropFirst())), "\(path) to \(match.1)")
            }
        }
    }
}
