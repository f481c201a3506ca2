import Foundation
import MartletCore

/// `engine-bench [FOLDER]`: transitions a second of the decision core in memory, and of the store on the disk that
/// holds FOLDER.
@main
struct Main {
    static func main() async throws {
        let parent = CommandLine.arguments.dropFirst().first ?? "."
        let folder = "\(parent)/.engine-bench-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }

        let manifest = Graph.layers(30, width: 100)
        let decisions = try await rates { _ in Double(try Decisions.run(manifest)) }
        report("decisions in memory, 3000 steps in 30 layers", decisions, goal: 100_000)
        for appenders in [1, 8, 64] {
            let count = 8_000 / appenders
            let durable = try await rates { round in
                try await Durable.append(count, appenders: appenders, to: "\(folder)/\(appenders)-\(round).db")
                return Double(count * appenders)
            }
            report("durable, \(appenders) at once", durable, goal: appenders == 64 ? 5_000 : nil)
        }
    }

    /// What `work` did a second, in rounds of which the first does not count; sorted.
    private static func rates(_ work: (Int) async throws -> Double) async throws -> [Double] {
        var rates: [Double] = []
        for round in 0...7 {
            let began = ContinuousClock.now
            let done = try await work(round)
            let took = began.duration(to: .now).components
            let rate = done / (Double(took.seconds) + Double(took.attoseconds) / 1e18)
            if round > 0 { rates.append(rate) }
        }
        return rates.sorted()
    }

    private static func report(_ name: String, _ rates: [Double], goal: Double?) {
        let (median, least, most) = (rates[rates.count / 2], rates[0], rates[rates.count - 1])
        let verdict = goal.map { ", goal ≥ \(Int($0)): \(median >= $0 ? "pass" : "MISSED")" } ?? ""
        print("\(name): \(Int(median)) a second (\(Int(least)) to \(Int(most)))\(verdict)")
    }
}
