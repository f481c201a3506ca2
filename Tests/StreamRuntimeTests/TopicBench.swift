import Foundation
import MartletCore
import MartletStreams
import MartletTestKit
import Testing

@testable import MartletRuntime

/// Topics as places for results, and what their readers see.
enum TopicBench {
    static var shape: ResultShape {
        get throws {
            var shape = ResultShape(try StreamPlan(RunnerSamples.definition(.session(gap: .seconds(1)))))
            shape.key = ResultStoreBench.key
            shape.values = ResultStoreBench.values
            return shape
        }
    }

    /// A bench over topics of their own.
    static func bench(
        _ client: any StreamClient,
        _ prefix: String,
        _ folder: String,
        _ timer: StreamTimer
    ) throws -> ResultStoreBench {
        let shape = try Self.shape
        return ResultStoreBench(topic: "\(prefix)input") {
            TopicResultStore(
                client: client,
                input: "\(prefix)input",
                output: "\(prefix)out",
                deadLetters: "\(prefix)dead",
                group: "\(prefix)group",
                transactionalID: "\(prefix)id",
                shape: shape,
                folder: folder,
                writer: "w\(UInt64.random(in: 0...UInt64.max))",
                keying: .keyAndWindow,
                timer: timer
            )
        } contents: {
            var contents = ResultStoreBench.Contents()
            for record in try await Self.records(client, "\(prefix)out") {
                let key = try JSONDecoder().decode([JSONPart].self, from: Data(record.key ?? []))
                let identity = key.map(\.text).joined(separator: "|")
                guard let value = record.value else {
                    contents.panes[identity] = nil
                    continue
                }
                let members = try JSONDecoder().decode([String: JSONPart].self, from: Data(value))
                contents.panes[identity] = ResultStoreBench.values.map { members[$0.name]?.text ?? "?" }
                    .joined(separator: "|")
                let names = ResultStoreBench.key.map(\.name) + ["window_start", "window_end"]
                #expect(key.map(\.text) == names.map { members[$0]?.text ?? "?" })
            }
            for record in try await Self.records(client, "\(prefix)dead") {
                let letter = try DeadLetter(record.headers)
                let place = "\(letter.partition) \(letter.offset) \(letter.errorClass)"
                contents.rejected.updateValue(record.value, forKey: place)
            }
            return contents
        }
    }

    private enum JSONPart: Decodable {
        case null
        case text(String)
        case number(Double)
        case truth(Bool)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let truth = try? container.decode(Bool.self) {
                self = .truth(truth)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        var text: String {
            switch self {
            case .null: "null"
            case .text(let text): text
            case .truth(let truth): truth ? "1" : "0"
            case .number(let number): Int64(exactly: number).map { "\($0)" } ?? "\(number)"
            }
        }
    }

    private struct Seen: Sendable {
        var key: [UInt8]?
        var value: [UInt8]?
        var headers: [RecordHeader]
    }

    /// All committed records of a topic with one partition.
    private static func records(_ client: any StreamClient, _ topic: String) async throws -> [Seen] {
        let partition = TopicPartition(topic, 0)
        let end = try await client.offsets(of: partition).high
        guard end > 0 else { return [] }
        let source = try await client.open(SourceRequest(group: "look", assignment: .partitions([partition: 0])))
        var records = [Seen]()
        reading: while let event = try await source.next() {
            switch event {
            case .batch(let batch):
                batch.visit { record in
                    records.append(
                        Seen(
                            key: record.key.map { Array($0) },
                            value: record.value.map { Array($0) },
                            headers: record.headers
                        )
                    )
                }
            case .reachedEnd(_, let offset) where offset >= end: break reading
            default: continue
            }
        }
        await source.close()
        return records
    }
}
