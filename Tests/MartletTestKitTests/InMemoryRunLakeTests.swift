import Foundation
import MartletCore
import MartletTestKit
import Testing

struct InMemoryRunLakeTests {
    @Test(arguments: RunLakeConformance.allCases)
    func behavesAsALake(_ behaviour: RunLakeConformance) async throws {
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-lake-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        try await behaviour.check(InMemoryRunLake(), scratch: scratch.path)
    }
}
