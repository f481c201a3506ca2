import MartletCore
import Testing

/// The checks of ``IncidentStoreConformance``.
struct IncidentStoreBench<Store: IncidentStore> {
    let store: Store

    private let now = Timestamp(seconds: 1_767_225_600)
    private let pager = NotifierID(trusted: "pager")

    private func failure(_ check: String, at: Timestamp? = nil) -> CheckObservation {
        CheckObservation(
            pipeline: PipelineID(trusted: "etl"),
            dataset: DatasetID(trusted: "flights/raw"),
            check: check,
            severity: .critical,
            passed: false,
            at: at ?? now,
            run: RunID(trusted: "etl-1"),
            step: InstanceID(StepID(trusted: "check"), 2),
            partition: "2026-01-01",
            data: CheckObservation.DataVersion(commit: .zero, digest: .zero),
            writtenAt: now,
            code: CodeVersion(manifest: "m", git: "g", isClean: true),
            title: "it is so",
            expected: "so",
            observed: "otherwise",
            unexpectedCount: 1,
            elementCount: 10,
            samples: ["a"],
            trend: CheckObservation.Trend(values: [1, 2.5], lower: 0, upper: nil)
        )
    }

    private func incident(
        _ check: String,
        episode: Int = 1,
        state: IncidentState = .firing,
        at: Timestamp? = nil
    )
        -> Incident
    {
        var incident = Incident(
            id: "i\(check)-\(episode)",
            fingerprint: check,
            episode: episode,
            first: failure(check, at: at),
            lastGood: GoodVersion(failure(check))
        )
        incident.state = state
        incident.group = "dataset=flights/raw"
        return incident
    }

    private func alert(_ id: String, _ text: String = "text") -> Alert {
        Alert(id: id, kind: .incidentFiring, at: now, text: text)
    }

    private func change(_ revision: Int = 0, _ body: (inout IncidentChange) -> Void) -> IncidentChange {
        var change = IncidentChange(revision: revision)
        body(&change)
        return change
    }

    func beginsEmpty() async throws {
        #expect(try await store.book(for: ["a"], at: now) == IncidentBook())
        #expect(try await store.incidents(IncidentFilter()).isEmpty)
        #expect(try await store.incident("i1-1") == nil)
        #expect(try await store.events(of: "i1-1").isEmpty)
        #expect(try await store.pendingDeliveries(limit: 10).isEmpty)
    }

    func readsBackAWholeChange() async throws {
        let open = incident("a")
        var group = IncidentGroup(key: open.group, labels: ["dataset": "flights/raw"])
        group.dueAt = now
        group.told[pager] = IncidentGroup.Told(count: 2, at: now, open: [open.id: .warning], isAcknowledged: true)
        let silence = silence(3, endsAt: now + .seconds(60))
        let check = CheckRecord(fingerprint: "a", episodes: 1, lastGood: GoodVersion(failure("a")))
        let event = IncidentEvent(.opened, at: now, observation: failure("a"), severity: .critical)
        try await store.commit(
            change {
                ($0.checks, $0.incidents, $0.groups, $0.silences) = ([check], [open], [group], [silence])
                $0.events = [open.id: [event]]
                $0.deliveries = [Delivery(to: pager, alert("1"), dueAt: now)]
            }
        )
        let book = try await store.book(for: ["a"], at: now)
        #expect(book.revision == 1)
        #expect(book.checks == ["a": check])
        #expect(book.incidents == ["a": open])
        #expect(book.groups == [group.key: group])
        #expect(book.silences == [silence])
        #expect(book.lastSilence == 3)
        #expect(try await store.events(of: open.id) == [event])
        #expect(try await store.pendingDeliveries(limit: 10) == [Delivery(to: pager, alert("1"), dueAt: now)])
    }

