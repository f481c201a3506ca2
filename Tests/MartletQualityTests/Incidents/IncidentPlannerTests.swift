import MartletCore
import MartletQuality
import MartletTestKit
import Testing

@Suite(.tags(.machine))
struct IncidentPlannerTests {
    @Test func manyFailuresOfOneCheckAreOneTriggerAndAPassIsOneResolve() throws {
        var desk = IncidentDesk()
        for _ in 0..<50 {
            try desk.observe(.failure(.critical))
            try desk.pass(.seconds(5))
        }
        #expect(desk.told == ["pager trigger"])
        try desk.observe(.pass())
        #expect(desk.told == ["pager trigger"])
        try desk.pass(.seconds(3600))
        #expect(desk.told == ["pager trigger", "pager resolved"])
        let notice = try #require(desk.sent.last?.alert.incident)
        #expect(notice.key == desk.sent.first?.alert.incident?.key)
        #expect(desk.book.groups.isEmpty)
        #expect(desk.book.incidents.values.map(\.state) == [.resolved])
        #expect(desk.book.incidents.values.first?.failures == 50)
    }

    @Test func aRetryThatPassesIsNoNews() throws {
        var desk = IncidentDesk()
        var failure = CheckObservation.failure(.critical)
        failure.willRetry = true
        try desk.observe(failure)
        try desk.pass(.seconds(1200))
        try desk.observe(.pass())
        try desk.pass(.seconds(36_000))
        #expect(desk.told.isEmpty)
        // Recorded all the same.
        let kinds = desk.timeline.values.flatMap { $0.map(\.kind) }
        #expect(kinds.contains(.opened) && kinds.contains(.resolved))
    }

    @Test func aRetryThatFailsIsToldThen() throws {
        var desk = IncidentDesk()
        var failure = CheckObservation.failure(.critical)
        failure.willRetry = true
        try desk.observe(failure)
        try desk.pass(.seconds(1200))
        try desk.observe(.failure(.critical))
        try desk.pass(.seconds(30))
        #expect(desk.told == ["pager trigger"])
    }

    @Test func aRetryThatNeverComesIsToldAfterTheGrace() throws {
        var desk = IncidentDesk()
        var failure = CheckObservation.failure(.critical)
        failure.willRetry = true
        try desk.observe(failure)
        try desk.pass(desk.planner.policy.retryGrace + .seconds(31))
        #expect(desk.told == ["pager trigger"])
    }

    @Test func flappingWithinTheCooldownIsOneEpisode() throws {
        var desk = IncidentDesk()
        try desk.observe(.failure(.critical))
        try desk.pass(.seconds(60))
        for _ in 0..<20 {
            try desk.observe(.pass())
            try desk.pass(.seconds(120))
            try desk.observe(.failure(.critical))
            try desk.pass(.seconds(120))
        }
        #expect(desk.told.filter { $0 != "lead escalation" } == ["pager trigger"])
        try desk.observe(.pass())
        try desk.pass(.seconds(400))
        #expect(desk.told.filter { $0.hasPrefix("pager") } == ["pager trigger", "pager resolved"])
        #expect(desk.book.incidents.values.map(\.episode) == [1])
        #expect(desk.book.incidents.values.map(\.flaps) == [20])
    }

    @Test func flappingAtTheEndsOfRunsIsOneEpisode() throws {
        var desk = IncidentDesk()
        for _ in 0..<20 {
            try desk.observe(.failure(.critical))
            try desk.close()
            try desk.pass(.seconds(60))
            try desk.observe(.pass())
            try desk.close()
            try desk.pass(.seconds(60))
        }
        // The first end was told, as it could not be known that it would come back; no other was.
        #expect(desk.told.filter { $0.hasSuffix("trigger") }.count == 2)
        #expect(Set(desk.timeline.keys).count == 1)
    }

