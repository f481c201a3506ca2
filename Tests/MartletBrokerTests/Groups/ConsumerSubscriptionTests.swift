import MartletTestKit
import Testing

@testable import MartletBroker

@Suite(.tags(.machine)) struct ConsumerSubscriptionTests {
    @Test func subscriptionsOfRealClients() {
        // kafka-python 3.0.12 (versions 1 to 3 with owned partitions) and aiokafka 0.14.0 (0, user data).
        let clients: [(String, Set<String>)] = [
            ("0000000000020007776561746865720007666c696768747300000000", ["weather", "flights"]),
            ("0000000000020007666c6967687473000777656174686572000000020102", ["weather", "flights"]),
            (
                "0001000000020007666c6967687473000777656174686572ffffffff000000010007666c696768747300000002"
                    + "0000000000000002", ["weather", "flights"]
            ),
            (
                "0003000000020007666c6967687473000777656174686572ffffffff000000010007666c696768747300000002"
                    + "00000000000000020000000700027231", ["weather", "flights"]
            ),
        ]
        for (hex, topics) in clients {
            #expect(ConsumerSubscription(bytes(hex: hex))?.topics == topics)
            // The topics end at byte 24.
            for cut in 0..<24 { #expect(ConsumerSubscription(Array(bytes(hex: hex).prefix(cut))) == nil) }
        }
        #expect(ConsumerSubscription([0, 0, 0xff, 0xff, 0xff, 0xff]) == nil)
        #expect(ConsumerSubscription([0, 0, 0, 0, 0, 1, 0, 1, 0xff]) == nil)
        #expect(ConsumerSubscription([0, 0, 0, 0, 0, 0])?.topics == [])
    }
}

/// The bytes of hexadecimal digits.
func bytes(hex: String) -> [UInt8] {
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
        UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
    }
}
