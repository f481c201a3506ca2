import Foundation
import MartletCore
import MartletTestKit
import Testing

@testable import MartletCLI

/// The documents say what is there.
@Suite(.tags(.machine)) struct DocumentTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(Self.root)/\(name)", encoding: .utf8)
    }

    @Test func everyTargetIsNamed() throws {
        let targets = try FileManager.default.contentsOfDirectory(atPath: "\(Self.root)/Sources")
            .filter { !$0.hasSuffix(".md") }
        #expect(targets.count >= 10)
        for document in ["ARCHITECTURE.md", "Sources/README.md"] {
            let content = try text(document)
            for target in targets {
                let isNamed = content.contains("`\(target)`") || content.contains("**\(target)**")
                #expect(isNamed, "\(target) is not in \(document)")
            }
        }
    }

    @Test func theReadmeIsShort() throws {
        #expect(try text("README.md").split(separator: "\n", omittingEmptySubsequences: false).count <= 200)
    }

    /// The pipeline that the README begins with loads, once the files it names are there.
    @Test func theReadmesPipelineIsSound() throws {
        let readme = try text("README.md")
        let start = try #require(readme.range(of: "```yaml\n"))
        let end = try #require(readme.range(of: "```", range: start.upperBound..<readme.endIndex))
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "martlet-readme-\(UUID().uuidString)"
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["steps/ingest.py", "steps/train.py", "sql/features.sql"] {
            let file = folder.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data("SELECT 1".utf8).write(to: file)
        }
        let file = folder.appendingPathComponent("pipeline.yaml")
        try Data(readme[start.upperBound..<end.lowerBound].utf8).write(to: file)
        let manifest = try PipelineLoader.load(file.path, in: folder.path).manifest
        #expect(manifest.steps.map(\.id.rawValue) == ["ingest", "features", "train", "publish"])
    }
}
