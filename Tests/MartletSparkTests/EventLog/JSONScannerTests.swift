import Foundation
import Testing

@testable import MartletSpark

@Suite struct JSONScannerTests {
    private static let cases: [(text: String, integers: [Int], strings: [String])] = [
        (#"{"a":1,"b":"x","c":true}"#, [1], ["x"]),
        (#"{ "a" : -42 , "b" : "" }"#, [-42], [""]),
        (#"{"a":"17","b":"q\"uo\\te"}"#, [17], [#"q"uo\te"#]),
        (#"{"a":12.75,"b":"é\u00e9\ud83d\ude00\n"}"#, [12], ["éé😀\n"]),
        (#"{"z":{"a":[1,{"b":"]}"}]},"a":7,"b":"last"}"#, [7], ["last"]),
        (#"{"z":"{\"a\":1}","a":9223372036854775807,"b":"\/"}"#, [Int.max], ["/"]),
        (#"{"a":9223372036854775808,"b":null}"#, [], []),
        (#"{"a":"12x","b":12}"#, [], []),
        (#"{}"#, [], []),
    ]

    /// Every value a scanner hands out, against Foundation's decoder.
    @Test(arguments: cases)
    func values(_ text: String, _ integers: [Int], _ strings: [String]) {
        var found: [Int] = []
        var texts: [String] = []
        let isWhole = scan(text) { scanner in
            scanner.object { scanner, key in
                switch key {
                case "a": if let value = scanner.integer() { found.append(value) }
                case "b": if let value = scanner.string() { texts.append(value) }
                default: break
                }
            }
        }
        #expect(isWhole)
        #expect(found == integers)
        #expect(texts == strings)
    }

    /// No prefix of a value is taken for a value, and none traps.
    @Test func everyPrefixFails() {
        let text = #"{"Event":"X","a":[1,2,{"b":"c\"d"}],"e":{"f":-1.5e3,"g":false},"h":"\u00e9"}"#
        for count in 0..<text.utf8.count {
            let part = Array(text.utf8.prefix(count))
            let isWhole = scan(part) { scanner in
                scanner.object { scanner, key in
                    switch key {
                    case "a": scanner.array { scanner in _ = scanner.integer() }
                    case "e": scanner.object { scanner, _ in _ = scanner.bool() }
                    case "h": _ = scanner.string()
                    default: break
                    }
                }
            }
            #expect(!isWhole, "\(count)")
        }
    }

    /// Random damage never traps, whatever is asked for.
    @Test func damageNeverTraps() throws {
        var random = SeededRandom(seed: 7)
        let line = Array(SyntheticLog.taskLine(stage: 1, task: 2, launch: 1000, finish: 2000).utf8)
        for _ in 0..<3000 {
            var damaged = line
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { damaged.removeLast(Int.random(in: 0...damaged.count, using: &random)) }
            damaged.withUnsafeBytes { bytes in
                _ = TaskEndLine(bytes)
                _ = EventName.find(bytes)
                var scanner = JSONScanner(bytes)
                var nodes = 10
                _ = PlanNode.read(&scanner, nodes: &nodes)
            }
        }
    }

    private func scan(_ text: String, _ body: (inout JSONScanner) -> Void) -> Bool { scan(Array(text.utf8), body) }

    private func scan(_ bytes: [UInt8], _ body: (inout JSONScanner) -> Void) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            body(&scanner)
            return !scanner.failed && scanner.isAtEnd()
        }
    }
}

/// A generator whose numbers follow from its seed (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
