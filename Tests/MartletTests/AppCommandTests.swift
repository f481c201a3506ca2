import MartletCore
import Testing

@testable import Martlet

@Suite struct AppCommandTests {
    /// The exit code of a program with `pipelines`, called with `arguments`.
    private func code(_ pipelines: [Pipeline], _ arguments: String...) async -> Int32 {
        await AppCommand.$catalog.withValue(PipelineCatalog(pipelines)) { await AppCommand.outcome(of: arguments) }
    }

    @Test func soundPipelinesAreDescribedAndDrawn() async {
        #expect(await code([Fixture.pipeline], "describe") == 0)
        #expect(await code([Fixture.pipeline], "describe", "churn") == 0)
        #expect(await code([Fixture.pipeline], "graph", "--format", "dot") == 0)
        #expect(await code([Fixture.pipeline], "--help") == 0)
    }

    @Test func wrongRequestsExitWith2() async {
        let broken = Pipeline("broken") { p in p.command("x", "{{ nothing }}") }
        #expect(await code([broken], "describe") == 2)
        #expect(await code([broken], "describe", "broken") == 2)
        #expect(await code([broken], "run") == 2)
        #expect(await code([Fixture.pipeline], "describe", "other") == 2)
        #expect(await code([Fixture.pipeline], "graph", "--format", "oil") == 2)
        #expect(await code([Fixture.pipeline], "step", "churn", "stats") == 2, "there is no attempt")
        #expect(await code([Fixture.pipeline], "fly") == 2)
    }

    @Test func martletIsFoundByVariableThenPathThenBeside() throws {
        func find(_ environment: [String: String], _ present: String...) throws -> String {
            try MartletBinary.find(environment: environment, beside: "/app/bin/churn") { present.contains($0) }
        }
        let all = ["/m/martlet", "/b/martlet", "/app/bin/martlet"]
        #expect(try find(["MARTLET": all[0], "PATH": "/a:/b"], all[0], all[1], all[2]) == all[0])
        #expect(try find(["PATH": "/a:/b"], all[1], all[2]) == all[1])
        #expect(try find(["PATH": "/a:/b"], all[2]) == all[2])
        let missing = #expect(throws: MartletError.self) { try find(["PATH": "/a"]) }
        #expect(missing?.remedy == "install it, or set MARTLET to its path")
        let wrong = #expect(throws: MartletError.self) { try find(["MARTLET": "/x", "PATH": "/b"], all[1]) }
        #expect(wrong?.message.contains("/x") == true)
    }
}
