import Foundation

/// When the bodies of steps began and ended, as they told it themselves: `bench-stamp` writes it into one file.
struct Stamps {
    /// Seconds since 1970, in the order of their starts.
    let all: [(start: Double, end: Double)]

    /// - Throws: ``BenchProblem`` unless there are `count` of them.
    init(readFrom path: String, count: Int? = nil) throws(BenchProblem) {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        all = text.split(separator: "\n").compactMap { line -> (start: Double, end: Double)? in
            let words = line.split(separator: " ").compactMap { Int64($0) }
            return words.count == 2 ? (Double(words[0]) / 1e9, Double(words[1]) / 1e9) : nil
        }.sorted { $0.start < $1.start }
        if let count, all.count != count {
            throw BenchProblem(
                "\(all.count) steps ran, not \(count)",
                remedy: "run the pipeline by hand with the same martlet"
            )
        }
    }

    /// From the end of each body to the start of the next.
    var gaps: [Double] { zip(all, all.dropFirst()).map { $1.start - $0.end } }

    /// From the first start to the last end.
    var span: Double { (all.map(\.end).max() ?? 0) - (all.first?.start ?? 0) }

    /// From the minute's beginning to each start.
    var lags: [Double] { all.map { $0.start.truncatingRemainder(dividingBy: 60) } }

    /// The program that writes them; it lies beside this one.
    static var program: String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return "\(own.split(separator: "/").dropLast().map { "/\($0)" }.joined())/bench-stamp"
    }
}

extension [Double] {
    /// The least of the numbers that `share` of all do not exceed; of at least one.
    func percentile(_ share: Double) -> Double {
        let sorted = sorted()
        return sorted[Swift.min(sorted.count - 1, Int((Double(sorted.count) * share).rounded(.up)) - 1)]
    }
}
