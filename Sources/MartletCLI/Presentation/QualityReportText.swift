import MartletCore
import MartletQuality
import MartletRuntime

/// What building a report did, in words and as JSON.
enum QualityReportText {
    static func lines(_ build: ReportBuild, _ style: Style) -> [String] {
        let validations = LakeText.count(build.validations, "validation")
        var work = build.pages == 0 ? "nothing new" : "\(LakeText.count(build.pages, "page")) written"
        if build.removed > 0 { work += ", \(NumberText.grouped(build.removed)) removed" }
        var lines = ["\(style.good("✓")) \(validations), \(work)"]
        let shown = build.skipped.prefix(Limits.reportSkippedFiles)
        for file in shown {
            lines.append("  \(style.warn("!")) \(DisplayText.line(file.file)) \(DisplayText.line(file.reason))")
        }
        if build.skipped.count > shown.count {
            lines.append("  and \(NumberText.grouped(build.skipped.count - shown.count)) more files that were skipped")
        }
        return lines + ["  \(DisplayText.line(build.folder))/index.html"]
    }

    static func json(_ build: ReportBuild) -> JSONValue {
        let skipped = build.skipped.map { JSONValue.object(["file": .string($0.file), "reason": .string($0.reason)]) }
        return .object([
            "folder": .string(build.folder), "index": .string("\(build.folder)/index.html"),
            "validations": .integer(build.validations), "pages_written": .integer(build.pages),
            "pages_removed": .integer(build.removed), "skipped": .array(skipped),
        ])
    }
}
