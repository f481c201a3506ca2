import Foundation
import MartletCore
import MartletTestKit
import Testing

/// Values in shell text, judged by the shell itself.
@Suite struct ShellTemplateTests {
    /// What `/bin/sh` prints for a template whose `params.a` and `params.b` have these values.
    private func run(_ template: String, _ values: [String: JSONValue], in folder: String = "/") throws -> String {
        let rendered = try Template(template).render(.shell) { values[$0.last ?? ""] }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", rendered.text]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = Dictionary(
            rendered.variables.map { ($0.name, $0.value) } + [("PATH", "/usr/bin:/bin")],
            uniquingKeysWith: { $1 }
        )
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    /// Contexts in which one value stands, and what must be printed; `@` is the value.
    private static let contexts = [
        ("printf '<%s>' {{ params.a }}", "<@>"), ("printf '<%s>' \"{{ params.a }}\"", "<@>"),
        ("printf '<%s>' 'x {{ params.a }} y'", "<x @ y>"), ("printf '<%s>' \"x {{ params.a }} y\"", "<x @ y>"),
        ("printf '<%s>' x{{ params.a }}y", "<x@y>"), ("# don't\nprintf '<%s>' {{ params.a }}", "<@>"),
        ("echo a#'b' >/dev/null; printf '<%s>' {{ params.a }}", "<@>"),
        ("x=\"$(printf '%s.' \"{{ params.a }}\")\"; printf '<%s>' \"$x\"", "<@.>"),
        ("x=$(printf '%s.' {{ params.a }}); printf '<%s>' \"$x\"", "<@.>"),
        ("x=`printf '%s.' {{ params.a }}`; printf '<%s>' \"$x\"", "<@.>"),
        ("(printf '<%s>' {{ params.a }})", "<@>"),
        ("cat <<END\nit's {{ params.a }}\nEND\nprintf '<%s>' {{ params.a }}", "it's @\n<@>"),
        ("cat <<-'END' >/dev/null\n\tdon't\n\tEND\nprintf '<%s>' {{ params.a }}", "<@>"),
        ("printf '<%s>' \\\\{{ params.a }}", "<\\@>"), ("printf '<%s>' \"it's {{ params.a }}\"", "<it's @>"),
        ("printf '<%s>' \"\\\"{{ params.a }}\\\"\"", "<\"@\">"),
        ("echo $((1 + 2)) >/dev/null; printf '<%s>' {{ params.a }}", "<@>"),
        ("printf '<%s>' $( (printf '%s.' {{ params.a }}) )'' >/dev/null; printf '<%s>' {{ params.a }}", "<@>"),
    ]

    @Test(arguments: contexts.indices) func valuesNeverBecomeCode(index: Int) throws {
        let (template, expected) = Self.contexts[index]
        let seed = UInt64(index) &+ 20_260_105
        var random = SeededGenerator(seed: seed)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for _ in 0..<20 {
            let value = random.nastyText()
            let output = try run(template, ["a": .string(value)], in: folder.path)
            #expect(
                output == expected.replacingOccurrences(of: "@", with: value),
                "seed \(seed): \(value.debugDescription)"
            )
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty, "a value ran as code")
    }

    @Test func severalValues() throws {
        let values: [String: JSONValue] = ["a": "x y", "b": 3]
        #expect(try run("printf '<%s>' {{ params.a }}{{ params.b }} '{{ params.b }}'", values) == "<x y3><3>")
        #expect(try run("echo $(( {{ params.b }} + 1 ))", values) == "4\n")
    }

    @Test(arguments: [
        "echo \\{{ params.a }}", "echo $(( {{ params.a }} ))", "cat <<'END'\n{{ params.a }}\nEND\n",
        "cat <<\\END\n{{ params.a }}\nEND\n", "cat <<END\n\\{{ params.a }}\nEND\n", "echo \"\\{{ params.a }}\"",
    ])
    func refusesPlacesWhereNoValueCanStand(template: String) {
        #expect(throws: TemplateError.self) { try Template(template).render(.shell) { _ in "v" } }
    }
}
