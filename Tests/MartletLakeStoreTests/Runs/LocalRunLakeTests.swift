import Foundation
import MartletCore
import MartletLakeStore
import MartletTestKit
import Testing

struct LocalRunLakeTests {
    @Test(arguments: RunLakeConformance.allCases)
    func behavesAsALake(_ behaviour: RunLakeConformance) async throws {
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent(
            "martlet-lake-\(UUID().uuidString)"
        )
        defer { try? FileManager.default.removeItem(at: scratch) }
        let lake = LocalRunLake(folder: scratch.appendingPathComponent("lake").path, author: "test@here")
        try await behaviour.check(lake, scratch: scratch.appendingPathComponent("files").path)
    }
}
