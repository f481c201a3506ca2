import Foundation
import MartletDuckDB
import MartletTestKit
import Testing

@Suite(.tags(.conformance))
struct TableConformanceTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    @Test(arguments: TableEngineConformance.allCases)
    func duckDB(_ behaviour: TableEngineConformance) async throws {
        try await behaviour.check(duckDBTables, in: folder.path)
    }
}
