import Foundation
import Testing

@testable import MartletBroker

/// A record as a value, to compare with.
struct PlainRecord: Equatable, CustomStringConvertible {
    var timestamp: Int64
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: [PlainHeader] = []

    var description: String {
        let texts = [key, value].map { $0.map { String(decoding: $0, as: UTF8.self) } ?? "null" }
        return "\(timestamp) \(texts[0]) = \(texts[1]) \(headers.map(\.name))"
    }
}

struct PlainHeader: Equatable {
    var name: String
    var value: [UInt8]?
}

extension PlainRecord {
    init(_ record: RecordView) {
        timestamp = record.timestamp
        key = record.key.map { Array($0) }
        value = record.value.map { Array($0) }
        headers = record.headers.map {
            PlainHeader(name: String(decoding: $0.name, as: UTF8.self), value: $0.value.map { Array($0) })
        }
    }

    static let start: Int64 = 1_700_000_000_000

    /// The records of Tests/Peers/kafka_batches.py.
    static let samples: [PlainRecord] = [
        .init(timestamp: start, key: Array("k0".utf8), value: Array("v0".utf8)),
        .init(
            timestamp: start + 5,
            key: nil,
            value: Array("only a value".utf8),
            headers: [
                .init(name: "trace", value: [0, 1]), .init(name: "empty", value: []), .init(name: "null", value: nil),
            ]
        ),
        .init(timestamp: start - 3, key: Array("gone".utf8), value: nil),
        .init(timestamp: start, key: [], value: []),
        .init(
            timestamp: start + 400 * 86_400_000,
            key: Array("cl\u{e9}".utf8),
            value: Array(repeating: UInt8(ascii: "x"), count: 300),
            headers: [.init(name: "trace", value: [0x31]), .init(name: "trace", value: [0x32])]
        ),
    ]
}

extension RecordBatchBuilder {
    mutating func append(_ record: PlainRecord) {
        append(
            timestamp: record.timestamp,
            key: record.key,
            value: record.value,
            headers: record.headers.map { ($0.name, $0.value) }
        )
    }
}

/// Batches that are kept as files of hexadecimal digits.
enum BatchFiles {
    static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
    static let fixtures = tests.appending(path: "Fixtures/batches")
    static let goldens = tests.appending(path: "Goldens/batches")

    static func read(_ file: URL) throws -> [UInt8] {
        let digits = try Array(Data(contentsOf: file)).filter { $0 != UInt8(ascii: "\n") }
        return try stride(from: 0, to: digits.count, by: 2).map { index in
            try #require(UInt8(String(decoding: digits[index..<(index + 2)], as: UTF8.self), radix: 16))
        }
    }

    static func text(_ bytes: [UInt8]) -> String {
        let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        return stride(from: 0, to: digits.count, by: 60).map { start in
            digits[start..<min(start + 60, digits.count)].joined() + "\n"
        }.joined()
    }
}

extension RecordBatchView {
    /// All records as values.
    func plainRecords() throws -> [PlainRecord] {
        let decompressor = BatchDecompressor()
        var records = try records(using: decompressor)
        var found: [PlainRecord] = []
        while let record = try records.next() { found.append(PlainRecord(record)) }
        #expect(records.trailingBytes == 0)
        return found
    }
}