    @Test func aLaterFailureIsAnotherEpisode() throws {
        var desk = IncidentDesk()
        for _ in 0..<2 {
            try desk.observe(.failure(.critical))
            try desk.pass(.seconds(60))
            try desk.observe(.pass())
            try desk.pass(.seconds(3600))
        }
        #expect(desk.told == ["pager trigger", "pager resolved", "pager trigger", "pager resolved"])
        #expect(desk.book.incidents.values.map(\.episode) == [2])
        #expect(Set(desk.sent.map(\.alert.id)).count == 4)
    }

    @Test func aWorseFailureIsToldOnce() throws {
        var desk = IncidentDesk(IncidentPolicy(routes: [IncidentPolicy.Route(notify: [IncidentDesk.chat])]))
        try desk.observe(.failure(.warning))
        try desk.pass(.seconds(60))
        for _ in 0..<5 {
            try desk.observe(.failure(.critical))
            try desk.pass(.seconds(60))
        }
        #expect(desk.told == ["chat trigger", "chat update"])
        #expect(desk.sent.last?.alert.incident?.items.first?.formerSeverity == .warning)
    }

    @Test func aWorseFailureReachesThoseWhoHeardNothing() throws {
        var desk = IncidentDesk()
        try desk.observe(.failure(.warning))
        try desk.pass(.seconds(60))
        try desk.observe(.failure(.critical))
        try desk.pass(.seconds(1))
        #expect(desk.told == ["chat trigger", "chat update", "pager trigger"])
        try desk.observe(.pass())
        try desk.pass(.seconds(600))
        #expect(desk.told.suffix(2) == ["chat resolved", "pager resolved"])
    }

    @Test func manyChecksOfOneDatasetAreToldTogether() throws {
        var desk = IncidentDesk()
        for number in 0..<40 {
            try desk.observe(.failure(.critical, check: "check \(number)"))
            try desk.pass(.milliseconds(500))
        }
        try desk.pass(.seconds(60))
        #expect(desk.told == ["pager trigger"])
        #expect(desk.sent.first?.alert.incident?.items.count == 40)
        try desk.observe(.failure(.critical, check: "late"))
        try desk.pass(.seconds(30))
        #expect(desk.told.count == 1)
        try desk.pass(.seconds(300))
        #expect(desk.told == ["pager trigger", "pager update"])
    }

    @Test func thousandChecksDownstreamOfOneBrokenDatasetAreOnePage() throws {
        var map = DatasetMap()
        let raw = DatasetID(trusted: "raw")
        for number in 0..<100 {
            map.add(DatasetID(trusted: "mart/\(number)"), from: [raw], owner: "team-\(number % 3)")
        }
        var desk = IncidentDesk(map: map)
        // Those downstream first: within the wait the order does not matter.
        try desk.observe((0..<1_000).map { .failure(.critical, "mart/\($0 % 100)", check: "check \($0)") })
        try desk.observe(.failure(.critical, "raw"))
        try desk.pass(.seconds(600))
        #expect(desk.told == ["pager trigger"])
        let notice = try #require(desk.sent.first?.alert.incident)
        #expect(notice.items.map(\.failure.dataset) == [raw])
        #expect(notice.inhibited.count == 1_000)
        #expect(notice.inhibited.datasets.count == Limits.noticeDatasets)
        #expect(notice.owners == ["team-0", "team-1", "team-2"])
        #expect(desk.book.incidents.count == 1_001)
        #expect(desk.book.incidents.values.filter { $0.dataset != raw }.allSatisfy { $0.inhibitedBy == [raw] })
        #expect(desk.book.incidents.values.filter { $0.dataset != raw }.allSatisfy { $0.suspects == [raw] })
        // All is mended: one end.
        try desk.observe([.pass("raw")] + (0..<1_000).map { .pass("mart/\($0 % 100)", check: "check \($0)") })
        try desk.pass(.seconds(900))
        #expect(desk.told.filter { $0.hasPrefix("pager") } == ["pager trigger", "pager resolved"])
    }

