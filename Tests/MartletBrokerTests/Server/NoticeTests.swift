import MartletCore
import Testing

@testable import MartletBroker

struct NoticeTests {
    @Test func fewOfAKindPassAndTheOthersAreCounted() {
        var gate = NoticeGate()
        let told = (0..<20).compactMap { gate.pass(.badRequest, "\($0)", at: Int64($0)) }
        #expect(told.map(\.text) == ["0", "1", "2", "3", "4"])
        // Another kind has its own count.
        #expect(gate.pass(.storageFailed, "full", at: 20)?.omitted == 0)
        #expect(gate.pass(.badRequest, "x", at: 59_999) == nil)
        #expect(gate.pass(.badRequest, "y", at: 60_000) == BrokerNotice(kind: .badRequest, text: "y", omitted: 16))
        #expect(gate.pass(.badRequest, "z", at: 60_001)?.omitted == 0)
        // A clock that was set back does not silence it.
        #expect(gate.pass(.badRequest, "back", at: 5) != nil)
    }

    @Test func nothingInItMovesATerminal() {
        var gate = NoticeGate()
        let text = gate.pass(.badRequest, "a\u{1B}[2J\nb\u{7F}" + String(repeating: "x", count: 9_999), at: 0)?.text
        #expect(text?.hasPrefix("a [2J b x") == true)
        #expect(text?.count == 500)
    }

    @Test(arguments: [
        (1_024, 224, 168), (100, 1, 1), (0, 1, 1), (65_536, 4_096, 12_264), (1 << 20, 4_096, 20_000),
    ])
    func descriptorsBoundWhatIsOpen(descriptors: Int, connections: Int, partitions: Int) {
        let capacity = BrokerCapacity(descriptors: descriptors, ServerBench().settings)
        #expect(capacity.connections == connections && capacity.partitions == partitions)
    }

    @Test func theProcessMayHaveFilesOpen() { #expect(BrokerCapacity.descriptors > 3) }
}
