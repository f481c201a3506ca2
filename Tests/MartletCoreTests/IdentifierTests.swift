import Foundation
import MartletCore
import Testing

@Suite struct IdentifierTests {
    @Test(arguments: [
        ("a", true), ("flight_delays-2", true), ("A1", true), ("1a", true), ("", false), ("_a", false), ("-a", false),
        ("a b", false), ("é", false), ("a/b", false), ("a.b", false), ("..", false), ("a\n", false), ("a\0", false),
        (String(repeating: "a", count: 200), true), (String(repeating: "a", count: 201), false),
    ])
    func words(raw: String, isValid: Bool) {
        #expect((StepID(rawValue: raw) != nil) == isValid)
        #expect((PipelineID(rawValue: raw) != nil) == isValid)
    }

    @Test(arguments: [
        ("flights/raw", true), ("report.html", true), ("a/b/c.tar.gz", true), ("1/2", true), ("", false), ("/a", false),
        ("a/", false), ("a//b", false), ("../a", false), ("a/../b", false), (".hidden", false), ("a b", false),
        ("a\\b", false), ("~/a", false),
    ])
    func datasets(raw: String, isValid: Bool) { #expect((DatasetID(rawValue: raw) != nil) == isValid) }

    @Test(arguments: [("a", true), ("_a1", true), ("a-b", false), ("1a", false), ("", false), ("a.b", false)])
    func ports(raw: String, isValid: Bool) { #expect((PortName(rawValue: raw) != nil) == isValid) }

    @Test func errorsSayTheRule() {
        let error = #expect(throws: InvalidID.self) { try StepID(validating: "a b") }
        #expect(error?.description == "\"a b\" is not a valid step id: only letters, digits, _ and - may stand in it")
    }

    @Test func decodingChecks() {
        #expect(throws: DecodingError.self) { try JSONText.decode([StepID].self, from: #"["a b"]"#) }
        #expect(JSONText.encode([StepID(trusted: "a")]) == #"["a"]"#)
    }

    @Test func runIDsAreFolderNames() throws {
        let id = RunID(of: PipelineID(trusted: "p"), at: Timestamp(microseconds: 0), suffix: "ab12")
        #expect(id.rawValue == "p-19700101T000000Z-ab12")
        #expect(RunID.objection(to: id.rawValue) == nil)
    }

    @Test(
        arguments: [
            ("retrys", "retries"), ("comand", "command"), ("outptus", "outputs"), ("zzz", nil), ("", nil),
            ("WHEN", "when"),
        ] as [(String, String?)]
    )
    func nearestNames(name: String, expected: String?) {
        #expect(NearestName.of(name, among: ["retries", "command", "outputs", "when", "timeout"]) == expected)
    }
}
