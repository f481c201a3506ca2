import Foundation
import MartletCore
import Testing

@testable import MartletQuality

@Suite("Report sites")
struct ReportSiteTests {
    static let start = Timestamp(microseconds: 1_700_000_000_000_000)

    static func summary(_ index: Int, dataset: String = "trips", status: ReportStatus = .passed) -> ValidationSummary {
        let time = start + .seconds(index * 3_600)
        let key = "validations/s/\(index).json"
        return ValidationSummary(
            key: key,
            page: ReportPath.validation(suite: "s", time: time, key: key),
            suite: "s",
            dataset: dataset,
            time: time,
            status: status,
            evaluated: 10,
            successful: status.isBad ? 7 : 10,
            rowCount: 1_000 + index,
            nullShares: ["fare": Double(index % 10) / 100]
        )
    }

    static func site(_ count: Int, skipped: [ReportSkipped] = []) -> ReportSite {
        ReportSite(
            title: "Site",
            validations: (0..<count).map { summary($0, status: $0 % 10 == 3 ? .failed : .passed) },
            skipped: skipped
        )
    }

    @Test(
        "lists have a page for each hundred",
        arguments: [(0, 0), (1, 1), (100, 1), (101, 2), (250, 3)]
    )
    func pagination(count: Int, pages: Int) {
        let site = Self.site(count)
        #expect(site.allPages.count == pages)
        let shown = (0..<pages).flatMap { site.allPages.entries($0 + 1) }
        #expect(shown.map(\.key) == site.validations.map(\.key))
        #expect((0..<pages).allSatisfy { site.allPages.entries($0 + 1).count <= Limits.reportRowsPerPage })
    }

