package import Foundation
package import MartletCore

/// Finds out what a file is, and makes the page of what it holds.
package struct ReportReader: Sendable {
    private let html: ReportHTML

    /// A reader for the report called `title`.
    package init(title: String) { html = ReportHTML(siteTitle: title, areas: ReportArea.allCases) }

    /// What a file was found to be.
    package struct Finding: Sendable {
        package var content: ReportEntry.Content
        /// The page that shows it, when it has one of its own.
        package var page: Data?
        package var suite: Suite?
        package var series: MetricSeries?

        /// A file that no page is made of; `reason` is the end of a sentence that begins with the file.
        package static func skipped(_ reason: String) -> Finding { Finding(content: .skipped(reason)) }
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: its content.
    ///   - key: what it is called in the report.
    ///   - modified: when it was written.
    /// - Returns: what it was found to be; a reason to skip it when it is nothing that reports show.
    package func read(_ bytes: [UInt8], key: String, modified: Timestamp) -> Finding {
        let stem = Self.stem(key)
        if key.hasSuffix(".jsonl") { return rows(bytes, name: stem) }
        let json: JSONValue
        do {
            json = try ExactJSON.value(bytes: bytes)
        } catch {
            return skipped("is not JSON: \(error.message) (line \(error.line), column \(error.column))")
        }
        if let record = ValidationRecord(json, fallback: stem) {
            let summary = ValidationSummary(record, key: key, modified: modified)
            let page = html.page(ValidationPage.document(record, summary))
            return Finding(content: .validation(summary), page: page)
        }
        if json["columns"] != nil, json["row_count"] != nil, json["engine"] != nil {
            return document(json, bytes, ProfileDocument.self, "profile") {
                profile(of: $0, key: key, modified: modified)
            }
        }
        if json["columns"] != nil, json["reference"] != nil, json["drifted"] != nil {
            return document(json, bytes, DriftDocument.self, "comparison") {
                drift(of: $0, key: key, modified: modified)
            }
        }
        if json["expectations"] != nil { return suite(json, name: stem) }
        if json["run_results"] != nil {
            return skipped("is the result of a checkpoint; give the folder of its validations")
        }
        return skipped("is no validation result, suite, profile or comparison")
    }

    private func skipped(_ reason: String) -> Finding { .skipped(reason) }

    private func document<Document: Decodable>(
        _ json: JSONValue,
        _ bytes: [UInt8],
        _ type: Document.Type,
        _ noun: String,
        _ page: (Document) -> Finding
    ) -> Finding {
        // Counts are added and subtracted below; none that was counted comes near this.
        guard json.isWithin(1 << 53) else { return skipped("holds numbers that no \(noun) has") }
        do {
            return page(try JSONText.decode(type, from: Data(bytes)))
        } catch {
            return skipped("looks like a \(noun), but does not have all that one has")
        }
    }

    private func profile(of profile: ProfileDocument, key: String, modified: Timestamp) -> Finding {
        let path = ReportPath.profile(key)
        let summary = ReportPageSummary(
            page: path,
            title: ReportNumber.cut(profile.source, to: Limits.reportValueCharacters),
            time: modified,
            rowCount: profile.rowCount,
            columnCount: profile.columnCount
        )
        let page = html.page(ProfilePage.document(profile, path: path, time: modified))
        return Finding(content: .profile(summary), page: page)
    }

    private func drift(of drift: DriftDocument, key: String, modified: Timestamp) -> Finding {
        let path = ReportPath.drift(key)
        let summary = ReportPageSummary(
            page: path,
            title: ReportNumber.cut(drift.data.source, to: Limits.reportValueCharacters),
            time: modified,
            status: drift.drifted ? .failed : .passed,
            rowCount: drift.data.rowCount,
            columnCount: drift.columns.count { $0.drifted }
        )
        return Finding(
            content: .drift(summary),
            page: html.page(DriftPage.document(drift, path: path, time: modified))
        )
    }

    private func suite(_ json: JSONValue, name: String) -> Finding {
        do {
            return Finding(content: .read, suite: try SuiteReader.suite(json, name: name))
        } catch {
            return skipped("is no suite: \(error.error.message)")
        }
    }

    private func rows(_ bytes: [UInt8], name: String) -> Finding {
        var (name, subject) = (name, "")
        var points: [MetricSeries.Point] = []
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let json = try? ExactJSON.value(bytes: Array(line)), let point = MetricSeries.Point(json) else {
                return skipped("holds no rows of a metric: line \(index + 1) is none")
            }
            // What runs left says so itself; of other rows the file's name does.
            name = json["series"]?.stringValue ?? name
            subject = json["pipeline"]?.stringValue ?? subject
            points.append(point)
        }
        if points.isEmpty { return skipped("holds no rows") }
        points = points.suffix(Limits.reportSeriesRows).sorted { $0.time < $1.time }
        return Finding(content: .read, series: MetricSeries(name: name, subject: subject, points: points))
    }

    /// The name of a file without its folders and extension.
    private static func stem(_ key: String) -> String {
        let name = key[(key.lastIndex(of: "/").map { key.index(after: $0) } ?? key.startIndex)...]
        return String(name.lastIndex(of: ".").map { name[..<$0] } ?? name)
    }

    /// A page of the site.
    package func html(_ document: ReportDocument) -> Data { html.page(document) }

    /// What all pages of a report have in common; when that changes, all are made anew.
    package static func look(title: String) -> String {
        // The number rises when what pages say changes, but not their style.
        ReportPath.digest("1 \(ReportHTML.style) \(ReportHTML.script) \(title)")
    }
}
