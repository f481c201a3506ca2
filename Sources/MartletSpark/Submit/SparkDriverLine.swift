import Foundation

/// What a line that a Spark driver prints tells.
///
/// The forms are those of Spark's console progress bar (`ConsoleProgressBar`) and of its log at level INFO.
package enum SparkDriverLine: Hashable, Sendable {
    /// How many tasks of a stage are done.
    case progress(stage: Int, done: Int, total: Int)
    /// The application's id, as in `local-1700000000000` or `application_1700000000000_0001`.
    case application(String)
    /// Where the application shows its pages.
    case pages(String)
    /// Nothing but what people may want to read.
    case other
    /// A part of the progress bar that says nothing.
    case blank

    /// Reads a line.
    package init(_ line: String) {
        if line.utf8.allSatisfy({ $0 == 32 }) {
            self = .blank
        } else if line.hasPrefix("[Stage ") {
            self = Self.bar(line) ?? .blank
        } else if let (stage, done, total) = Self.finishedTask(line) {
            self = .progress(stage: stage, done: done, total: total)
        } else if let id = Self.applicationID(line) {
            self = .application(id)
        } else if let url = Self.pageURL(line) {
            self = .pages(url)
        } else {
            self = .other
        }
    }

    /// Whether people have seen it all when it is shown as progress.
    package var isBar: Bool { self == .blank }

    /// `[Stage 3:=====>      (5 + 2) / 10]`; of several the first counts.
    private static func bar(_ line: String) -> SparkDriverLine? {
        let stage = number(line.dropFirst(7))
        guard let stage, let open = line.firstIndex(of: "("), let done = number(line[open...].dropFirst()),
            let slash = line[open...].range(of: ") / "), let total = number(line[slash.upperBound...]),
            done <= total
        else { return nil }
        return .progress(stage: stage, done: done, total: total)
    }

    /// `... Finished task 3.0 in stage 0.0 (TID 3) in 413 ms on host (executor driver) (4/20)`.
    private static func finishedTask(_ line: String) -> (stage: Int, done: Int, total: Int)? {
        guard line.contains("Finished task "), line.hasSuffix(")"), let stage = line.range(of: " in stage "),
            let id = number(line[stage.upperBound...]), let open = line.lastIndex(of: "(")
        else { return nil }
        let share = line[line.index(after: open)...].dropLast().split(separator: "/")
        guard share.count == 2, let done = Int(share[0]), let total = Int(share[1]), done <= total else { return nil }
        return (id, done, total)
    }

    private static func applicationID(_ line: String) -> String? {
        for mark in ["Submitted application application_", "with app ID ", "/eventlog_v2_"] {
            guard let range = line.range(of: mark) else { continue }
            let start = mark.hasSuffix("application_") ? line.index(range.upperBound, offsetBy: -12) : range.upperBound
            let id = line[start...].prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
            if !id.isEmpty { return String(id) }
        }
        return nil
    }

    private static func pageURL(_ line: String) -> String? {
        for mark in ["SparkUI, and started at ", "tracking URL: ", "Bound SparkUI to "] {
            guard let range = line.range(of: mark) else { continue }
            let rest = line[range.upperBound...]
            guard let start = rest.range(of: "http") else { continue }
            return String(rest[start.lowerBound...].prefix { !$0.isWhitespace })
        }
        return nil
    }

    private static func number(_ text: Substring) -> Int? { Int(text.prefix { $0.isNumber }) }
}