    func refusesAChangeOfAnOldBook() async throws {
        try await store.commit(change { $0.incidents = [incident("a")] })
        let error = await #expect(throws: MartletError.self) {
            try await store.commit(change { $0.incidents = [incident("b")] })
        }
        #expect(error?.code == .incidentConflict)
        try await store.commit(change(1) { $0.incidents = [incident("b")] })
        // A change of nothing is none.
        try await store.commit(IncidentChange(revision: 0))
        #expect(try await store.book(for: [], at: now).revision == 2)
    }

    func keepsNothingOfARefusedChange() async throws {
        try await store.commit(change { $0.incidents = [incident("a")] })
        await #expect(throws: MartletError.self) {
            try await store.commit(
                change {
                    $0.incidents = [incident("b")]
                    $0.deliveries = [Delivery(to: pager, alert("1"), dueAt: now)]
                }
            )
        }
        #expect(try await store.incident("ib-1") == nil)
        #expect(try await store.pendingDeliveries(limit: 10).isEmpty)
    }

    func hasWhatIsOpenAndWhatIsAskedFor() async throws {
        let ended = incident("a", state: .resolved)
        let again = incident("a", episode: 2, state: .resolved)
        let open = incident("b", state: .acknowledged)
        try await store.commit(
            change {
                $0.incidents = [ended, again, open]
                $0.checks = [CheckRecord(fingerprint: "a", episodes: 2), CheckRecord(fingerprint: "b", episodes: 1)]
            }
        )
        let book = try await store.book(for: [], at: now)
        #expect(book.incidents == ["b": open])
        #expect(book.checks.isEmpty)
        let asked = try await store.book(for: ["a"], at: now)
        #expect(asked.incidents == ["a": again, "b": open])
        #expect(asked.checks == ["a": CheckRecord(fingerprint: "a", episodes: 2)])
    }

    func hasWhatReceiversWaitToHearOf() async throws {
        let ended = incident("a", state: .resolved)
        var group = IncidentGroup(key: ended.group, labels: [:])
        group.told[pager] = IncidentGroup.Told(count: 1, at: now, open: [ended.id: .critical])
        try await store.commit(
            change { ($0.incidents, $0.groups) = ([ended, incident("b", state: .resolved)], [group]) }
        )
        #expect(try await store.book(for: [], at: now).incidents == ["a": ended])
    }

    func closesGroups() async throws {
        let groups = ["x", "y"].map { IncidentGroup(key: $0, labels: [:]) }
        try await store.commit(change { $0.groups = groups })
        try await store.commit(change(1) { $0.closedGroups = ["x", "unknown"] })
        #expect(try await store.book(for: [], at: now).groups.keys.sorted() == ["y"])
    }

    func leavesOutSilencesThatHaveEnded() async throws {
        let silences = [silence(1, endsAt: now), silence(2, endsAt: now + .seconds(1))]
        try await store.commit(change { $0.silences = silences })
        let book = try await store.book(for: [], at: now)
        #expect(book.silences.map(\.id) == [2])
        #expect(book.lastSilence == 2)
        #expect(try await store.silences(endingAfter: nil).map(\.id) == [1, 2])
        #expect(try await store.silences(endingAfter: now) == [silences[1]])
    }

    func listsTheLatestFailureFirst() async throws {
        let incidents = (0..<4).map { number in
            incident(
                "\(number)",
                state: number == 2 ? .resolved : .firing,
                at: now + .seconds([20, 40, 10, 30][number])
            )
        }
        try await store.commit(change { $0.incidents = incidents })
        #expect(try await store.incidents(IncidentFilter()).map(\.fingerprint) == ["1", "3", "0", "2"])
        #expect(try await store.incidents(IncidentFilter(limit: 1)).map(\.fingerprint) == ["1"])
        let open: Set<IncidentState> = [.firing, .acknowledged]
        #expect(try await store.incidents(IncidentFilter(states: open)).map(\.fingerprint) == ["1", "3", "0"])
        let other = IncidentFilter(pipeline: PipelineID(trusted: "other"))
        #expect(try await store.incidents(other).isEmpty)
        let dataset = IncidentFilter(dataset: DatasetID(trusted: "flights/raw"))
        #expect(try await store.incidents(dataset).count == 4)
    }

    func keepsBothEndsOfALongTimeline() async throws {
        let count = Limits.incidentEvents + 50
        try await store.commit(change { $0.incidents = [incident("a")] })
        for piece in 0..<3 {
            let events = (piece * count / 3..<(piece + 1) * count / 3).map { number in
                IncidentEvent(.failed, at: now + .seconds(number))
            }
            try await store.commit(change(piece + 1) { $0.events = ["ia-1": events] })
        }
        let events = try await store.events(of: "ia-1")
        #expect(events.count == Limits.incidentEvents)
        #expect(events.first?.at == now)
        #expect(events.last?.at == now + .seconds(count - 1))
    }

    func keepsADeliveryOnce() async throws {
        let first = Delivery(to: pager, alert("1", "first"), dueAt: now)
        let second = Delivery(to: pager, alert("1", "second"), dueAt: now)
        try await store.enqueue([first, second])
        try await store.commit(change { $0.deliveries = [second] })
        #expect(try await store.pendingDeliveries(limit: 10) == [first])
        let chat = Delivery(to: NotifierID(trusted: "chat"), alert("1"), dueAt: now)
        try await store.enqueue([chat])
        #expect(try await store.pendingDeliveries(limit: 10) == [first, chat])
    }

    func keepsTheOrderOfDeliveries() async throws {
        let chat = NotifierID(trusted: "chat")
        let all = (0..<6).map { Delivery(to: $0 % 2 == 0 ? pager : chat, alert("\($0)"), dueAt: now) }
        for delivery in all { try await store.enqueue([delivery]) }
        #expect(try await store.pendingDeliveries(limit: 10) == all)
        #expect(try await store.pendingDeliveries(limit: 1).map(\.alert.id) == ["0", "1"])
    }

    func settlesADeliveryOnce() async throws {
        var delivery = Delivery(to: pager, alert("1"), dueAt: now)
        try await store.enqueue([delivery])
        delivery.attempts = 1
        delivery.dueAt = now + .seconds(5)
        delivery.error = MartletError(.receiverFailed, "it was busy")
        try await store.update(delivery)
        #expect(try await store.pendingDeliveries(limit: 10) == [delivery])
        delivery.state = .delivered
        (delivery.attempts, delivery.settledAt, delivery.error) = (2, now, nil)
        try await store.update(delivery)
        #expect(try await store.pendingDeliveries(limit: 10).isEmpty)
        #expect(try await store.deliveries(in: .delivered, limit: 10) == [delivery])
        var late = delivery
        late.state = .dead
        try await store.update(late)
        #expect(try await store.deliveries(in: .dead, limit: 10).isEmpty)
        // What was delivered is not sent again, whoever enqueues it.
        try await store.enqueue([Delivery(to: pager, alert("1"), dueAt: now)])
        #expect(try await store.pendingDeliveries(limit: 10).isEmpty)
    }

    func keepsTextOfAnyKind() async throws {
        for (number, text) in ["", "it's \"quoted\"", "'; DROP TABLE incidents; --", "日本語 😀\u{0}\n\t\\"].enumerated() {
            var incident = incident("a\(number)")
            incident.latest.observed = text
            incident.actions = [Incident.Action(at: now, by: text, text: text)]
            try await store.commit(change(number) { $0.incidents = [incident] })
            #expect(try await store.incident(incident.id) == incident)
            try await store.enqueue([Delivery(to: pager, alert("\(number)", text), dueAt: now)])
        }
        #expect(try await store.pendingDeliveries(limit: 10).count == 4)
    }

    private func silence(_ id: Int, endsAt: Timestamp) -> Silence {
        Silence(
            id: id,
            matchers: [IncidentMatcher(.dataset, "flights/*", isNegated: true)],
            author: "ada",
            reason: "moving",
            createdAt: now - .seconds(60),
            expiresAt: endsAt
        )
    }
}
