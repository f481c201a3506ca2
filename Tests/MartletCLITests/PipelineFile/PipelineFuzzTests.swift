import MartletCore
import MartletTestKit
import Testing

@testable import MartletCLI

/// Mutations of a valid file never crash the reader, and every error has a place.
@Suite struct PipelineFuzzTests {
    private static let valid = """
        pipeline: p
        description: "a \\u00e9 text"
        schedule: { cron: "0 6 * * *", timezone: Europe/Berlin }
        params:
          month: { type: integer, default: 1, enum: [1, 2] }
        defaults: &d { retries: 2, timeout: 10m, env: { A: 'it''s' } }
        sources: { flights/raw: data/flights.csv }
        steps:
          - id: one
            command: &c |
              echo "{{ params.month }}"
              echo done
            inputs: { raw: flights/raw }
            outputs: { out: { dataset: flights/clean, format: csv } }
            values: [rows]
          - id: two
            command: [echo, "{{ steps.one.values.rows | default(0) }}"]
            when: >-
              {{ params.month == 1 and
              not false }}
            after: [one]
          - id: three
            sql: SELECT * FROM a
            inputs: { a: flights/clean }
            outputs: { b: flights/x }
          - id: four
            branch:
              - when: "{{ params.month > 1 }}"
                follow: [five]
          - id: five
            command: *c
          - id: six
            wait: { file: { path: "data/{{ params.month }}/*.csv", settled_for: 1m }, timeout: 2h }
          - id: seven
            wait:
              http: { url: https://e.x/a, status: [200], json: "{{ body.x == 1 }}" }
              on_timeout: skip
          - id: eight
            approve: { message: "Go on?", options: [yes, no], refusals: [no], default: yes, timeout: 1h }

        """

    private static let pieces = [
        "{{", "}}", "\"", "'", "|", ">", "- ", ": ", "*c", "&c ", "[", "]", "{", "}", "\t", "\n", "\r\n", "#", "!!str ",
        "? ", "---\n", "...\n", "%", "@", "null", "~", "\u{85}", "\u{2028}", "é", "\u{E000}", "\u{FEFF}", "<<: *d", "0",
    ]

    @Test(arguments: 0..<12) func mutationsGiveLocatedErrors(round: Int) throws {
        let seed = UInt64(round) &* 7919 &+ 20_260_101
        var random = SeededGenerator(seed: seed)
        let original = Array(Self.valid.utf8)
        for attempt in 0..<150 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes.remove(at: place)
                case 1:
                    bytes.insert(contentsOf: Array((Self.pieces.randomElement(using: &random) ?? "").utf8), at: place)
                case 2: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 3:
                    let end = min(bytes.count, place + Int.random(in: 1...40, using: &random))
                    bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0..<bytes.count, using: &random))
                default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...30, using: &random)))
                }
                if bytes.isEmpty { bytes = [10] }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            for error in errors(bytes) {
                #expect(
                    error.location?.line != nil && error.location?.column != nil,
                    "seed \(seed), \(attempt): \(text)"
                )
                #expect(error.code != .internalFault, "seed \(seed), attempt \(attempt)")
            }
        }
    }

    @Test func theOriginalIsValid() { #expect(errors(Array(Self.valid.utf8)).isEmpty) }

    private func errors(_ bytes: [UInt8]) -> [MartletError] {
        do {
            let source = try SourceText(file: "p.yaml", content: bytes)
            _ = try PipelineFile.load(source, files: PipelineFiles(root: "/nonexistent", shown: { $0 }))
            return []
        } catch let failure as PipelineLoadFailure {
            _ = ErrorListing.text(failure)
            return failure.errors
        } catch let error as MartletError {
            return [error]
        } catch {
            return [MartletError(.internalFault, "\(error)")]
        }
    }
}
