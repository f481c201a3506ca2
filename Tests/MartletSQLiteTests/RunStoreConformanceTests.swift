import MartletSQLite
import MartletTestKit
import Testing

@Suite(.tags(.conformance))
struct RunStoreConformanceTests {
    @Test(arguments: RunStoreConformance.allCases)
    func fake(_ behaviour: RunStoreConformance) async throws {
        try await behaviour.check(InMemoryRunStore())
    }

    @Test(arguments: RunStoreConformance.allCases)
    func sqlite(_ behaviour: RunStoreConformance) async throws {
        let file = try StoreFile()
        let store = try file.open()
        try await behaviour.check(store)
        await store.close()
        try await file.checkTables()
    }
}
