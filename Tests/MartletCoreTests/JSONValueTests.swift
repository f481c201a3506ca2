import Foundation
import MartletCore
import MartletTestKit
import Testing

@Suite struct JSONValueTests {
    @Test(arguments: [
        "null", "true", "0", "-7", "9223372036854775807", "0.5", "\"\"", "\"NaN\"", "\"-Infinity\"", "\"12\"",
        "\"true\"", "\"é\\n\"", "[]", "{}", "[1,[2,{\"a\":null}]]",
        "{\"a\":1,\"b\":[true,false]}",
    ])
    func textSurvives(text: String) throws {
        #expect(try JSONText.decode(JSONValue.self, from: text).jsonText == text)
    }

    @Test(arguments: ["", "{", "[1", "tru", "\"", "01", "{\"a\"}", "nul"])
    func refuses(text: String) { #expect(throws: (any Error).self) { try JSONText.decode(JSONValue.self, from: text) } }

    @Test func keysAreSorted() { #expect(JSONValue.object(["b": 1, "a": 2]).jsonText == #"{"a":2,"b":1}"#) }

    @Test func display() {
        #expect(JSONValue.string("a\"b").displayText == "a\"b")
        #expect(JSONValue.array(["a", 1]).displayText == #"["a",1]"#)
        #expect(JSONValue.number(1.5).typeName == "number" && JSONValue.null.typeName == "null")
        #expect(JSONValue.object(["a": 1])["a"] == 1 && JSONValue.integer(1)["a"] == nil)
    }
}

@Suite struct FrameTests {
    @Test func framesSurviveAnyCutting() throws {
        let seed: UInt64 = 20_260_104
        var random = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let payloads = (0..<5).map { _ in
                (0..<Int.random(in: 0...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            }
            var stream = payloads.flatMap(Frame.encode)[...]
            var decoder = FrameDecoder()
            var found: [[UInt8]] = []
            while !stream.isEmpty {
                let piece = stream.prefix(Int.random(in: 1...97, using: &random))
                found += try decoder.feed(piece)
                stream = stream.dropFirst(piece.count)
            }
            #expect(found == payloads, "seed \(seed)")
        }
    }

    @Test func oversizedFramesAreRefused() {
        var decoder = FrameDecoder()
        let error = #expect(throws: OversizedFrame.self) { try decoder.feed([0x7F, 0xFF, 0xFF, 0xFF]) }
        #expect(error?.bytes == 0x7FFF_FFFF)
    }
}