    @Test func whatStillFailsDownstreamIsToldOnceTheCauseIsGone() throws {
        var map = DatasetMap()
        map.add(DatasetID(trusted: "mart"), from: [DatasetID(trusted: "raw")])
        var desk = IncidentDesk(map: map)
        try desk.observe([.failure(.critical, "raw"), .failure(.critical, "mart")])
        try desk.pass(.seconds(60))
        try desk.observe(.pass("raw"))
        try desk.pass(.seconds(301))
        #expect(desk.told == ["pager trigger", "pager resolved"])
        try desk.pass(.seconds(30))
        #expect(desk.told == ["pager trigger", "pager resolved", "pager trigger"])
        #expect(desk.sent.last?.alert.incident?.items.first?.failure.dataset.rawValue == "mart")
    }

    @Test func aWarningUpstreamHidesNoDisaster() throws {
        var map = DatasetMap()
        map.add(DatasetID(trusted: "mart"), from: [DatasetID(trusted: "raw")])
        var desk = IncidentDesk(map: map)
        try desk.observe([.failure(.warning, "raw"), .failure(.critical, "mart")])
        try desk.pass(.seconds(60))
        #expect(desk.told.sorted() == ["chat trigger", "pager trigger"])
    }

    @Test func datasetsMadeFromEachOtherDoNotHideEachOther() throws {
        var map = DatasetMap()
        map.add(DatasetID(trusted: "a"), from: [DatasetID(trusted: "b")])
        map.add(DatasetID(trusted: "b"), from: [DatasetID(trusted: "a")])
        var desk = IncidentDesk(map: map)
        try desk.observe([.failure(.critical, "a"), .failure(.critical, "b")])
        try desk.pass(.seconds(60))
        #expect(desk.told == ["pager trigger", "pager trigger"])
    }

    @Test func whatIsSilencedIsRecordedAndNotTold() throws {
        var desk = IncidentDesk()
        try desk.silence([IncidentMatcher(.dataset, "flights/*")], for: .seconds(3600))
        try desk.observe(.failure(.critical))
        try desk.pass(.seconds(1800))
        #expect(desk.told.isEmpty)
        #expect(desk.timeline.values.flatMap { $0.map(\.kind) } == [.opened, .silenced])
        // The silence ends by itself, and it still fails.
        try desk.pass(.seconds(1831))
        #expect(desk.told == ["pager trigger"])
    }

    @Test func aSilenceThatComesLaterKeepsTheEndFromNobody() throws {
        var desk = IncidentDesk()
        try desk.observe(.failure(.critical))
        try desk.pass(.seconds(60))
        try desk.silence([IncidentMatcher(.pipeline, "etl")], for: .seconds(36_000))
        try desk.pass(.seconds(20_000))
        #expect(desk.told == ["pager trigger"])
        try desk.observe(.pass())
        try desk.pass(.seconds(600))
        #expect(desk.told == ["pager trigger", "pager resolved"])
    }

    @Test func anAcknowledgedIncidentIsLeftAlone() throws {
        var desk = IncidentDesk()
        try desk.observe(.failure(.critical))
        try desk.pass(.seconds(60))
        try desk.operate(.acknowledge(by: "ada", note: nil))
        try desk.pass(.seconds(100_000))
        #expect(desk.told == ["pager trigger", "pager acknowledged"])
        try desk.operate(.unacknowledge(by: "ada", note: nil))
        try desk.pass(.seconds(1))
        #expect(desk.told.last == "lead escalation" || desk.told.last == "pager reminder")
    }

    @Test func whatSomebodyLooksAfterBeforeItIsToldIsNotTold() throws {
        var desk = IncidentDesk()
        try desk.observe(.failure(.critical))
        try desk.operate(.acknowledge(by: "ada", note: nil))
        try desk.pass(.seconds(60))
        #expect(desk.told.isEmpty)
        try desk.operate(.unacknowledge(by: "ada", note: nil))
        try desk.pass(.seconds(60))
        #expect(desk.told == ["pager trigger"])
    }

