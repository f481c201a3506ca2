import Foundation
import MartletCore
import Testing

@testable import MartletSpark

@Suite("Arrow streams are read")
struct ArrowStreamReaderTests {
    @Test("Types and values are those that pyarrow wrote", arguments: ArrowFixture.names)
    func values(name: String) throws {
        let fixture = try ArrowFixture(name)
        let stream = try ArrowStreamReader.read(ArrowBytes(fixture.bytes))
        #expect(stream.schema.fields.map(\.name) == fixture.expected.names)
        #expect(stream.schema.fields.map(\.type.pyarrow) == fixture.expected.types)
        try #require(stream.batches.count == fixture.expected.batches.count)
        for (batch, columns) in zip(stream.batches, fixture.expected.batches) {
            try #require(batch.columns.count == columns.count)
            for (column, values) in zip(batch.columns, columns) {
                try #require(column.length == values.count && batch.rowCount == values.count)
                #expect(column.nullCount == values.count { $0 == .null })
                for (row, value) in values.enumerated() {
                    #expect(
                        column.value(at: row).matches(value),
                        "\(column.name) \(row): \(column.value(at: row)) \(value)"
                    )
                    #expect(column.isNull(row) == (value == .null))
                }
                #expect(column.value(at: -1) == .null && column.value(at: column.length) == .null)
            }
        }
    }

    @Test("Bytes at any address and of any owner give the same rows", arguments: 0..<9)
    func unaligned(shift: Int) throws {
        for name in ["flat", "nested", "many-zstd"] {
            let bytes = try ArrowFixture.bytes(name)
            let whole = try ArrowStreamReader.read(ArrowBytes(bytes)).batches.map { batch in
                (0..<batch.rowCount).map(batch.row)
            }
            let memory = ArrowMemory(byteCount: bytes.count + shift)
            let slice = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[shift...])
            slice.copyBytes(from: bytes)
            let shifted = try ArrowStreamReader.read(ArrowBytes(unsafe: UnsafeRawBufferPointer(slice), owner: memory))
            let data = try ArrowStreamReader.read(ArrowBytes(Data(repeating: 1, count: shift) + bytes).dropping(shift))
            for stream in [shifted, data] {
                let rows = stream.batches.map { batch in (0..<batch.rowCount).map(batch.row) }
                // Not-a-number is not there, so that all values equal themselves.
                #expect(rows == whole)
            }
        }
    }

    @Test("Memory for buffers that are not aligned is bounded")
    func unalignedBudget() throws {
        let bytes = try ArrowFixture.bytes("many")
        let memory = ArrowMemory(byteCount: bytes.count + 1)
        let slice = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[1...])
        slice.copyBytes(from: bytes)
        var messages = ArrowMessages(UnsafeRawBufferPointer(slice))
        let (first, second) = (try messages.next(), try messages.next())
        let schema = try ArrowSchemaDecoder.schema(try #require(first).header)
        let message = try #require(second)
        func rows(_ budget: Int) throws -> Int {
            let decompressor = ArrowDecompressor(budget: budget)
            return try ArrowBatchDecoder.batch(message, schema, owner: memory, decompressor).rowCount
        }
        #expect(try rows(bytes.count) == 203)
        let error = #expect(throws: MartletError.self) { try rows(1000) }
        #expect(error?.code == .arrowTooLarge)
    }

    @Test("A batch of Spark has the columns of those before and the rows announced")
    func announced() throws {
        let bytes = try ArrowFixture.bytes("spark-range")
        let data = SparkArrowData(rowCount: 100, startOffset: 0, bytes: SparkBytes(bytes))
        let schema = try data.decoded(nil).schema
        #expect(try data.decoded(schema).batches.map(\.rowCount) == [100])
        var others = [schema, schema, schema]
        others[0].fields.append(ArrowField("more", .boolean))
        others[1].fields[0].type = .boolean
        others[2].fields[0].name += "x"
        for other in others {
            let error = #expect(throws: MartletError.self) { try data.decoded(other) }
            #expect(error?.code == .arrowMalformed)
        }
        let fewer = SparkArrowData(rowCount: 99, startOffset: 0, bytes: SparkBytes(bytes))
        let error = #expect(throws: MartletError.self) { try fewer.decoded(nil) }
        #expect(error?.code == .arrowMalformed)
    }

    @Test("Columns keep what they were read from, and let it go")
    func ownership() throws {
        final class Owner {
            let memory: ArrowMemory
            init(_ bytes: [UInt8]) {
                memory = ArrowMemory(byteCount: bytes.count)
                memory.bytes.copyBytes(from: bytes)
            }
        }
        var owner: Owner? = Owner(try ArrowFixture.bytes("many"))
        weak let seen = owner
        var columns = [ArrowColumn]()
        if let owner {
            let bytes = ArrowBytes(unsafe: UnsafeRawBufferPointer(owner.memory.bytes), owner: owner)
            columns = [try ArrowStreamReader.read(bytes).batches[0].columns[4]]
        }
        owner = nil
        #expect(seen != nil)
        #expect(columns.first?.string(at: 1) == "text 1 ä")
        columns = []
        #expect(seen == nil)
    }

    @Test(
        "What Spark does not send is refused with its name and place",
        arguments: [
            ("dictionary", "dictionary encoding"), ("union", "a union"), ("fixed-binary", "binary of a fixed size"),
            ("fixed-list", "a list of a fixed size"), ("half", "a floating-point number of 16 bits"),
            ("decimal256", "a decimal of 256 bits"), ("string-view", "a string view"), ("run-end", "run-end encoding"),
        ]
    )
    func refused(name: String, what: String) throws {
        let bytes = try ArrowFixture.bytes("refused-\(name)")
        let error = try #require(throws: MartletError.self) { try ArrowStreamReader.read(ArrowBytes(bytes)) }
        #expect(error.code == .arrowUnsupported)
        #expect(error.message == "\(what) in column whole.part is not supported")
    }

    @Test(
        "A stream that is cut anywhere, or goes on, is refused",
        arguments: ["flat", "nested", "many-lz4", "no-columns"]
    )
    func cut(name: String) throws {
        let bytes = try ArrowFixture.bytes(name)
        for count in 0..<bytes.count {
            let error = #expect(throws: MartletError.self) {
                try ArrowStreamReader.read(ArrowBytes([UInt8](bytes[..<count])))
            }
            #expect(error?.code == .arrowMalformed)
        }
        #expect(throws: MartletError.self) { try ArrowStreamReader.read(ArrowBytes(bytes + [0])) }
    }

    @Test("Values of one type are handed over side by side")
    func typed() throws {
        let batch = try #require(try ArrowStreamReader.read(ArrowBytes(ArrowFixture.bytes("many"))).batches.first)
        let sum = batch.columns[0].withValues(as: Int64.self) { $0.reduce(0, +) }
        #expect(sum == (0..<203).reduce(0, +))
        #expect(batch.columns[0].withValues(as: Int32.self) { $0.count } == nil)
        #expect(batch.columns[0].withValues(as: Double.self) { $0.count } == nil)
        var texts = [String?]()
        batch.columns[4].forEachBytes { _, bytes in texts.append(bytes.map { String(decoding: $0, as: UTF8.self) }) }
        #expect(texts == (0..<203).map { $0 % 5 == 0 ? nil : "text \($0 % 17) ä" })
        #expect(batch.columns[5].bool(at: 3) == true && batch.columns[5].bool(at: 11) == nil)
        #expect(batch.columns[6].elements(at: 3).count == 3 && batch.columns[6].elements(at: 13).isEmpty)
        #expect(batch.columns[0].string(at: 1) == nil && batch.columns[0].elements(at: 1).isEmpty)
    }

    @Test("Texts that are not UTF-8 are found, and read with replacements")
    func text() throws {
        var bytes = try ArrowFixture.bytes("many")
        try ArrowStreamReader.read(ArrowBytes(bytes)).batches[0].columns[4].checkText()
        // The second byte of an ä.
        let place = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xC3 && bytes[$0 + 1] == 0xA4 })
        bytes[place + 1] = 0x20
        let batches = try ArrowStreamReader.read(ArrowBytes(bytes)).batches
        let error = #expect(throws: MartletError.self) { for batch in batches { try batch.columns[4].checkText() } }
        #expect(error?.code == .arrowTextInvalid)
        #expect(batches[0].columns[4].string(at: 1) == "text 1 \u{FFFD} ")
    }

    @Test(
        "UTF-8 is what Swift takes without mending",
        arguments: [
            [], [0x61], [0xC3, 0xA4], [0xC3], [0xC0, 0x80], [0xE2, 0x82, 0xAC], [0xE2, 0x82], [0xED, 0xA0, 0x80],
            [0xE0, 0x9F, 0xBF], [0xE0, 0xA0, 0x80], [0xF0, 0x9F, 0x98, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x80], [0xFF],
            [0x61, 0xC3, 0xA4, 0x80], [0xEF, 0xBF, 0xBD, 0x62],
        ] as [[UInt8]]
    )
    func utf8(bytes: [UInt8]) {
        #expect(bytes.withUnsafeBytes(ArrowChecks.isUTF8) == (String(validating: bytes, as: UTF8.self) != nil))
    }
}

extension ArrowBytes {
    /// The same bytes without the first `count`.
    func dropping(_ count: Int) -> ArrowBytes {
        ArrowBytes(unsafe: UnsafeRawBufferPointer(rebasing: buffer[count...]), owner: owner)
    }
}
