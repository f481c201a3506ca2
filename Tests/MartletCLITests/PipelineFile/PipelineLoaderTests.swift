import Foundation
import MartletCore
import MartletRuntime
import Testing

@testable import MartletCLI

@Suite struct PipelineLoaderTests {
    private static func pipeline(_ name: String) -> String {
        "pipeline: \(name)\nsteps:\n  - id: one\n    command: echo 1\n"
    }

    /// The errors of loading, or none when it succeeds.
    private func errors(_ argument: String, in directory: String) -> [MartletError] {
        do {
            _ = try PipelineLoader.load(argument, in: directory)
            return []
        } catch {
            return error.errors
        }
    }

    @Test func findsByPathAndByName() throws {
        let folder = try ScratchFolder()
        try folder.write("martlet.yaml", "project: demo\npython: python3.12\nmax_parallel_steps: 3\n")
        try folder.write("pipelines/first.yaml", Self.pipeline("alpha"))
        try folder.write("sub/deep/file.txt", "")
        for (argument, directory) in [
            ("alpha", folder.path), ("alpha", folder.path + "/sub/deep"), ("pipelines/first.yaml", folder.path),
            ("../../pipelines/first.yaml", folder.path + "/sub/deep"), (folder.path + "/pipelines/first.yaml", "/"),
        ] {
            let loaded = try PipelineLoader.load(argument, in: directory)
            #expect(loaded.manifest.pipeline.rawValue == "alpha")
            #expect(loaded.projectRoot == folder.path)
            #expect(loaded.project.python == "python3.12")
            #expect(loaded.project.maxParallelSteps == 3)
            #expect(loaded.program == nil)
        }
    }

    @Test func withoutProjectPathsStartBesideTheFile() throws {
        let folder = try ScratchFolder()
        try folder.write("a/p.yaml", Self.pipeline("alone"))
        let loaded = try PipelineLoader.load("a/p.yaml", in: folder.path)
        #expect(loaded.projectRoot == folder.path + "/a")
        #expect(loaded.project.state == "sqlite:.martlet/martlet.db")
        #expect(loaded.file == "a/p.yaml")
    }

    @Test func namesTheNearestPipeline() throws {
        let folder = try ScratchFolder()
        try folder.write("martlet.yaml", "")
        try folder.write("pipelines/a.yaml", Self.pipeline("churn"))
        let error = try #require(errors("chrun", in: folder.path).first)
        #expect(error.code == .pipelineNotFound)
        #expect(error.remedy == "did you mean churn?")
        #expect(error.reason == "it has churn")
        #expect(errors("churn", in: "/").first?.code == .pipelineNotFound)
    }

    @Test func twoFilesOfOneNameAreAnError() throws {
        let folder = try ScratchFolder()
        try folder.write("martlet.yaml", "pipelines: [pipelines/*.yaml, 'more/**/*.yml']\n")
        try folder.write("pipelines/a.yaml", Self.pipeline("same"))
        try folder.write("more/x/y/b.yml", Self.pipeline("same"))
        let error = try #require(errors("same", in: folder.path).first)
        #expect(error.code == .nameDuplicate)
        #expect(error.reason == "pipelines/a.yaml, more/x/y/b.yml")
    }

    @Test func aMissingFileNamesItsNeighbour() throws {
        let folder = try ScratchFolder()
        try folder.write("train.yaml", Self.pipeline("p"))
        let error = try #require(errors("trian.yaml", in: folder.path).first)
        #expect(error.code == .fileUnreadable)
        #expect(error.remedy == "did you mean train.yaml?")
        #expect(errors("./", in: folder.path).first?.message == "./ is a folder")
    }

    @Test func errorsOfTheProjectFileAreListed() throws {
        let folder = try ScratchFolder()
        try folder.write("martlet.yaml", "projct: x\npipelines: pipelines/*.yaml\nmax_parallel_steps: 0\nsteps_: 1\n")
        try folder.write("pipelines/a.yaml", Self.pipeline("p"))
        let found = errors("p", in: folder.path)
        #expect(found.map(\.code) == [.keyUnknown, .valueInvalid, .valueInvalid, .keyUnknown])
        #expect(
            found.map { $0.location?.description } == [
                "martlet.yaml:1:1", "martlet.yaml:2:12", "martlet.yaml:3:21", "martlet.yaml:4:1",
            ]
        )
    }

    @Test func aProgramIsAskedForItsManifest() throws {
        let folder = try ScratchFolder()
        let program = try folder.write("bin/app", "#!/bin/sh\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        let step = StepManifest(id: StepID(trusted: "one"), action: .swift(SwiftAction()))
        let manifest = PipelineManifest(pipeline: PipelineID(trusted: "swift"), steps: [step])
        let loaded = try PipelineLoader.load("bin/app", in: folder.path) { (path) throws(MartletError) in
            #expect(path == program)
            return manifest
        }
        #expect(loaded.manifest == manifest)
        #expect(loaded.program == program)
        #expect(errors("bin/app", in: folder.path).first?.code == .pipelineProgramInvalid)
        do {
            _ = try PipelineLoader.load("bin/app", in: folder.path) { (_) throws(MartletError) in
                PipelineManifest(pipeline: manifest.pipeline, steps: [])
            }
            Issue.record("an empty pipeline was accepted")
        } catch {
            #expect(error.errors.first?.message == "pipeline swift has no steps (at steps)")
        }
    }

    @Test func jsonOfAManifestLoadsAsItself() throws {
        let folder = try ScratchFolder()
        try folder.write("p.yaml", Self.pipeline("p"))
        let loaded = try PipelineLoader.load("p.yaml", in: folder.path)
        try folder.write("p.json", JSONText.encode(loaded.manifest))
        #expect(try PipelineLoader.load("p.json", in: folder.path).manifest == loaded.manifest)
    }

    @Test(arguments: [
        ("a.yaml", "*.yaml", true), ("a.yml", "*.yaml", false), ("abc", "a*c", true), ("abd", "a*c", false),
        ("", "*", true), ("x", "?", true), ("xy", "?", false), ("aaaab", "*a*b", true), ("é.yaml", "*.yaml", true),
    ])
    func patternsMatch(name: String, pattern: String, expected: Bool) {
        #expect(NamePattern(pattern).matches(name) == expected)
    }
}
