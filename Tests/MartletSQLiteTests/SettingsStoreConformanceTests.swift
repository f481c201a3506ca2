import Foundation
import GRDB
import MartletCore
import MartletSQLite
import MartletTestKit
import Testing

@Suite(.tags(.conformance))
struct SettingsStoreConformanceTests {
    @Test(arguments: SettingsStoreConformance.allCases)
    func fake(_ behaviour: SettingsStoreConformance) async throws {
        try await behaviour.check(InMemorySettingsStore())
    }

    @Test(arguments: SettingsStoreConformance.allCases)
    func sqlite(_ behaviour: SettingsStoreConformance) async throws {
        let file = try StoreFile()
        let store = try file.open()
        try await behaviour.check(store)
        await store.close()
        try await file.checkTables()
    }
}
