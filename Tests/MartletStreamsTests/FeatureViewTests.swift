import MartletCore
import MartletTestKit
import Testing

@testable import MartletStreams

@Suite("Feature views", .tags(.machine))
struct FeatureViewTests {
    private func view(_ change: (inout FeatureView) -> Void = { _ in }) -> FeatureView {
        var view = FeatureView(
            name: "delays",
            definition: StreamSamples.definition(.tumbling(StreamSamples.span(10)), lateness: 3, disorder: 2),
            timeToLive: StreamSamples.span(100)
        )
        change(&view)
        return view
    }

    @Test func faults() throws {
        _ = try view().plan()
        let faults: [(inout FeatureView) -> Void] = [
            { $0.name = "" }, { $0.version = 0 }, { $0.definition.key = [] }, { $0.definition.window = nil },
            { $0.definition.retracts = true },
            {
                $0.definition.window = .session(gap: StreamSamples.span(1))
                $0.definition.emit = .onChange
            },
        ]
        for fault in faults {
            let error = #expect(throws: MartletError.self) { try view(fault).plan() }
            #expect(error?.code == .featureViewInvalid)
        }
    }

    @Test func aValueIsKnownWhenTheLiveStreamCanGiveIt() {
        let pane = Pane(
            key: [.text("a")],
            window: StreamWindow(start: 0, end: 10),
            values: [.integer(1)],
            timing: .onTime,
            index: 0,
            isLast: true
        )
        #expect(view().value(of: pane).eventTime == 10)
        #expect(view().value(of: pane).knownTime == 15)
        #expect(view { $0.definition.emit = .onWatermark }.value(of: pane).knownTime == 12)
    }

    @Test func newestEventTimeWins() {
        func value(_ event: Int64, _ known: Int64) -> FeatureView.Value {
            FeatureView.Value(key: [], eventTime: event, knownTime: known, features: [])
        }
        #expect(value(2, 0).replaces(value(1, 9)) && !value(1, 9).replaces(value(2, 0)))
        #expect(value(2, 3).replaces(value(2, 2)) && !value(2, 2).replaces(value(2, 3)))
        #expect(value(2, 2).replaces(value(2, 2)))
    }

    @Test func readingsSayWhatTheyAreWorth() {
        let value = FeatureView.Value(key: [], eventTime: 100, knownTime: 100, features: [.integer(1), .null])
        func read(_ value: FeatureView.Value?, _ ttl: Int64, _ now: Int64) -> FeatureReading {
            FeatureReading(value, features: 2, timeToLive: StreamSamples.span(ttl), at: now)
        }
        #expect(read(value, 50, 150).statuses == [.present, .nullValue] && read(value, 50, 150).age == 50)
        #expect(read(value, 50, 151).statuses == [.outsideMaxAge, .outsideMaxAge])
        #expect(read(value, 50, 151).features == [.null, .null] && read(value, 0, 1 << 50).statuses[0] == .present)
        #expect(read(nil, 50, 150).statuses == [.notFound, .notFound] && read(nil, 50, 150).eventTime == nil)
        #expect(read(value, 50, 90).age == 0)
    }
}
