import MartletCore
import MartletQuality
import MartletTestKit
import Testing

/// Random news, commands and restarts; what people are told has to make sense however it comes.
@Suite(.tags(.simulation))
struct IncidentSimulationTests {
    @Test(arguments: 0..<60)
    func whatIsToldMakesSense(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var map = DatasetMap()
        for number in 1..<6 {
            map.add(
                DatasetID(trusted: "d\(number)"),
                from: [DatasetID(trusted: "d\(Int.random(in: 0..<number, using: &random))")]
            )
        }
        var desk = IncidentDesk(map: map)
        for _ in 0..<120 { try step(&desk, &random) }
        // Everything is mended in the end, and all of it becomes known.
        let passes = (0..<6).flatMap { dataset in
            (0..<3).map { CheckObservation.pass("d\(dataset)", check: "c\($0)") }
        }
        try desk.observe(passes)
        try desk.pass(.seconds(7200))
        try check(desk, "seed \(seed)")
        #expect(desk.book.groups.isEmpty, "seed \(seed)")
        #expect(desk.book.incidents.values.allSatisfy { !$0.state.isOpen }, "seed \(seed)")
    }

    private func step(_ desk: inout IncidentDesk, _ random: inout SeededGenerator) throws {
        let dataset = "d\(Int.random(in: 0..<6, using: &random))"
        let check = "c\(Int.random(in: 0..<3, using: &random))"
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<8:
            var failure = CheckObservation.failure(
                Severity.allCases.randomElement(using: &random) ?? .info,
                dataset,
                check: check
            )
            failure.willRetry = Bool.random(using: &random)
            try desk.observe(failure)
        case 8..<13: try desk.observe(.pass(dataset, check: check))
        case 13:
            try desk.silence(
                [IncidentMatcher(.dataset, dataset)],
                for: .seconds(Int.random(in: 1..<4000, using: &random))
            )
        case 14: try desk.close()
        case 15:
            let open = desk.book.incidents.values.filter { $0.state == .firing }.map(\.id).sorted()
            if let id = open.randomElement(using: &random) {
                try desk.operate(.acknowledge(by: "ada", note: nil), on: id)
            }
        case 16:
            let open = desk.book.incidents.values.filter(\.state.isOpen).map(\.id).sorted()
            guard let id = open.randomElement(using: &random) else { return }
            try desk.operate(.snooze(until: desk.now + .seconds(500), by: "ada", note: nil), on: id)
        default: try desk.pass(.seconds(Int.random(in: 1..<2000, using: &random)))
        }
    }

    /// For each receiver and group: nothing is told before a trigger, nothing after an end but another trigger, and
    /// no two notifications have one id.
    private func check(_ desk: IncidentDesk, _ comment: Comment) throws {
        var open: Set<String> = []
        for delivery in desk.sent {
            let notice = try #require(delivery.alert.incident)
            let lane = "\(delivery.notifier)/\(notice.key)"
            switch notice.kind {
            case .trigger, .escalation: #expect(open.insert(lane).inserted, comment)
            case .resolved: #expect(open.remove(lane) != nil, comment)
            case .update, .reminder, .acknowledged: #expect(open.contains(lane), comment)
            }
            #expect(!notice.items.isEmpty, comment)
            #expect(notice.items.contains { $0.state.isOpen } == (notice.kind != .resolved), comment)
        }
        #expect(open.isEmpty, comment)
        #expect(Set(desk.sent.map(\.key)).count == desk.sent.count, comment)
        #expect(desk.sent.allSatisfy { ($0.alert.incident?.severity ?? .info) > .info }, comment)
    }
}
