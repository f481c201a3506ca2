import Foundation
public import MartletCore
import Synchronization
import Testing

/// What every query engine does.
///
/// Each case is one behaviour; a test runs them all on the fake and on the real engine.
public enum QueryEngineConformance: String, CaseIterable, Sendable {
    case copiesRowsInOrder
    case countsRows
    case replacesAnOutput
    case reportsProgressUpToOne
    case refusesAMissingInput
    case refusesAnInvalidScript
    case refusesAnEmptyScript
    case refusesAnOutputWithoutRows
    case leavesOutputsAloneOnFailure
    case stopsWhenCancelled

    /// Checks the behaviour of `engine` with files in `folder`, which is empty.
    public func check(_ engine: some QueryEngine, in folder: String) async throws {
        let bench = Bench(folder: folder)
        try bench.write("name,hour\nBern,7\nAosta,6\nChur,8\n", to: bench.input.path)
        switch self {
        case .copiesRowsInOrder:
            _ = try await engine.transform(bench.transform("SELECT * FROM cities;\n")) { _ in }
            #expect(bench.outputText == "name,hour\nBern,7\nAosta,6\nChur,8\n")
            #expect(bench.names == ["cities.csv", "out.csv"])

        case .countsRows:
            let result = try await engine.transform(bench.transform("select * from cities")) { _ in }
            #expect(result.rowsIn == ["cities": 3])
            #expect(result.rowsOut == ["out": 3])
            #expect(!result.engine.isEmpty)

        case .replacesAnOutput:
            try bench.write("something longer than what comes, so that its rest would show\n", to: bench.output.path)
            _ = try await engine.transform(bench.transform("SELECT * FROM cities")) { _ in }
            #expect(bench.outputText == "name,hour\nBern,7\nAosta,6\nChur,8\n")

        case .reportsProgressUpToOne:
            let fractions = Mutex([Double]())
            _ = try await engine.transform(bench.transform("SELECT * FROM cities")) { fraction in
                fractions.withLock { $0.append(fraction) }
            }
            let seen = fractions.withLock { $0 }
            #expect(seen.last == 1)
            #expect(seen == seen.sorted())
            #expect(seen.allSatisfy { (0...1).contains($0) })

        case .refusesAMissingInput:
            try FileManager.default.removeItem(atPath: bench.input.path)
            let error = try await bench.failure(of: engine, "SELECT * FROM cities")
            #expect(error.code == .sqlInputUnreadable)
            #expect(error.message.contains("cities"))
            #expect(error.message.contains(bench.input.path))

        case .refusesAnInvalidScript:
            let error = try await bench.failure(of: engine, "SELEKT * FROM cities")
            #expect(error.code == .sqlInvalid)
            #expect(error.location == SourceLocation(file: "sql/cities.sql", line: 1, column: 1))

        case .refusesAnEmptyScript:
            let error = try await bench.failure(of: engine, " \n ; ")
            #expect(error.code == .sqlOutputMissing)

        case .refusesAnOutputWithoutRows:
            var transform = bench.transform("SELECT * FROM cities")
            transform.outputs.append(TableOutput(name: "other", path: folder + "/other.csv", format: .csv))
            let error = try await bench.failure(of: engine, transform)
            #expect(error.code == .sqlOutputMissing)
            #expect(error.message.contains("out"))

        case .leavesOutputsAloneOnFailure:
            try bench.write("old\n", to: bench.output.path)
            _ = try await bench.failure(of: engine, "SELECT * FROM nothing")
            #expect(bench.outputText == "old\n")
            #expect(bench.names == ["cities.csv", "out.csv"])

        case .stopsWhenCancelled:
            let transform = bench.transform("SELECT * FROM cities")
            let step = Task {
                // The engine starts only when the task is cancelled already, so that no time matters.
                while !Task.isCancelled { await Task.yield() }
                _ = try await engine.transform(transform) { _ in }
            }
            step.cancel()
            let error = await #expect(throws: MartletError.self) { try await step.value }
            #expect(error?.code == .sqlCancelled)
            #expect(bench.names == ["cities.csv"])
        }
    }
}

/// An input, an output and the folder they are in.
private struct Bench {
    let folder: String
    let input: TableInput
    let output: TableOutput

    init(folder: String) {
        self.folder = folder
        input = TableInput(name: "cities", path: folder + "/cities.csv")
        output = TableOutput(name: "out", path: folder + "/out.csv", format: .csv)
    }

    func transform(_ script: String) -> SQLTransform {
        SQLTransform(script: script, scriptName: "sql/cities.sql", inputs: [input], outputs: [output])
    }

    func failure(of engine: some QueryEngine, _ script: String) async throws -> MartletError {
        try await failure(of: engine, transform(script))
    }

    func failure(of engine: some QueryEngine, _ transform: SQLTransform) async throws -> MartletError {
        let error = await #expect(throws: MartletError.self) { try await engine.transform(transform) { _ in } }
        return try #require(error)
    }

    func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    var outputText: String? {
        FileManager.default.contents(atPath: output.path).map { String(decoding: $0, as: UTF8.self) }
    }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? [] }
}
