import MartletCore
import Testing

@testable import MartletBroker

@Suite struct WireReaderTests {
    private func reader(_ bytes: [UInt8], isFlexible: Bool = false) -> WireReader {
        // In the middle of an array, as a frame may lie in a larger buffer.
        var reader = WireReader(([9, 9] + bytes + [9])[2..<(2 + bytes.count)])
        reader.isFlexible = isFlexible
        return reader
    }

    @Test func numbersAreBigEndian() throws {
        var reader = reader([0x80, 0x01, 0x02, 0xFF, 0xFF, 0xFF, 0xFE, 0, 0, 0, 0, 0, 0, 1, 0, 2])
        #expect(try reader.int8() == -128)
        #expect(try reader.int16() == 0x0102)
        #expect(try reader.int32() == -2)
        #expect(try reader.int64() == 256)
        #expect(try reader.bool() == true)
        #expect(reader.remaining == 0)
        #expect(throws: WireError(reason: .truncated(needed: 4, available: 0), offset: 16)) { try reader.int32() }
    }

    // The encodings of Protocol Buffers, whose variable-length numbers these are.
    @Test(
        arguments: [
            ([0x00], 0), ([0x7F], 127), ([0x80, 0x01], 128), ([0xAC, 0x02], 300),
            ([0xFF, 0xFF, 0xFF, 0xFF, 0x0F], 4_294_967_295), ([0x80, 0x00], 0),
        ] as [([UInt8], Int)]
    )
    func variableLengthNumbers(bytes: [UInt8], value: Int) throws {
        var reader = reader(bytes)
        #expect(try reader.unsignedVarint() == value)
        #expect(reader.remaining == 0)
    }

    @Test(
        arguments: [
            [0xFF, 0xFF, 0xFF, 0xFF, 0x10], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [0x80, 0x80, 0x80, 0x80, 0x80],
        ] as [[UInt8]]
    )
    func longerNumbersAreRefused(bytes: [UInt8]) {
        var reader = reader(bytes)
        #expect(throws: WireError(reason: .varintTooLong, offset: 0)) { try reader.unsignedVarint() }
    }

    @Test func nullsAndEmptyStrings() throws {
        var fixed = reader([0xFF, 0xFF, 0, 0, 0, 2, 0x68, 0x69])
        #expect(try fixed.nullableString() == nil)
        #expect(try fixed.string() == "")
        #expect(try fixed.string() == "hi")
        var flexible = reader([0, 1, 3, 0x68, 0x69], isFlexible: true)
        #expect(try flexible.nullableString() == nil)
        #expect(try flexible.string() == "")
        #expect(try flexible.string() == "hi")
        var null = reader([0xFF, 0xFF])
        #expect(throws: WireError(reason: .null, offset: 0)) { try null.string() }
        var negative = reader([0xFF, 0xFE])
        #expect(throws: WireError(reason: .negativeLength(-2), offset: 0)) { try negative.nullableString() }
    }

    @Test func stringsThatAreNotUTF8AreMended() throws {
        var reader = reader([0, 3, 0x61, 0xFF, 0x62])
        #expect(try reader.string() == "a\u{FFFD}b")
    }

    @Test func stringsHaveALimit() {
        let count = Limits.wireStringBytes + 1
        // 32,768 + 1 in seven-bit groups.
        var reader = reader([0x81, 0x80, 0x02] + [UInt8](repeating: 0x61, count: count), isFlexible: true)
        #expect(throws: WireError(reason: .stringTooLong(count), offset: 3)) { try reader.string() }
    }

    @Test func countsAreCheckedBeforeRoomIsMade() {
        var huge = reader([0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1])
        #expect(throws: WireError(reason: .tooManyElements(0x7FFF_FFFF), offset: 0)) {
            let _: [Int32] = try huge.array(0)
        }
        var tooFew = reader([0, 0, 0, 2, 0, 0, 0, 1])
        #expect(throws: WireError(reason: .truncated(needed: 4, available: 0), offset: 8)) {
            let _: [Int32] = try tooFew.array(0)
        }
    }

    @Test func elementsOfAllArraysTogetherHaveALimit() throws {
        // Two arrays of empty strings, each within the limit.
        let count = Limits.wireElements / 2 + 1
        let one = withUnsafeBytes(of: Int32(count).bigEndian, Array.init) + [UInt8](repeating: 0, count: 2 * count)
        var reader = reader(one + one)
        let first: [String] = try reader.array(0)
        #expect(first.count == count)
        #expect(throws: WireError(reason: .tooManyElements(count), offset: one.count)) {
            let _: [String] = try reader.array(0)
        }
    }

    @Test func taggedFieldsAreSkipped() throws {
        // Tag 0 with two bytes, tag 200 with none, then a byte of the next field.
        var flexible = reader([2, 0, 2, 0xAA, 0xBB, 0xC8, 0x01, 0, 7], isFlexible: true)
        try flexible.skipTags()
        #expect(try flexible.int8() == 7)
        var old = reader([7])
        try old.skipTags()
        #expect(try old.int8() == 7)
        var beyond = reader([1, 0, 200, 1, 0], isFlexible: true)
        #expect(throws: WireError.self) { try beyond.skipTags() }
        var many = reader([0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0], isFlexible: true)
        #expect(throws: WireError(reason: .tooManyElements(0xFFFF_FFFF), offset: 0)) { try many.skipTags() }
    }

    @Test func errorsTellWhatAndWhere() {
        let error = WireError(reason: .truncated(needed: 4, available: 1), offset: 17)
        #expect("\(error)" == "4 bytes needed, 1 left, at byte 17")
    }

    @Test func unknownErrorCodesReadAsUnknown() throws {
        var reader = reader([0x7F, 0xFF, 0, 35, 0xFF, 0xFF])
        #expect(try reader.error() == .unknownServerError)
        #expect(try reader.error() == .unsupportedVersion)
        #expect(try reader.error() == .unknownServerError)
    }
}
