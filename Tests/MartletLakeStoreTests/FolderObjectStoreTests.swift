import MartletCore
import MartletTestKit
import Testing

@testable import MartletLakeStore

struct FolderObjectStoreTests {
    @Test(.tags(.conformance), arguments: ObjectStoreConformance.allCases)
    func folder(_ behaviour: ObjectStoreConformance) async throws {
        let scratch = try Scratch()
        try await behaviour.check(FolderObjectStore(scratch.path + "/store"), folder: scratch.path)
    }

    @Test(.tags(.conformance), arguments: ObjectStoreConformance.allCases)
    func memory(_ behaviour: ObjectStoreConformance) async throws {
        let scratch = try Scratch()
        try await behaviour.check(InMemoryObjectStore(), folder: scratch.path)
    }
}
