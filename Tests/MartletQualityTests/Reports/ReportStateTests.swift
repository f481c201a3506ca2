import Foundation
import MartletCore
import MartletQuality
import Testing

@Suite("What a report remembers")
struct ReportStateTests {
    static let awkward = ["plain", "tab\there", "line\nbreak", "back\\slash", #"\t"#, "", "数"]

    @Test("is read as it was written", arguments: awkward)
    func roundTrip(name: String) {
        let page = ReportPageSummary(
            page: name,
            title: name,
            time: Timestamp(microseconds: 1),
            status: .warning,
            rowCount: 2,
            columnCount: 3
        )
        let validation = ValidationSummary(
            key: "key\(name)",
            page: name,
            suite: name,
            dataset: name,
            runName: name.isEmpty ? nil : name,
            time: Timestamp(microseconds: -5),
            status: .error,
            evaluated: 3,
            successful: 2,
            version: name.isEmpty ? nil : name,
            rowCount: nil,
            nullShares: [name: 0.1, "other": 1e-9]
        )
        let contents: [ReportEntry.Content] = [
            .validation(validation), .profile(page), .drift(page), .read, .skipped(name),
        ]
        let entries = contents.map { ReportEntry(key: "key\(name)", size: 4, modified: -7, content: $0) }
        let state = ReportState(look: name, entries: entries, pages: ["a\(name)": .max, "b": 0])
        #expect(ReportState(bytes: state.bytes) == state)
    }

    @Test(
        "is none when it is of something else, or damaged",
        arguments: [
            "", "\n", "other\tlook\n", "martlet report 1\tlook\nvalidation\tkey\n", "martlet report 1\tlook\nodd\t1\n",
        ]
    )
    func damage(text: String) {
        #expect(ReportState(bytes: Array(text.utf8)) == nil)
    }

    @Test(
        "paths are made of harmless characters",
        arguments: [
            ("trips", "trips"), ("trips_2", "trips_2"), ("Trips", "trips--"), ("a/b", "a-b--"), ("..", "----"),
            ("", "--"), ("größe", "gr--"), ("a--b", "a--b--"),
        ]
    )
    func slugs(name: String, start: String) {
        let slug = ReportPath.slug(name)
        #expect(slug.hasPrefix(start))
        #expect(slug.utf8.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ".") })
        #expect(slug.utf8.count <= 74)
    }

    @Test("different names have different paths")
    func distinct() {
        let names = ["Trips", "trips", "TRIPS", "a/b", "a-b", "a.b", "", "-", String(repeating: "x", count: 61)]
        #expect(Set(names.map(ReportPath.slug)).count == names.count)
    }
}
