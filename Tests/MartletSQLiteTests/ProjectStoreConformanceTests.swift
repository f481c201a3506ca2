import MartletSQLite
import MartletTestKit
import Testing

@Suite(.tags(.conformance))
struct ProjectStoreConformanceTests {
    @Test(arguments: ProjectStoreConformance.allCases)
    func fake(_ behaviour: ProjectStoreConformance) async throws {
        try await behaviour.check(InMemoryRunStore())
    }

    @Test(arguments: ProjectStoreConformance.allCases)
    func sqlite(_ behaviour: ProjectStoreConformance) async throws {
        let file = try StoreFile()
        let store = try file.open()
        try await behaviour.check(store)
        await store.close()
        try await file.checkTables()
    }
}
