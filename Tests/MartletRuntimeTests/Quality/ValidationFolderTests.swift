import Foundation
import MartletCore
import MartletQuality
import MartletRuntime
import Testing

@Suite("Validation results on disk")
struct ValidationFolderTests {
    private static func result(_ suite: String, seconds: Double, run: String? = nil) -> ValidationResult {
        ValidationResult(
            suite: Suite(name: suite),
            checks: [],
            outcomes: [],
            data: ValidatedData(source: "files", asset: "a/b c"),
            semantics: .sql,
            engine: "e",
            version: "0",
            runName: run,
            time: Timestamp(seconds: seconds)
        )
    }

    @Test("are found again, newest first, under names that lead nowhere else")
    func append() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("validations-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = ValidationFolder(path: path)
        let names = ["flights", "../../etc", ".hidden", "ü/✓", String(repeating: "x", count: 500)]
        for name in names {
            for (seconds, run) in [(1.0, nil), (3.0, "../nightly"), (2.0, nil)] as [(Double, String?)] {
                let result = Self.result(name, seconds: seconds, run: run)
                let entry = try folder.append(result, json: result.json())
                #expect(entry.path.hasPrefix("\(path)/") && !entry.path.contains("/../"))
                #expect(try folder.json(entry) == result.json())
            }
            let times = folder.entries(of: name).map(\.runTime)
            #expect(times == ["19700101T000003.000000Z", "19700101T000002.000000Z", "19700101T000001.000000Z"])
            #expect(folder.entries(of: name).map(\.runName).contains("../nightly"))
            #expect(folder.entries(of: name).first { _ in true }?.batch == "files-a/b c")
        }
        #expect(Set(folder.suites()).isSuperset(of: names.prefix(4)))
        #expect(ValidationFolder(path: "\(path)/nothing").suites().isEmpty)
    }
}
