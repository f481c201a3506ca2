import Foundation
import Testing

/// Wrong wiring must be found by the compiler; `Tests/Scenarios/does-not-compile` holds the mistakes.
@Suite(.enabled("needs swiftc and the built modules") { Compiler.found != nil })
struct DoesNotCompileTests {
    @Test func controlCompiles() throws {
        let compiler = try #require(Compiler.found)
        #expect(try compiler.check(Compiler.folder.appending(path: "control.swift")) == "")
    }

    @Test(arguments: Compiler.mistakes)
    func mistakeIsFound(name: String) throws {
        let compiler = try #require(Compiler.found)
        let file = Compiler.folder.appending(path: name)
        let first = try #require(try String(contentsOf: file, encoding: .utf8).split(separator: "\n").first)
        let expected = try #require(first.split(separator: "// expect: ").last, "the first line names no error")
        let answer = try compiler.check(file)
        #expect(answer.contains("error: "))
        #expect(answer.contains(expected))
    }
}

/// The compiler that built the tests, and the modules it built.
struct Compiler {
    let modules: URL

    static let folder = Golden.scenarios.appending(path: "does-not-compile")

    static var mistakes: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
        return names.filter { $0.hasSuffix(".swift") && $0 != "control.swift" }.sorted()
    }

    /// Nil where there is no compiler or the modules are not where SwiftPM puts them.
    static var found: Compiler? {
        final class Token {}
        let places = [Bundle.main.executableURL, Bundle(for: Token.self).bundleURL].compactMap(\.self)
        for place in places {
            let modules = place.deletingLastPathComponent().appending(path: "Modules")
            let martlet = modules.appending(path: "Martlet.swiftmodule").path(percentEncoded: false)
            guard FileManager.default.fileExists(atPath: martlet) else { continue }
            let compiler = Compiler(modules: modules)
            return (try? compiler.run(["--version"])) == nil ? nil : compiler
        }
        return nil
    }

    /// What the compiler says about `file`.
    func check(_ file: URL) throws -> String {
        try run([
            "-typecheck", "-swift-version", "6", "-I", modules.path(percentEncoded: false),
            file.path(percentEncoded: false),
        ])
    }

    private func run(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["swiftc"] + arguments
        let output = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        // What env answers when there is no swiftc.
        if process.terminationStatus == 127 { throw CocoaError(.fileNoSuchFile) }
        return String(decoding: text, as: UTF8.self)
    }
}
