import Foundation
import MartletCore
import MartletLake
import Testing

struct DVCYAMLTests {
    /// Written by `dvc.utils.serialize.dumps_yaml` of dvc 3.67.1 (ruamel.yaml 0.19.1).
    static let golden: [UInt8] = {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Goldens/dvc_values.yaml").standardized
        return (try? Array(Data(contentsOf: url))) ?? []
    }()

    @Test func whatDVCWroteIsWrittenAgain() throws {
        #expect(!Self.golden.isEmpty)
        let value = try DVCYAMLReader.value(of: Self.golden, file: "golden")
        #expect(DVCYAMLWriter.text(of: value) == String(decoding: Self.golden, as: UTF8.self))
        #expect(value["numbers"]?.list?.allSatisfy { $0.text != nil } == true)
        #expect(value["signs"]?.list?[11].text == "'a")
        #expect(value["floats"]?.list?[7] == .number(1e15))
        #expect(value["none"] == .null)
    }

    @Test(arguments: [
        ("a: [1, {b: c}, 'd', [e: f]]", #"{"a": [1, {"b": "c"}, "d", [{"e": "f"}]]}"#),
        ("a: |\n  x\n   y\n\nb: >-\n  x\n  y\n\n  z\n", #"{"a": "x\n y\n", "b": "x y\nz"}"#),
        ("a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n", #"{"a": {"b": 1}, "c": {"b": 1, "d": 2}}"#),
        ("a:\n- b\n-\n  c: d\n- - e\n", #"{"a": ["b", {"c": "d"}, ["e"]]}"#),
        ("# top\na: b # c\n\n'd': \"e\\u00e9\\\n  f\"\n", #"{"a": "b", "d": "e\u00e9f"}"#),
        ("a: b\n  c\n\n  d\n", #"{"a": "b c\nd"}"#),
        ("---\n? a\n: b\n...\n", #"{"a": "b"}"#),
        ("a: !!str 1\nb: !!int 2\n", #"{"a": "1", "b": 2}"#),
        (
            "a: 0x1F\nb: 0o17\nc: 0123\nd: 1_000\ne: 99999999999999999999\n",
            #"{"a": 31, "b": 15, "c": 123, "d": 1000, "e": 99999999999999999999}"#
        ),
        ("", "{}"), ("# nothing\n", "{}"), ("\u{feff}a: 1\r\nb: 2\r\n", #"{"a": 1, "b": 2}"#),
    ]) func filesReadAsPythonReadsThem(_ yaml: String, _ json: String) throws {
        let value = try DVCYAMLReader.value(of: Array(yaml.utf8), file: "test")
        #expect(String(decoding: PythonJSON.text(of: value), as: UTF8.self) == json)
    }

    @Test(arguments: [
        "a: b: c\n", "- a\nb: c\n", "a: [1\n", "a: 'b\n", "a: *gone\n", "a: 1\na: 2\n", "\ta: 1\n", "a: b\n   c: d\n",
        "--- a\n--- b\n", "a: \"\\q\"\n", "a: |x\n", "a:\n  - b\n c: d\n",
    ]) func whatIsNoYAMLIsAnError(_ yaml: String) {
        let error = #expect(throws: MartletError.self) {
            try DVCYAMLReader.value(of: Array(yaml.utf8), file: "test")
        }
        #expect(error?.code == .dvcFileInvalid)
    }

    @Test func aliasesCannotFillTheMemory() {
        var yaml = "a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            yaml += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(throws: MartletError.self) { try DVCYAMLReader.value(of: Array(yaml.utf8), file: "test") }
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: MartletError.self) { try DVCYAMLReader.value(of: Array("a: \(deep)".utf8), file: "test") }
    }

    @Test func noBytesStopTheReader() {
        var random = SplitMix64(seed: 7)
        let parts = [
            "a", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ",", "'", "\"", "|", ">", "&a ", "*a", "#", "\\", "? ",
            "\t", "é",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int(random.next() % 12)).map { _ in parts[Int(random.next() % UInt64(parts.count))] }
                .joined()
            guard let value = try? DVCYAMLReader.value(of: Array(text.utf8), file: "test"), value.map != nil else {
                continue
            }
            let written = DVCYAMLWriter.text(of: value)
            let again = try? DVCYAMLReader.value(of: Array(written.utf8), file: "test")
            #expect(again == value, "\(text.debugDescription)")
        }
    }

    @Test func lineBreaksOfUnicodeStandInSingleQuotes() {
        #expect(DVCYAMLWriter.text(of: .map([("a", .text("\u{85}"))])) == "a: '\u{85}  '\n")
    }
}
