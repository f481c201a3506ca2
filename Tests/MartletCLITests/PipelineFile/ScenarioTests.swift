import Foundation
import MartletCore
import Testing

@testable import MartletCLI

/// Each file in `Tests/Scenarios/manifests` is loaded; what comes of it is in the `.expected` file beside it.
///
/// `MARTLET_UPDATE_GOLDENS=1` writes those files anew.
@Suite struct ScenarioTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Scenarios/manifests").path

    private static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".json") }.sorted()

    private static let updates = ProcessInfo.processInfo.environment["MARTLET_UPDATE_GOLDENS"] == "1"

    @Test(arguments: names) func loadingGivesWhatIsExpected(name: String) throws {
        let text = Self.outcome(of: name) + "\n"
        let golden = "\(Self.folder)/\(name).expected"
        if Self.updates {
            try text.write(toFile: golden, atomically: true, encoding: .utf8)
            return
        }
        #expect(text == (try String(contentsOfFile: golden, encoding: .utf8)))
    }

    @Test func thereAreScenarios() { #expect(Self.names.count > 30) }

    /// The listing of the errors, or the manifest.
    private static func outcome(of name: String) -> String {
        do {
            let manifest = try PipelineFile.load(path: "\(folder)/\(name)", root: folder) {
                PipelineLoader.shown($0, from: folder)
            }
            return JSONText.pretty(manifest)
        } catch {
            return ErrorListing.text(error)
        }
    }
}
