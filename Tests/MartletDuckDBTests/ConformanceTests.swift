import MartletTestKit
import Testing

@Suite(.tags(.conformance))
struct ConformanceTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    @Test(arguments: QueryEngineConformance.allCases)
    func fake(_ behaviour: QueryEngineConformance) async throws {
        try await behaviour.check(FakeQueryEngine(), in: folder.path)
    }

    @Test(arguments: QueryEngineConformance.allCases)
    func real(_ behaviour: QueryEngineConformance) async throws {
        try await behaviour.check(duckDB, in: folder.path)
    }
}
