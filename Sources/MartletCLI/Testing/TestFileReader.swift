import MartletCore
import MartletScheduling

/// Turns the tree of a test file into tests, reporting all that does not fit.
struct TestFileReader {
    let diagnostics: Diagnostics
    /// The project's folder, from which paths start; absolute.
    let project: String

    /// The tests in `source`.
    ///
    /// - Throws: ``PipelineLoadFailure`` with everything that is wrong in the file.
    static func read(_ source: SourceText, project: String) throws(PipelineLoadFailure) -> TestFile {
        let reader = TestFileReader(diagnostics: Diagnostics(source), project: project)
        guard let file = reader.file(), reader.diagnostics.errors.isEmpty else {
            throw PipelineLoadFailure(reader.diagnostics)
        }
        return file
    }

    private func file() -> TestFile? {
        guard let root = YAMLReader.read(diagnostics), let entries = root.entries else {
            if diagnostics.errors.isEmpty {
                diagnostics.report(
                    .syntaxInvalid,
                    "a test file is a mapping",
                    remedy: "start it with pipeline: NAME and tests:",
                    at: .start
                )
            }
            return nil
        }
        KnownKeys.testFile.check(entries, diagnostics)
        guard let entry = root.entry("pipeline") else {
            diagnostics.report(
                .keyMissing,
                "the file does not say which pipeline it tests",
                remedy: "add pipeline: NAME",
                at: root.position
            )
            return nil
        }
        let pipeline = diagnostics.name(entry, as: PipelineID.self) ?? PipelineID(trusted: "")
        return TestFile(
            source: diagnostics.source,
            pipeline: Placed(pipeline, at: entry.value.position),
            tests: tests(root, named: pipeline.rawValue)
        )
    }

    /// The tests under `tests`; a file without them is one test.
    private func tests(_ root: YAMLNode, named pipeline: String) -> [SpecifiedTest] {
        guard let entry = root.entry("tests") else { return [test(in: root, shared: nil, named: pipeline)] }
        for key in ["name", "expect", "render", "item"] {
            guard let own = root.entry(key) else { continue }
            diagnostics.report(.keyUnknown, "\(key) is of one test", remedy: "put it under tests", at: own.keyPosition)
        }
        guard case .list(let elements) = entry.value.content else {
            diagnostics.reject(
                entry.value,
                "tests must be a list; it is \(entry.value.kindName)",
                remedy: "start each test with \"- name: WHAT IT SHOWS\""
            )
            return []
        }
        var names: [String: TextPosition] = [:]
        return elements.enumerated().compactMap { index, element in
            guard let entries = element.entries else {
                diagnostics.reject(element, "a test is a mapping; this is \(element.kindName)")
                return nil
            }
            KnownKeys.test.check(entries, diagnostics)
            let test = test(in: element, shared: root, named: "test \(index + 1)")
            if element.entry("name") == nil {
                diagnostics.report(
                    .keyMissing,
                    "test \(index + 1) has no name",
                    remedy: "add name: what it shows",
                    at: element.position
                )
            } else if let earlier = names.updateValue(test.position, forKey: test.name) {
                diagnostics.report(
                    .nameDuplicate,
                    "two tests are called \"\(test.name)\"",
                    reason: "line \(earlier.line) has the other",
                    remedy: "rename one",
                    at: test.position
                )
            }
            return test
        }
    }

    private func test(in node: YAMLNode, shared: YAMLNode?, named fallback: String) -> SpecifiedTest {
        let name = diagnostics.text(node.entry("name"))
        let nodes = [node] + (shared.map { [$0] } ?? [])
        let timeout = entry("timeout", in: nodes)
        return SpecifiedTest(
            name: name ?? fallback,
            position: node.entry("name")?.value.position ?? node.position,
            nodes: nodes,
            setup: setup(nodes),
            timeout: diagnostics.seconds(timeout).map { .seconds($0) } ?? .seconds(Limits.testSeconds),
            kind: kind(of: node)
        )
    }

    /// The nearest entry of that name: the test's own, or that of all tests.
    func entry(_ key: String, in nodes: [YAMLNode]) -> YAMLEntry? { nodes.lazy.compactMap { $0.entry(key) }.first }

    /// The entries under `key`, the test's own in front of those of all tests with the same name.
    func merged(_ key: String, in nodes: [YAMLNode], form: String) -> [YAMLEntry] {
        var seen: Set<String> = []
        return nodes.flatMap { diagnostics.mapping($0.entry(key), form: form) ?? [] }.filter {
            seen.insert($0.key).inserted
        }
    }

    private func kind(of node: YAMLNode) -> SpecifiedTest.Kind {
        guard let render = node.entry("render") else {
            if let item = node.entry("item") {
                diagnostics.report(
                    .keyUnknown,
                    "item is for tests that render",
                    remedy: "add render:, or remove it",
                    at: item.keyPosition
                )
            }
            return .run(expectation(node.entry("expect")))
        }
        if let expect = node.entry("expect") {
            diagnostics.report(
                .valueInvalid,
                "a test with render runs nothing, so there is nothing to expect of a run",
                remedy: "make two tests of it, or put render under expect, in a step",
                at: expect.keyPosition
            )
        }
        let steps = diagnostics.mapping(render, form: "STEP: { command: \"...\" }") ?? []
        let rendered = steps.map { entry in
            _ = diagnostics.mapping(entry, form: "command: \"...\"")
            let step = diagnostics.name(entry.key, as: StepID.self, at: entry.keyPosition)
            return Placed((step: step, expected: entry.value.json), at: entry.keyPosition)
        }
        return .render(rendered, item: node.child("item")?.json)
    }

    /// A path as a test writes it, made absolute.
    func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(project)/\(path)" }
}