    @Test func whatNobodyLooksAfterIsEscalatedAndRepeated() throws {
        var desk = IncidentDesk()
        try desk.observe(.failure(.critical))
        try desk.pass(.seconds(930))
        #expect(desk.told == ["pager trigger", "lead escalation"])
        #expect(desk.sent.last?.alert.incident?.level == 1)
        try desk.pass(.seconds(4 * 3600))
        #expect(desk.told.suffix(2) == ["pager reminder", "lead reminder"])
        try desk.observe(.pass())
        try desk.pass(.seconds(600))
        #expect(Set(desk.told.suffix(2)) == ["pager resolved", "lead resolved"])
    }

    @Test func aSnoozeEnds() throws {
        var desk = IncidentDesk()
        try desk.observe(.failure(.critical))
        try desk.pass(.seconds(60))
        try desk.operate(.snooze(until: desk.now + .seconds(36_000), by: "ada", note: nil))
        try desk.pass(.seconds(35_999))
        #expect(desk.told == ["pager trigger"])
        try desk.pass(.seconds(1))
        #expect(desk.told.contains("pager reminder"))
    }

    @Test func whatIsOnlyWorthRecordingIsOnlyRecorded() throws {
        var desk = IncidentDesk()
        try desk.observe(.failure(.info))
        try desk.pass(.seconds(100_000))
        #expect(desk.told.isEmpty)
        #expect(desk.book.incidents.count == 1)
    }

    @Test func aRestartTellsNothingAgain() throws {
        var desk = IncidentDesk()
        try desk.observe(.failure(.critical))
        try desk.pass(.seconds(60))
        var restarted = IncidentDesk()
        (restarted.book, restarted.now) = (desk.book, desk.now)
        try restarted.close()
        try restarted.observe(.failure(.critical))
        try restarted.pass(.seconds(600))
        #expect(restarted.told.isEmpty)
    }

    @Test func aPassOfAnEarlierPartitionEndsNothing() throws {
        var desk = IncidentDesk()
        var failure = CheckObservation.failure(.critical)
        failure.partition = "2026-01-02"
        try desk.observe(failure)
        try desk.pass(.seconds(60))
        var pass = CheckObservation.pass()
        pass.partition = "2026-01-01"
        try desk.observe(pass)
        try desk.pass(.seconds(310))
        #expect(desk.told == ["pager trigger"])
        pass.partition = "2026-01-02"
        try desk.observe(pass)
        try desk.pass(.seconds(310))
        #expect(desk.told == ["pager trigger", "pager resolved"])
    }

    @Test func theLastGoodVersionAndTheChangedInputAreTold() throws {
        var desk = IncidentDesk()
        let zero = ObjectID.zero
        let other = try #require(ObjectID(hex: String(repeating: "ab", count: 32)))
        func input(_ name: String, _ digest: ObjectID) -> DatasetVersion {
            DatasetVersion(dataset: DatasetID(trusted: name), commit: zero, digest: digest)
        }
        var pass = CheckObservation.pass()
        pass.data.commit = other
        pass.inputs = [input("calendar", zero), input("flights/raw", zero), input("schedules", zero)]
        try desk.observe(pass)
        var failure = CheckObservation.failure(.critical)
        failure.inputs = [input("calendar", zero), input("flights/raw", other), input("schedules", other)]
        try desk.observe(failure)
        let incident = try #require(desk.book.incidents.values.first)
        #expect(incident.lastGood?.data.commit == other)
        #expect(incident.suspects.map(\.rawValue) == ["schedules"])
    }

    @Test func theFingerprintKnowsNoRun() {
        let first = CheckObservation.failure(.critical, run: "etl-1")
        let second = CheckObservation.failure(.warning, run: "etl-2")
        #expect(IncidentFingerprint.of(first) == IncidentFingerprint.of(second))
        #expect(IncidentFingerprint.of(first) != IncidentFingerprint.of(.failure(.critical, check: "other")))
        var partitioned = first
        partitioned.partitionClass = "region=eu"
        #expect(IncidentFingerprint.of(first) != IncidentFingerprint.of(partitioned))
    }
}
