import MartletCore
import Testing

@testable import MartletDuckDB

struct LibraryTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func failure(environment: [String: String]) async throws -> MartletError {
        let engine = DuckDBEngine(environment: environment)
        let error = await #expect(throws: MartletError.self) {
            try await engine.transform(SQLTransform(script: "SELECT 1")) { _ in }
        }
        return try #require(error)
    }

    @Test func aMissingLibraryTellsWhereItWasSought() async throws {
        let path = folder.file("libduckdb.so")
        let error = try await failure(environment: ["MARTLET_DUCKDB": path])
        #expect(error.code == .sqlEngineUnusable)
        #expect(error.reason == "\(path): does not exist")
        #expect(error.remedy?.contains("bin/setup") == true)
    }

    @Test func aFileThatIsNoLibraryIsRefused() async throws {
        let path = try folder.write("not a library", to: "libduckdb.so")
        let error = try await failure(environment: ["MARTLET_DUCKDB": path])
        #expect(error.code == .sqlEngineUnusable)
        #expect(error.reason?.hasPrefix("\(path): ") == true)
    }

    #if os(Linux)
        @Test func anotherLibraryIsRefusedByTheFirstMissingFunction() async throws {
            let error = try await failure(environment: ["MARTLET_DUCKDB": "libc.so.6"])
            #expect(error.code == .sqlEngineUnusable)
            #expect(error.reason == "libc.so.6: it has no function duckdb_library_version")
        }

        @Test func theLibraryIsSoughtNearMartletFirst() {
            let locations = LibraryLocations(environment: ["MARTLET_HOME": "/opt/martlet", "HOME": "/home/u"])
            #expect(
                locations.candidates == [
                    "/opt/martlet/lib/libduckdb.so", "/home/u/.local/share/martlet/lib/libduckdb.so", "libduckdb.so",
                ]
            )
            #expect(LibraryLocations(environment: ["MARTLET_DUCKDB": "", "HOME": ""]).candidates == ["libduckdb.so"])
        }
    #endif
}
