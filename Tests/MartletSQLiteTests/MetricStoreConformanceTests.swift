import MartletCore
import MartletSQLite
import MartletTestKit
import Testing

@Suite(.tags(.conformance))
struct MetricStoreConformanceTests {
    @Test(arguments: MetricStoreConformance.allCases)
    func fake(_ behaviour: MetricStoreConformance) async throws {
        try await behaviour.check(InMemoryMetricStore())
    }

    @Test(arguments: MetricStoreConformance.allCases)
    func sqlite(_ behaviour: MetricStoreConformance) async throws {
        let file = try StoreFile()
        let store = try file.open()
        try await behaviour.check(store)
        await store.close()
        try await file.checkTables()
    }
}