    @Test("a new validation changes few pages, and no full one")
    func stability() {
        func marks(_ site: ReportSite) -> [String: UInt64] {
            Dictionary(uniqueKeysWithValues: site.pages().map { ($0.path, $0.fingerprint) })
        }
        let (before, after) = (marks(Self.site(1_050)), marks(Self.site(1_051)))
        let changed = after.filter { before[$0.key] != $0.value }.keys.sorted()
        #expect(
            changed == [
                "datasets.html", "datasets/trips.html", "index.html", "lists/all-11.html", "lists/all.html",
                "lists/dataset-trips-11.html", "lists/suite-s-11.html", "suites.html", "suites/s.html",
            ]
        )
        #expect(marks(Self.site(1_050)) == before)
    }

    @Test("a page that is full changes once, when the next begins")
    func fullPages() {
        func mark(_ count: Int) -> UInt64? {
            Self.site(count).pages().first { $0.path == "lists/all-1.html" }?.fingerprint
        }
        #expect(mark(100) != mark(101))
        #expect(mark(101) == mark(250))
    }

    // MARK: - All pages of a site

    /// The pages of a site with hostile names in every place.
    static func pages(hostile: String) -> [String: String] {
        let reader = ReportReader(title: hostile)
        let key = "validations/\(hostile).json"
        var contents: [ReportEntry.Content] = []
        var pages: [String: String] = [:]
        for (index, json) in [validation(hostile), ReportRecordTests.old].enumerated() {
            let finding = reader.read(Array(ExactJSON.line(json).utf8), key: "\(index)\(key)", modified: start)
            contents.append(finding.content)
            let entry = ReportEntry(key: key, size: 1, modified: 1, content: finding.content)
            if let path = entry.page, let page = finding.page { pages[path] = String(decoding: page, as: UTF8.self) }
        }
        let profile = ProfileDocument(
            source: hostile,
            engine: hostile,
            rowCount: 3,
            columnCount: 1,
            columns: [column(hostile), column("b"), column("c")],
            candidateKeys: [CandidateKey(columns: [hostile])],
            correlations: [
                Correlation(columns: [hostile, "b"], coefficient: -0.5, rows: 3),
                Correlation(columns: ["b", "c"], coefficient: 1, rows: 3),
            ],
            missingTogether: [MissingTogether(columns: [hostile, "b"], both: 1, either: 2)],
            notes: [hostile]
        )
        let finding = reader.read(JSONText.bytes(profile), key: "profiles/\(hostile).json", modified: start)
        let entry = ReportEntry(key: key, size: 1, modified: 1, content: finding.content)
        if let path = entry.page, let page = finding.page { pages[path] = String(decoding: page, as: UTF8.self) }
        let suite = Suite(
            name: hostile,
            expectations: [
                Expectation(
                    type: hostile,
                    arguments: ["column": .string(hostile), hostile: .string(hostile)],
                    notes: .string(hostile),
                    description: hostile
                )
            ],
            notes: .string(hostile)
        )
        let points = [1.0, nil, 3].enumerated().map { index, value in
            MetricSeries.Point(time: start + .seconds(index), value: value, lower: 0, upper: 2, isAnomaly: index == 2)
        }
        let site = ReportSite(
            title: hostile,
            validations: contents.compactMap { if case .validation(let summary) = $0 { summary } else { nil } },
            suites: [ReportSuite(suite, file: hostile, stamp: "1")],
            profiles: [finding.content].compactMap { if case .profile(let summary) = $0 { summary } else { nil } },
            series: [MetricSeries(name: hostile, subject: hostile, points: points)],
            skipped: [ReportSkipped(file: hostile, reason: hostile)]
        )
        for page in site.pages() { pages[page.path] = String(decoding: reader.html(page.document()), as: UTF8.self) }
        return pages
    }

    static func column(_ name: String) -> ColumnProfile {
        var column = ColumnProfile(column: TableColumn(name: name, type: name, kind: .text), nullCount: 1)
        column.distinct = DistinctCount(count: 2, isExact: false)
        (column.minimum, column.maximum) = (.string(name), .string(name))
        column.topValues = [ValueCount(value: .string(name), count: 2)]
        column.patterns = [PatternCount(mask: name, count: 2)]
        column.quantiles = [Quantile(share: 0.5, value: .string(name))]
        column.histogram = ValueHistogram(edges: [.string(name), 1, 2], counts: [1, 2])
        return column
    }

    static func validation(_ hostile: String) -> JSONValue {
        let text = JSONValue.string(hostile)
        let config: JSONValue = [
            "type": "expect_column_values_to_be_in_set",
            "kwargs": ["column": text, "value_set": [text], "row_condition": text, "odd": text],
            "notes": text, "severity": "warning",
        ]
        let result: JSONValue = [
            "element_count": 3, "unexpected_count": 1, "partial_unexpected_list": [text],
            "partial_unexpected_counts": [["value": text, "count": 1]], "unexpected_index_list": [["id": text]],
            "unexpected_rows": [.object([hostile: text])], "unexpected_index_query": text,
            "details": [
                "more": text,
                "observed_partition": ["values": [text, "b"], "weights": [0.5, 0.5]],
                "expected_partition": ["values": [text, "b"], "weights": [0.9, 0.1]],
            ],
        ]
        let failure: JSONValue = [
            "raised_exception": true, "exception_message": text, "exception_traceback": text,
        ]
        return [
            "success": false, "suite_name": text, "suite_parameters": ["p": text],
            "results": [
                ["success": false, "expectation_config": config, "result": result, "exception_info": failure],
                ["success": false, "expectation_config": config, "result": ["observed_value": text]],
                [
                    "success": true, "expectation_config": ["type": text, "kwargs": [:], "description": text],
                    "result": ["observed_value": [text]],
                ],
            ],
            "meta": [
                "run_id": ["run_name": text, "run_time": "2026-01-03T06:00:00+00:00"], "batch_spec": ["path": text],
                "active_batch_definition": ["data_asset_name": text, "batch_identifiers": ["commit": text]],
            ],
        ]
    }

    @Test(
        "whatever names and values are, pages stay well formed and run nothing",
        arguments: [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
            "</title></style>",
            "a&amp;b<!--", "javascript:alert(1)", "../../etc/passwd", "]]>", "\u{0}\u{1b}[31m\n\t", "",
            "Größe 数 \u{202e}x",
        ]
    )
    func hostile(name: String) throws {
        let pages = Self.pages(hostile: name)
        #expect(pages.count > 14)
        for (path, html) in pages {
            let check = HTMLCheck(html)
            #expect(check.problems.isEmpty, "\(path)")
            #expect(Set(check.ids).count == check.ids.count, "\(path)")
            #expect(check.elements["img"] == nil && (check.elements["script"] ?? 0) <= 1, "\(path)")
            #expect(!path.contains("..") && !path.hasPrefix("/"), "\(path)")
            let folders = path.split(separator: "/").dropLast()
            for link in check.links {
                let resolved = Self.resolve(link, from: folders)
                let page = try #require(resolved.page.isEmpty ? html : pages[resolved.page], "\(path) to \(link)")
                if let anchor = resolved.anchor { #expect(HTMLCheck(page).ids.contains(anchor), "\(path) to \(link)") }
            }
        }
    }

    static func resolve(_ link: String, from folders: ArraySlice<Substring>) -> (page: String, anchor: String?) {
        let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let anchor = parts.count == 2 ? parts[1] : nil
        if parts[0].isEmpty { return ("", anchor) }
        var place = folders.map(String.init)
        for part in parts[0].split(separator: "/") {
            if part == ".." { place.removeLast() } else { place.append(String(part)) }
        }
        return (place.joined(separator: "/"), anchor)
    }

    @Test("pages fetch nothing")
    func selfContained() {
        for html in Self.pages(hostile: "plain").values {
            #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("src="))
        }
    }
}
