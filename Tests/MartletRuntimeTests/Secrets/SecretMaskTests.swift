import Foundation
import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

@Suite(.tags(.machine)) struct SecretMaskTests {
    private func masked(_ text: String, _ secrets: String...) -> String { SecretMask(secrets)?.masked(text) ?? text }

    @Test func secretsAreReplaced() {
        let table: [(text: String, secrets: [String], expected: String)] = [
            ("the word hunter2 is out", ["hunter2"], "the word *** is out"),
            ("hunter2", ["hunter2"], "***"),
            ("hunter", ["hunter2"], "hunter"),
            ("hunthunter2", ["hunter2"], "hunt***"),
            // Occurrences that touch or overlap become one.
            ("abcabc x", ["abc"], "*** x"),
            ("xabcdefx", ["abcd", "cdef"], "x***x"),
            ("abcdeX", ["abc", "abcde"], "***X"),
            ("aaaaa", ["aaa"], "***"),
            // Too short to be masked: it would stand in every other line.
            ("ab is ab", ["ab"], "ab is ab"),
            ("日本語と日本", ["日本語"], "***と日本"),
            ("pw\nline", ["  pw1\n"], "pw\nline"),
            ("it is pw1.", ["  pw1\n"], "it is ***."),
            // Each line of a secret of several, but no line of signs alone.
            ("got line one", ["line one\n---\nline two\n"], "got ***"),
            ("---", ["line one\n---\nline two\n"], "---"),
        ]
        for (text, secrets, expected) in table {
            #expect((SecretMask(secrets)?.masked(text) ?? text) == expected, "\(text)")
        }
        #expect(SecretMask(["", "a", "ab", " \n \n "]) == nil)
        #expect(SecretMask([]) == nil)
    }

    @Test func encodedFormsAreReplaced() {
        let secret = "p@ss w/o\"rd' é\\$x"
        let forms = [
            "p%40ss%20w%2Fo%22rd%27%20%C3%A9%5C%24x", "p%40ss+w%2fo%22rd%27+%c3%a9%5c%24x",
            "p%40ss%20w/o%22rd%27%20%C3%A9%5C%24x", "p%40ss%20w%2Fo%22rd'%20%C3%A9%5C%24x",
            #"p@ss w/o\"rd' é\\$x"#, #"p@ss w/o\"rd' \u00e9\\$x"#, #"p@ss w\/o\"rd' \u00e9\\$x"#,
            #"p@ss w/o"rd' é\\$x"#, #"p@ss w/o"rd\' é\\$x"#,
            #"p@ss w/o"rd'\'' é\$x"#, #"p@ss w/o"rd'"'"' é\$x"#, #"p@ss w/o\"rd' é\\\$x"#,
            #"p@ss\ w/o\"rd\'\ é\\\$x"#, #"p@ss w/o"rd'' é\$x"#, #"p@ss w/o""rd' é\$x"#,
            "p@ss w/o&quot;rd&#x27; é\\$x",
            Data(secret.utf8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(),
            Data(secret.utf8).map { (String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)).uppercased() }.joined(),
        ]
        for form in forms { #expect(masked("<\(form)>", secret) == "<***>", "\(form)") }
    }

    @Test func base64IsReplacedWhereverItBegins() {
        let secret = "correct horse battery"
        for before in ["", "a", "ab", "user:", "abcdefg"] {
            for after in ["", "\n", "z", "zz", " and more"] {
                let encoded = Data((before + secret + after).utf8).base64EncodedString()
                let result = masked(encoded, secret)
                #expect(result.contains("***"), "\(before)|\(after)")
                // At each end a character may be left that belongs to the neighbour in part.
                let left = result.replacing("***", with: "").count
                #expect(left <= (before.utf8.count + after.utf8.count) * 4 / 3 + 4, "\(before)|\(after): \(result)")
            }
        }
        #expect(masked(Data(secret.utf8).base64EncodedString(), secret) == "***")
        let bytes = Data("??>>~~ secret ??>>~~".utf8)
        let urlSafe = bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        #expect(masked(urlSafe, String(decoding: bytes, as: UTF8.self)) == "***")
    }

    @Test func base64InLinesIsReplaced() {
        let secret = (0..<30).map { "word\($0)" }.joined(separator: " ")
        for length in [76, 64] {
            let encoded = Data(secret.utf8).base64EncodedString()
            let lines = stride(from: 0, to: encoded.utf8.count, by: length).map { start in
                String(decoding: Array(encoded.utf8)[start..<min(start + length, encoded.utf8.count)], as: UTF8.self)
            }
            let result = masked(lines.joined(separator: "\n"), secret)
            #expect(result.split(separator: "\n").allSatisfy { $0 == "***" }, "\(result)")
        }
    }

    @Test func aLongSecretIsReplacedWhole() {
        var random = SeededGenerator(seed: 5)
        let secret = String((0..<9_000).map { _ in Character(Unicode.Scalar(UInt8(33 + random.next() % 90))) })
        #expect(masked("<\(secret)>", secret) == "<***>")
        #expect(masked("<\(secret.dropLast(300))>", secret).count < 300)
    }

    /// Bytes in pieces of any size give what they give as a whole, and that is what a naive search gives.
    @Test func piecesDoNotMatter() throws {
        for seed in 1...UInt64(400) {
            var random = SeededGenerator(seed: seed)
            let secrets = (0..<Int.random(in: 1...4, using: &random)).map { _ in secret(&random) }
            guard let mask = SecretMask(secrets) else { continue }
            let forms = mask.patterns
            var text: [UInt8] = []
            for _ in 0..<Int.random(in: 0...25, using: &random) {
                let form = forms.randomElement(using: &random) ?? []
                switch random.next() % 4 {
                case 0: text += form
                case 1: text += form.prefix(Int.random(in: 0...form.count, using: &random))
                case 2: text += form.suffix(Int.random(in: 0...form.count, using: &random))
                default: text += (0..<Int.random(in: 0...5, using: &random)).map { _ in UInt8(97 + random.next() % 3) }
                }
            }
            let expected = naive(text, forms)
            #expect(pieces(text, mask, upTo: text.count + 1, &random) == expected, "seed \(seed), whole")
            for size in [1, 2, 7, 100] {
                #expect(pieces(text, mask, upTo: size, &random) == expected, "seed \(seed), pieces up to \(size)")
            }
        }
    }

    private func secret(_ random: inout SeededGenerator) -> String {
        let nasty = [
            "'", "\"", "\\", "$", " ", "\n", "\r\n", "\t", "é", "日", "😀", "'\u{301}", "%", "+", "/", "&", "=", "ab",
        ]
        if random.next() % 3 == 0 {
            return (0..<Int.random(in: 0...9, using: &random)).map { _ in nasty.randomElement(using: &random) ?? "" }
                .joined()
        }
        // Few letters, so that secrets overlap themselves and each other.
        return String(
            (0..<Int.random(in: 3...9, using: &random)).map { _ in "abc".randomElement(using: &random) ?? "a" }
        )
    }

    private func pieces(_ text: [UInt8], _ mask: SecretMask, upTo size: Int, _ random: inout SeededGenerator) -> [UInt8]
    {
        var stream = SecretMask.Stream(mask)
        var result: [UInt8] = []
        var rest = text[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(size > text.count ? size : Int.random(in: 0...size, using: &random)))
            rest = rest.dropFirst(piece.count)
            piece.withUnsafeBytes { stream.feed($0) { result += $0 } }
            #expect(stream.heldBytes < mask.longest)
        }
        stream.finish { result += $0 }
        return result
    }

    /// Marks every byte of every occurrence, and writes three stars for each run of marks.
    private func naive(_ text: [UInt8], _ forms: [[UInt8]]) -> [UInt8] {
        var marks = [Bool](repeating: false, count: text.count)
        for start in text.indices {
            for form in forms where text[start...].starts(with: form) {
                for index in start..<(start + form.count) { marks[index] = true }
            }
        }
        var result: [UInt8] = []
        for (index, byte) in text.enumerated() {
            if !marks[index] {
                result.append(byte)
            } else if index == 0 || !marks[index - 1] {
                result += Array("***".utf8)
            }
        }
        return result
    }

    @Test func whatIsNoBeginningIsToldAtOnce() throws {
        let mask = try #require(SecretMask(["hunter2 and so on"]))
        var stream = SecretMask.Stream(mask)
        var told = ""
        func feed(_ text: String) {
            Array(text.utf8).withUnsafeBytes { stream.feed($0) { told += String(decoding: $0, as: UTF8.self) } }
        }
        feed("50% done, hun")
        #expect(told == "50% done, ")
        feed("gry")
        #expect(told == "50% done, hungry")
        feed(" hunter2 and so")
        #expect(told == "50% done, hungry ")
        stream.finish { told += String(decoding: $0, as: UTF8.self) }
        #expect(told == "50% done, hungry hunter2 and so")
    }

    @Test func reportedValuesAreMasked() throws {
        let mask = try #require(SecretMask(["hunter2", "123456"]))
        let value: JSONValue = .object([
            "text": "a hunter2 b", "list": .array(["hunter2", 123_456, 1_234_567, 0.5, .null, true]), "hunter2x": 1,
        ])
        let expected: JSONValue = .object([
            "text": "a *** b", "list": .array(["***", "***", 1_234_567, 0.5, .null, true]), "***x": 1,
        ])
        #expect(mask.masked(value) == expected)
        let name = PortName(trusted: "v")
        #expect(mask.masked(.value(name: name, value: value)) == .value(name: name, value: expected))
        #expect(mask.masked(.value(name: PortName(trusted: "hunter2"), value: 1)) == nil)
        #expect(mask.masked(.metric(name: "rows.hunter2", value: 1)) == nil)
        #expect(mask.masked(.metric(name: "rows", value: 123_456)) == nil)
        #expect(mask.masked(.metric(name: "rows", value: 1_234_567)) == .metric(name: "rows", value: 1_234_567))
        #expect(mask.masked(.skip(reason: "hunter2")) == .skip(reason: "***"))
        #expect(mask.masked(.log(level: "info", text: "hunter2")) == .log(level: "info", text: "***"))
        let progress = StepProgress(done: 1, total: 2, text: "hunter2")
        #expect(mask.masked(.progress(progress)) == .progress(StepProgress(done: 1, total: 2, text: "***")))
        let error = MartletError(
            .exitCode,
            "hunter2",
            reason: "hunter2",
            remedy: "hunter2",
            location: SourceLocation(file: "hunter2"),
            cause: "hunter2"
        )
        guard case .failure(let shown, false) = mask.masked(.failure(error: error, retry: false)) else {
            Issue.record("no failure")
            return
        }
        #expect(!JSONText.encode(shown).contains("hunter2"))
        guard case .failure(let refused, false) = mask.masked(.output(name: name, path: "/tmp/hunter2/x")) else {
            Issue.record("a path that holds a secret was let through")
            return
        }
        #expect(refused.code == .secretInPath && !refused.description.contains("hunter2"))
    }

    @Test func aFileIsMaskedInPlace() throws {
        let scratch = try Scratch()
        let mask = try #require(SecretMask(["hunter2"]))
        let path = "\(scratch.path)/messages.jsonl"
        for (text, expected) in [
            ("{\"a\":\"hunter2\"}\nhunter", "{\"a\":\"***\"}\nhunter"), ("plain\n", "plain\n"), ("", ""),
        ] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            mask.apply(toFile: path)
            #expect(scratch.text("messages.jsonl") == expected)
        }
        mask.apply(toFile: "\(scratch.path)/nothing")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["messages.jsonl"])
    }
}
