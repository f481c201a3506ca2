import Foundation
import MartletCore
import MartletTestKit
import Testing

/// `martlet test` as people and CI call it.
@Suite(.tags(.endToEnd)) struct TestCommandTests {
    private static let pipeline = """
        owner: me
        params: { name: { type: string, default: world } }
        sources: { names: data/names.csv }
        steps:
          - id: count
            command: 'tail -n +2 "$MARTLET_INPUT_NAMES" | wc -l > n && printf "n\\n%d\\n" "$(cat n)" > "$MARTLET_OUTPUT_TOTAL"'
            working_directory: "{{ project.root }}/data"
            inputs: { names: names }
            outputs: { total: { dataset: total, format: csv } }
          - id: greet
            command: 'echo "hello {{ params.name }}"; printf "{\\"type\\":\\"value\\",\\"name\\":\\"length\\",\\"value\\":5}\\n" >> "$MARTLET_MESSAGES"'
            values: [length]
            after: [count]
            retries: 3
            retry_delay: 1h
          - id: warn
            command: "false"
            when: "{{ steps.greet.values.length > 9 }}"
        """

    private static let tests = """
        pipeline: demo
        fixtures: { names: { rows: [{ name: ann }, { name: bob }] } }
        stubs:
          count: { outputs: { total: { rows: [{ n: 2 }] } } }
        tests:
          - name: greets
            params: { name: ann }
            expect:
              order: [count, greet]
              steps:
                greet: { state: success, attempts: 1, values: { length: { minimum: 5 } }, log: hello ann,
                  render: { command: CONTAINS } }
                warn: skipped
              datasets: { total: { rows: 1, equals: [{ n: 2.0 }] } }
          - name: tries again
            stubs: { greet: { fail: 2, values: { length: 12 } } }
            expect:
              state: failed
              steps: { greet: { attempts: 3 }, warn: { state: failed, error: MT2001 } }
          - name: templates
            params: { name: bob }
            stubs: { greet: { values: { length: 10 } } }
            render: { warn: { when: true }, count: { working_directory: ./data } }

        """

    private func project(tests: String = tests, policy: String? = nil) throws -> TestProject {
        let project = try TestProject(["demo": Self.pipeline])
        for folder in ["tests", "data"] {
            try FileManager.default.createDirectory(
                atPath: "\(project.path)/\(folder)",
                withIntermediateDirectories: true
            )
        }
        let command =
            #"'echo "hello ann"; printf "{\"type\":\"value\",\"name\":\"length\",\"value\":5}\n" >> "$MARTLET_MESSAGES"'"#
        try project.write("tests/demo.yaml", tests.replacing("CONTAINS", with: command))
        if let policy { try project.write("tests/policy.yaml", policy) }
        return project
    }

    @Test func whatIsAsExpectedPasses() async throws {
        let project = try project(policy: "rules: { owner: true, step_description: warn }\n")
        let result = try await project.martlet("test", "--junit", "out/junit.xml")
        #expect(result.status == 0, "\(result.output)\(result.talk)")
        #expect(result.output.contains("✓ loads"))
        #expect(result.output.contains("✓ rule owner"))
        #expect(result.output.contains("! rule step_description"))
        #expect(result.output.contains("warning MT1050: step count has no description"))
        #expect(result.output.contains("✓ greets"))
        #expect(result.output.contains("6 tests: 6 passed, 3 warnings in "))
        // Nothing of a test stays behind in the project.
        #expect(!FileManager.default.fileExists(atPath: "\(project.path)/.martlet"))
        #expect(try JUnitFile.complaints(about: "\(project.path)/out/junit.xml") == "")
        #expect(project.read("out/junit.xml").contains("tests=\"6\" failures=\"0\" errors=\"0\""))
    }

    @Test func whatIsNotFails() async throws {
        let wrong = Self.tests.replacing("attempts: 3", with: "attempts: 1").replacing("n: 2.0", with: "n: 3")
            .replacing("when: true", with: "when: false").replacing("hello ann,", with: "hello bob,")
        let project = try project(tests: wrong)
        let result = try await project.martlet("test", "--junit", "junit.xml")
        #expect(result.status == 1)
        for part in [
            "the log of step greet does not contain \"hello bob\"", "the rows of total are others", "- 3", "+ 2",
            "the number of attempts of step greet is 3, not 1", "when of step warn became something else",
            "expected  false", "found     true", "4 tests: 1 passed, 3 failed",
        ] {
            #expect(result.output.contains(part), "\(part) is not in \(result.output)")
        }
        #expect(try JUnitFile.complaints(about: "\(project.path)/junit.xml") == "")
        let json = try await project.martlet("test", "--json", "--filter", "tries*").json
        #expect(json["passed"] == false)
        #expect(json["counts"]?["tests"] == 1)
        guard case .array(let suites)? = json["suites"], case .array(let tests)? = suites.first?["tests"],
            case .array(let errors)? = tests.first?["errors"]
        else { return #expect(Bool(false), "no errors in \(json.jsonText)") }
        #expect(errors.first?["file"] == "tests/demo.yaml")
        #expect(errors.first?["line"] == 19)
        #expect(errors.first?["code"] == "MT1051")
    }

    @Test func filesAreCompared() async throws {
        let project = try project()
        try project.write(
            "pipelines/notes.yaml",
            """
            pipeline: notes
            steps:
              - id: write
                command: 'printf "one\\ntwo\\nthree\\n" > "$MARTLET_OUTPUT_NOTE"'
                outputs: { note: note.txt }
            """
        )
        try project.write("tests/right.txt", "one\ntwo\nthree\n")
        try project.write("tests/wrong.txt", "one\n2\nthree\n")
        try project.write(
            "tests/notes.yaml",
            """
            pipeline: notes
            tests:
              - name: same
                expect: { datasets: { note.txt: tests/right.txt } }
              - name: other
                expect: { datasets: { note.txt: { equals: tests/wrong.txt, text: four } } }
              - name: none
                expect: { datasets: { note.txt: { exists: false }, nothing: { exists: true } } }
            """
        )
        let result = try await project.martlet("test", "notes", "--jobs", "1")
        #expect(result.status == 1)
        for part in [
            "✓ same", "dataset note.txt is not the file tests/wrong.txt", "- 2", "+ two", "does not contain \"four\"",
            "dataset note.txt was written", "no step of pipeline notes writes nothing", "4 tests: 2 passed, 2 failed",
        ] {
            #expect(result.output.contains(part), "\(part) is not in \(result.output)")
        }
    }

    @Test func brokenPipelinesFailAndTheirTestsAreSkipped() async throws {
        let project = try project()
        try project.write("pipelines/demo.yaml", "pipeline: demo\nsteps:\n  - id: a\n    comand: x\n")
        let result = try await project.martlet("test")
        #expect(result.status == 1)
        #expect(result.output.contains("pipelines/demo.yaml:4:5: error MT1003"))
        #expect(result.output.contains("– greets"))
        #expect(result.output.contains("4 tests: 0 passed, 1 failed, 3 skipped"))
    }

    @Test(arguments: [
        ("policy: demo\n", "MT1003", ["test"]),
        ("pipeline: dmo\ntests: [{ name: a }]\n", "did you mean demo?", ["test"]),
        ("pipeline: demo\nstubs: { gret: success }\n", "did you mean greet?", ["test"]),
        ("pipeline: demo\nfixtures: { names: data/none.csv }\n", "MT1001", ["test"]),
        (tests, "MT1018", ["test", "dmo"]),
        (tests, "MT1053", ["test", "--filter", "nothing like it"]),
        (tests, "MT1019", ["test", "--jobs", "0"]),
    ])
    func wrongRequestsAreTold(tests: String, part: String, arguments: [String]) async throws {
        let project = try project(tests: tests)
        let result = try await MartletProgram.run(arguments, in: project.path)
        #expect(result.status == 2)
        #expect((result.output + result.talk).contains(part), "\(result.output)\(result.talk)")
    }

    @Test func keptRunsCanBeLookedAt() async throws {
        let project = try project()
        let result = try await project.martlet("test", "--keep", "--filter", "greets")
        let line = try #require(result.output.split(separator: "\n").first { $0.contains("run    ") })
        let folder = try #require(line.split(separator: " ").last.map(String.init))
        let scratch = try #require(folder.range(of: "/.martlet/").map { String(folder[..<$0.lowerBound]) })
        defer { try? FileManager.default.removeItem(atPath: (scratch as NSString).deletingLastPathComponent) }
        let shown = try await MartletProgram.run(["runs", "show", "--json"], in: scratch)
        #expect(try shown.json["state"] == "success")
    }
}

/// Checks reports with Python's XML parser, against the rules of the schema.
private enum JUnitFile {
    static func complaints(about path: String) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "\(MartletProgram.repository)/Tests/Helpers/junit/check.py", path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? "" : "\(process.terminationStatus): \(text)"
    }
}
