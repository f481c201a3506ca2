import MartletCore
import MartletQuality
import Testing

@Suite("JSON that keeps whole numbers and fractions apart")
struct ExactJSONTests {
    @Test(
        "reads and writes the same line",
        arguments: [
            "0", "0.0", "-0.0", "1e+16", "1e-07", "12345678901.5", "[1,1.0,null,true]", #"{"a":{"b":[]},"c":{}}"#,
            #""ü ✓ \" \\ \n \u0001""#, "9223372036854775807", "[[[[1]]]]",
        ]
    )
    func roundTrip(_ text: String) throws {
        #expect(ExactJSON.line(try ExactJSON.value(text)) == text)
    }

    @Test("writes like Python with an indent, sorted keys and nothing but ASCII")
    func python() throws {
        let value = try ExactJSON.value(#"{"b": [1, 2.0], "a": {}, "ü": "\ud83d\ude00"}"#)
        #expect(
            ExactJSON.indented(value, isASCII: true)
                == "{\n  \"a\": {},\n  \"b\": [\n    1,\n    2.0\n  ],\n  \"\\u00fc\": \"\\ud83d\\ude00\"\n}"
        )
    }

    @Test("reads the numbers that only Python writes, and never writes them bare")
    func nonFinite() throws {
        let value = try ExactJSON.value("[NaN, Infinity, -Infinity]")
        #expect(ExactJSON.line(value) == #"["NaN","Infinity","-Infinity"]"#)
    }

    @Test(
        "tells where text is no JSON",
        arguments: [
            ("", 1, 1), ("[1,]", 1, 4), ("{\"a\" 1}", 1, 6), ("[\n1\n2]", 3, 1), ("\"abc", 1, 5), ("01", 1, 3),
            ("1 2", 1, 3), ("tru", 1, 1), (#""\x""#, 1, 4), (#""\ud83d"#, 1, 8), ("-", 1, 2), ("1.", 1, 3),
        ]
    )
    func problems(_ text: String, _ line: Int, _ column: Int) throws {
        do {
            let value = try ExactJSON.value(text)
            Issue.record("read as \(value)")
        } catch {
            #expect(error.line == line)
            #expect(error.column == column)
        }
    }

    @Test("refuses what is nested too deep, instead of running out of stack")
    func depth() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: ExactJSON.Problem.self) { try ExactJSON.value(deep) }
    }
}
