import MartletCore
import Testing

@testable import Martlet

@Suite struct ProblemTests {
    /// The codes of what is wrong with a pipeline.
    private func codes(_ build: (PipelineBuilder) -> Void) -> [ErrorCode] {
        Pipeline("p", build: build).problems.map(\.error.code)
    }

    @Test func namesThatBreakTheRulesAreReportedWithTheirPlace() throws {
        let line = #line
        let pipeline = Pipeline("no spaces") { p in
            p.command("a step", "true")
        }
        #expect(pipeline.problems.map(\.error.code) == [.nameInvalid, .nameInvalid])
        let place = try #require(pipeline.problems.last?.error.location)
        #expect(place.file == "MartletTests/ProblemTests.swift")
        #expect(place.line == line + 2)
    }

    @Test func problemsOfTheManifestPointAtTheirStep() throws {
        let line = #line
        let pipeline = Pipeline("p") { p in
            p.command("fine", "true")
            p.command("wrong", "echo {{ params.missing }}")
        }
        let problem = try #require(pipeline.problems.first)
        #expect(problem.error.code == .templateInvalid)
        #expect(problem.error.location?.line == line + 3)
    }

    @Test func mistakesThatTypesCannotFind() {
        #expect(codes { _ in } == [.keyMissing])
        #expect(codes { p in for _ in 1...2 { p.command("same", "true") } } == [.nameDuplicate])
        #expect(codes { p in p.sql("x", "SELECT 1", reads: []) } == [.keyMissing])
        #expect(
            codes { p in
                p.command("x", "true")
                p.parameter("n", default: 13, in: 1...12)
            } == [.parameterDefinitionInvalid]
        )
        #expect(
            codes { p in
                p.command("x", "true", writes: Model.to("m"))
                p.command("y", "true", writes: Model.to("m"))
            } == [.datasetWrittenTwice]
        )
        #expect(
            codes { p in
                p.branch("b", .otherwise { p.command("x", "true") }, .otherwise { p.command("y", "true") })
            } == [.valueInvalid]
        )
    }

    @Test func catalogFindsPipelinesAndNamesTheNearest() throws {
        let build = { (p: PipelineBuilder) in _ = p.command("x", "true") }
        let catalog = PipelineCatalog([Pipeline("train", build: build), Pipeline("score", build: build)])
        #expect(try catalog.pipeline("score").manifest.pipeline.rawValue == "score")
        let mistyped = #expect(throws: MartletError.self) { try catalog.pipeline("trian") }
        #expect(mistyped?.code == .pipelineNotFound)
        #expect(mistyped?.remedy == "did you mean train?")
        let unnamed = #expect(throws: MartletError.self) { try catalog.pipeline(nil) }
        #expect(unnamed?.remedy == "name one of train, score")
        #expect(PipelineCatalog([]).errors.map(\.code) == [.keyMissing])
        let twice = PipelineCatalog(catalog.pipelines + catalog.pipelines)
        #expect(twice.errors.map(\.code) == [.nameDuplicate, .nameDuplicate])
    }
}
