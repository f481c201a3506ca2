import Foundation

/// Makes sure that a measured run did all of its work.
enum RunProof {
    private struct Report: Decodable {
        struct Step: Decodable {
            let state: String
        }
        let state: String
        let steps: [Step]
    }

    /// - Throws: ``BenchProblem`` unless `json`, printed by `martlet run --json`, tells of `steps` successful steps.
    static func check(_ json: Data, steps: Int) throws(BenchProblem) {
        let report = try? JSONDecoder().decode(Report.self, from: json)
        let done = report?.steps.count { $0.state == "success" } ?? 0
        guard report?.state == "success", done == steps else {
            throw BenchProblem(
                "a measured run ended as \(report?.state ?? "nothing") with \(done) of \(steps) steps done",
                remedy: "run the pipeline by hand with the same martlet"
            )
        }
    }
}
