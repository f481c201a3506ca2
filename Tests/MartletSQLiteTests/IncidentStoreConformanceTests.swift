import MartletCore
import MartletSQLite
import MartletTestKit
import Testing

@Suite(.tags(.conformance))
struct IncidentStoreConformanceTests {
    @Test(arguments: IncidentStoreConformance.allCases)
    func fake(_ behaviour: IncidentStoreConformance) async throws {
        try await behaviour.check(InMemoryIncidentStore())
    }

    @Test(arguments: IncidentStoreConformance.allCases)
    func sqlite(_ behaviour: IncidentStoreConformance) async throws {
        let file = try StoreFile()
        let store = try file.open()
        try await behaviour.check(store)
        await store.close()
        try await file.checkTables()
    }

    /// What was decided is there after a start, with what is still to be sent.
    @Test func survivesAnEnd() async throws {
        let file = try StoreFile()
        let first = try file.open()
        try await IncidentStoreConformance.readsBackAWholeChange.check(first)
        await first.close()
        let second = try file.open()
        let book = try await second.book(for: ["a"], at: Timestamp(seconds: 1_767_225_600))
        #expect(book.revision == 1)
        #expect(book.incidents.count == 1)
        #expect(try await second.pendingDeliveries(limit: 10).count == 1)
        await second.close()
    }
}
