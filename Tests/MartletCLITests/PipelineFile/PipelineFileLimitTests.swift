import Foundation
import MartletCore
import Testing

@testable import MartletCLI

/// Files that try to exhaust time, memory or the stack.
@Suite struct PipelineFileLimitTests {
    private func codes(_ text: String) -> Set<ErrorCode> {
        do {
            let source = try SourceText(file: "p.yaml", content: Array(text.utf8))
            _ = try PipelineFile.load(source, files: PipelineFiles(root: "/", shown: { $0 }))
            return []
        } catch let failure as PipelineLoadFailure {
            return Set(failure.errors.map(\.code))
        } catch let error as MartletError {
            return [error.code]
        } catch {
            return [.internalFault]
        }
    }

    /// Ten levels of nine aliases: billions of values in 400 bytes.
    private static let bomb: String = {
        var lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
        for (previous, name) in zip("abcdefghi", "bcdefghij") {
            lines.append("\(name): &\(name) [\(Array(repeating: "*\(previous)", count: 9).joined(separator: ", "))]")
        }
        return lines.joined(separator: "\n") + "\n"
    }()

    @Test(.timeLimit(.minutes(30))) func expansionIsCounted() { #expect(codes(Self.bomb) == [.limitExceeded]) }

    @Test(.timeLimit(.minutes(30))) func expansionIsCountedInKeysToo() {
        #expect(codes(Self.bomb + "? *j\n: x\n").contains(.limitExceeded))
    }

    @Test func manyAliasesOfALargeNodeAreCounted() {
        let items = Array(repeating: "x", count: 1000).joined(separator: ",")
        #expect(codes("a: &a [\(items)]\nb:\n" + String(repeating: "- *a\n", count: 1000)) == [.limitExceeded])
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "]) func nestingIsLimited(piece: String) {
        #expect(codes(String(repeating: piece, count: 100_000)) == [.limitExceeded])
    }

    @Test func aliasOfItselfIsUnknown() { #expect(codes("pipeline: p\nsteps: &a [*a]\n").contains(.referenceUnknown)) }

    @Test func largeFilesAreNotRead() throws {
        let folder = try ScratchFolder()
        try folder.write("p.yaml", String(repeating: "#", count: Limits.pipelineFileBytes + 1))
        do {
            _ = try PipelineLoader.load("p.yaml", in: folder.path)
            Issue.record("it was read")
        } catch {
            #expect(error.errors.map(\.code) == [.limitExceeded])
        }
    }

    @Test func longExpressionsAreRefused() {
        let terms = Array(repeating: "true", count: 50_000).joined(separator: " or ")
        #expect(
            codes("pipeline: p\nsteps:\n  - id: a\n    command: echo\n    when: \"{{ \(terms) }}\"\n") == [
                .templateInvalid
            ]
        )
    }

    @Test(.timeLimit(.minutes(30))) func tenThousandStepsLoad() throws {
        var text = "pipeline: p\nsteps:\n"
        for index in 0..<10_000 {
            text += "  - id: s\(index)\n    command: ./run \"{{ run.id }}\"\n    outputs: { o: d/x\(index) }\n"
            if index > 0 { text += "    inputs: { i: d/x\(index - 1) }\n    after: [s\(index / 2)]\n" }
        }
        #expect(codes(text).isEmpty)
    }

    @Test(.timeLimit(.minutes(30))) func farTooManyStepsAreRefusedBeforeTheyAreRead() throws {
        // Few enough values and bytes to get as far as the steps.
        let steps = (0..<20_000).map { "- {id: s\($0), comand: x}\n" }
        let source = try SourceText(file: "p.yaml", content: Array(("pipeline: p\nsteps:\n" + steps.joined()).utf8))
        let failure = #expect(throws: PipelineLoadFailure.self) {
            try PipelineFile.load(source, files: PipelineFiles(root: "/", shown: { $0 }))
        }
        #expect(failure?.errors.map(\.message) == ["there are 20000 steps; a pipeline may have 10000"])
    }

    @Test(.timeLimit(.minutes(30))) func manyGroupsLoad() {
        var text = "pipeline: p\ngroups:\n"
        for index in 0..<1_000 {
            text += "  - { id: g\(index)\(index % 10 == 0 ? "" : ", parent: g\(index - 1)") }\n"
        }
        text += "steps:\n"
        for index in 0..<10_000 { text += "  - { id: s\(index), group: g\(index / 10), pool: x, command: ./run }\n" }
        #expect(codes(text).isEmpty)
    }

    @Test func errorsAreCutOff() throws {
        let text = "pipeline: p\nsteps:\n" + String(repeating: "  - idd: x\n    comand: y\n", count: 500)
        let source = try SourceText(file: "p.yaml", content: Array(text.utf8))
        do {
            _ = try PipelineFile.load(source, files: PipelineFiles(root: "/", shown: { $0 }))
            Issue.record("it was accepted")
        } catch {
            #expect(error.errors.count == Limits.diagnosticsPerFile)
            #expect(error.omitted > 0)
            #expect(ErrorListing.text(error).hasSuffix("and \(error.omitted) more errors"))
        }
    }
}
