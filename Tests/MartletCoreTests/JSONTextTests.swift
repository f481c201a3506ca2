import Foundation
import MartletCore
import MartletTestKit
import Testing

/// Foundation's encoder says what each text has to be: stores and hashes of before were made with it.
@Suite struct JSONTextTests {
    @Test(arguments: 0..<200 as Range<UInt64>)
    func eventsAreWrittenAsFoundationWritesThem(seed: UInt64) throws {
        var log = RandomRunLog(seed: seed)
        for event in log.next(20) { #expect(JSONText.encode(event) == (try foundation(event))) }
        #expect(JSONText.encode(log.manifest) == (try foundation(log.manifest)))
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func valuesAreWrittenAsFoundationWritesThem(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let value = value(depth: 4, &generator)
        #expect(JSONText.encode(value) == (try foundation(value)))
    }

    @Test func numbersAreWrittenAsFoundationWritesThem() throws {
        let doubles: [Double] = [
            0, -0.0, 1, -2, 1.5, 0.1, 1e15, 1e16, 1e22, 1e-5, 1e100, .pi, .greatestFiniteMagnitude,
            .leastNonzeroMagnitude, .infinity, -.infinity, .nan,
        ]
        for value in doubles { #expect(JSONText.encode(value) == (try foundation(value))) }
        for value in [Float(0.1), 1, 1e20, .infinity] { #expect(JSONText.encode(value) == (try foundation(value))) }
        #expect(JSONText.encode([Int.min, .max]) == (try foundation([Int.min, .max])))
        #expect(JSONText.encode([UInt64.max]) == (try foundation([UInt64.max])))
        #expect(JSONText.encode([Int8.min]) == (try foundation([Int8.min])))
    }

    @Test func everyCharacterIsWrittenAsFoundationWritesIt() throws {
        let all = String(String.UnicodeScalarView((0...0x2100).compactMap(Unicode.Scalar.init)))
        #expect(JSONText.encode(all) == (try foundation(all)))
        let keys = Dictionary(all.map { (String($0), 1) }) { first, _ in first }
        #expect(JSONText.encode(keys) == (try foundation(keys)))
    }

    @Test func containersInAnyOrderAreWrittenAsFoundationWritesThem() throws {
        #expect(JSONText.encode(Odd()) == (try foundation(Odd())))
        #expect(JSONText.encode([Odd(), Odd()]) == (try foundation([Odd(), Odd()])))
        #expect(JSONText.encode([String: Odd]()) == "{}")
        #expect(JSONText.encode([Odd]()) == "[]")
        #expect(JSONText.encode([Nothing()]) == (try foundation([Nothing()])))
    }

    private func foundation(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private func value(depth: Int, _ generator: inout SeededGenerator) -> JSONValue {
        let count = Int.random(in: 0...5, using: &generator)
        switch Int.random(in: depth > 0 ? 0...7 : 2...7, using: &generator) {
        case 0: return .array((0..<count).map { _ in value(depth: depth - 1, &generator) })
        case 1:
            var members: [String: JSONValue] = [:]
            for _ in 0..<count { members[generator.nastyText()] = value(depth: depth - 1, &generator) }
            return .object(members)
        case 2: return .null
        case 3: return .bool(count > 2)
        case 4: return .integer(Int.random(in: .min ... .max, using: &generator))
        case 5: return .number(Double.random(in: -1e9...1e9, using: &generator))
        default: return .string(generator.nastyText())
        }
    }
}

private struct Nothing: Encodable {
    func encode(to encoder: any Encoder) throws {}
}

/// Uses every kind of container, keys twice, and containers after others have been begun.
private struct Odd: Encodable {
    enum CodingKeys: String, CodingKey { case z, b, a, list, inner, again }

    enum Choice: Encodable {
        case one
        case two(x: Int, String)
    }

    class Base: Encodable {
        let base = "base"
    }

    final class Derived: Base {
        let a = 1

        enum CodingKeys: String, CodingKey { case a }

        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try super.encode(to: container.superEncoder())
            try container.encode(a, forKey: .a)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode([Choice.two(x: 1, "y"), .one], forKey: .z)
        var list = container.nestedUnkeyedContainer(forKey: .list)
        var inner = container.nestedContainer(keyedBy: CodingKeys.self, forKey: .inner)
        try container.encode(Derived(), forKey: .b)
        try inner.encode(2.5, forKey: .z)
        try list.encodeNil()
        var deep = list.nestedContainer(keyedBy: CodingKeys.self)
        try list.encode("after")
        try inner.encodeNil(forKey: .a)
        try deep.encode(true, forKey: .z)
        try deep.encode(["k": UInt8(1)], forKey: .a)
        try container.encode("first", forKey: .a)
        try container.encode("last", forKey: .a)
        try Derived().encode(to: container.superEncoder(forKey: .again))
    }
}
