import Foundation
import MartletCore
import MartletRuntime
import MartletTestKit
import Testing

@testable import MartletCLI

/// SQL in processes of the built `martlet`, as waits ask it.
@Suite(.tags(.conformance), .timeLimit(.minutes(30))) struct ProcessQueryEngineTests {
    let folder: ScratchFolder

    /// The program beside the test bundle.
    private static let martlet: String = {
        let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return ((tests ?? "") as NSString).deletingLastPathComponent + "/martlet"
    }()

    init() throws { folder = try ScratchFolder() }

    private func context(_ folder: String) -> StepContextDocument {
        StepContextDocument(
            runID: RunID(trusted: "p-1"),
            pipeline: PipelineID(trusted: "p"),
            step: StepID(trusted: "w"),
            attempt: 1,
            startedAt: Timestamp(microseconds: 0),
            project: folder,
            workDirectory: "\(folder)-work"
        )
    }

    private func engine(_ context: StepContextDocument) -> ProcessQueryEngine {
        ProcessQueryEngine(
            martlet: Self.martlet,
            environment: ProcessInfo.processInfo.environment,
            context: context
        )
    }

    @Test(arguments: QueryEngineConformance.allCases)
    func keepsTheContractOfQueryEngines(_ behaviour: QueryEngineConformance) async throws {
        let inner = "\(folder.path)/in"
        for path in [inner, "\(inner)-work"] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        try await behaviour.check(engine(context(inner)), in: inner)
    }

    private func look(_ statement: String) async -> WaitResult {
        let context = context(folder.path)
        let request = WaitRequest(
            key: WaitKey(context.runID, InstanceID(context.step)),
            subject: .sql(SQLWait(statement: statement)),
            policy: WaitPolicy(),
            context: context,
            startedAt: context.startedAt
        )
        let probe = SQLProbe {
            ProcessQueryEngine(martlet: Self.martlet, environment: ProcessInfo.processInfo.environment, context: $0)
        }
        return await probe.probe(request)
    }

    @Test(arguments: [
        ("SELECT 1", true), ("SELECT 0", false), ("SELECT count(*) > 1 FROM 'data.csv'", true), ("SELECT NULL", false),
        ("SELECT count(*) > 5 FROM 'data.csv'", false), ("SELECT n FROM 'data.csv' WHERE n > 9", false),
        ("SELECT count(*) > 0 FROM 'not_there_yet.csv'", false), ("SELECT 'say \"yes\", please'", true),
        ("CREATE TABLE t AS SELECT 5 AS n; SELECT n FROM t", true),
    ])
    func statementsDecide(statement: String, holds: Bool) async throws {
        try folder.write("data.csv", "n\n1\n2\n")
        let result = await look(statement)
        switch result {
        case .satisfied: #expect(holds)
        case .notYet: #expect(!holds)
        case .failed, .skip: Issue.record("\(result)")
        }
    }

    @Test func aStatementThatIsWrongFailsForGood() async {
        guard case .failed(let error, retryable: false) = await look("SELECT nothing FROM nowhere") else {
            Issue.record("it was run")
            return
        }
        #expect(error.code == .sqlInvalid)
    }
}
