import MartletCore
import MartletQuality
import MartletTestKit
import Testing

@Suite(.tags(.machine))
struct IncidentMachineTests {
    private static let start = Timestamp(seconds: 1_767_225_600)

    /// A command of each kind; `worsen` is a failure that is worse than the incident.
    private static func command(_ kind: IncidentCommand.Kind) -> IncidentCommand {
        switch kind {
        case .fail: .fail(.failure(.warning))
        case .worsen: .fail(.failure(.critical))
        case .pass: .pass(.pass())
        case .settle: .settle
        case .acknowledge: .acknowledge(by: "ada", note: nil)
        case .unacknowledge: .unacknowledge(by: "ada", note: nil)
        case .snooze: .snooze(until: start + .seconds(60), by: "ada", note: nil)
        case .resolve: .resolve(by: "ada", note: nil)
        case .label: .label(.falsePositive, by: "ada", note: nil)
        case .note: .note("looked", by: "ada")
        }
    }

    private static func machine(in state: IncidentState) throws -> IncidentMachine {
        if state == .ok { return IncidentMachine(nil) }
        var incident = Incident(id: "i1-1", fingerprint: "1", episode: 1, first: .failure(.warning), lastGood: nil)
        incident.state = state
        if state == .acknowledged { incident.acknowledgedBy = "eve" }
        if state == .resolved { incident.resolvedAt = start }
        return IncidentMachine(incident)
    }

    /// Every state with every command: the machine does what the table says, and refuses what it does not have.
    @Test(arguments: IncidentState.allCases, IncidentCommand.Kind.allCases)
    func followsTheTable(state: IncidentState, kind: IncidentCommand.Kind) throws {
        var machine = try Self.machine(in: state)
        let command = Self.command(kind)
        // Where there is nothing open, no failure is worse than before.
        let row = machine.kind(of: command)
        #expect(row == (kind == .worsen && !state.isOpen ? .fail : kind))
        let target = IncidentMachine.target(of: row, in: state)
        guard let target else {
            let error = #expect(throws: MartletError.self) { try machine.decide(command, at: Self.start) }
            #expect(error?.code == .incidentState)
            #expect(error?.message.isEmpty == false)
            return
        }
        let events = try machine.decide(command, at: Self.start)
        if state == .ok {
            #expect(events.map(\.kind) == (kind == .pass ? [] : [.opened]))
            return
        }
        for event in events { machine.evolve(event) }
        #expect(machine.state == target)
    }

    @Test func noRowIsWrittenTwice() {
        let rows = IncidentMachine.transitions.map { "\($0.command) \($0.from)" }
        #expect(Set(rows).count == rows.count)
    }

    /// Every event on every state is total, and keeps what tells incidents apart.
    @Test(arguments: IncidentState.allCases, IncidentEvent.Kind.allCases)
    func everyEventCanBeFolded(state: IncidentState, kind: IncidentEvent.Kind) throws {
        var machine = try Self.machine(in: state)
        let before = machine.incident
        machine.evolve(
            IncidentEvent(kind, at: Self.start, by: "ada", note: "n", observation: .failure(.critical), names: ["1"])
        )
        #expect(machine.incident?.id == before?.id)
        #expect(machine.incident?.first == before?.first)
    }

    @Test func aWorseFailureTakesBackTheAcknowledgement() throws {
        var machine = try Self.machine(in: .acknowledged)
        let events = try machine.decide(.fail(.failure(.critical)), at: Self.start)
        #expect(events.map(\.kind) == [.failed, .severityRaised])
        for event in events { machine.evolve(event) }
        #expect(machine.incident?.severity == .critical)
        #expect(machine.incident?.acknowledgedBy == nil)
    }

    @Test func theTimelineTellsHowLongItTook() throws {
        var failure = CheckObservation.failure(.critical)
        failure.writtenAt = failure.at - .seconds(600)
        var machine = IncidentMachine(
            Incident(id: "i1-1", fingerprint: "1", episode: 1, first: failure, lastGood: nil)
        )
        for (seconds, command) in [
            (300, IncidentCommand.acknowledge(by: "ada", note: "on it")),
            (1_200, .resolve(by: "ada", note: "reloaded")),
        ] {
            for event in try machine.decide(command, at: failure.at + .seconds(seconds)) { machine.evolve(event) }
        }
        let incident = try #require(machine.incident)
        #expect(incident.timeToDetect == .seconds(600))
        #expect(incident.timeToAcknowledge == .seconds(300))
        #expect(incident.timeToResolve == .seconds(1_200))
        #expect(incident.actions.map(\.text) == ["acknowledged by ada: on it", "resolved by ada: reloaded"])
    }
}

extension CheckObservation {
    /// A failure of `check` of `dataset`.
    static func failure(
        _ severity: Severity,
        _ dataset: String = "flights/raw",
        check: String = "unique(id)",
        at: Timestamp = Timestamp(seconds: 1_767_225_600),
        run: String = "etl-1"
    ) -> CheckObservation {
        CheckObservation(
            pipeline: PipelineID(trusted: "etl"),
            dataset: DatasetID(trusted: dataset),
            check: check,
            severity: severity,
            passed: false,
            at: at,
            run: RunID(trusted: run),
            title: "values of id are unique",
            expected: "all unique",
            observed: "3 of 10 are not",
            unexpectedCount: 3,
            elementCount: 10,
            samples: ["7", "8"]
        )
    }

    /// A pass of the same check.
    static func pass(
        _ dataset: String = "flights/raw",
        check: String = "unique(id)",
        at: Timestamp = Timestamp(seconds: 1_767_225_600)
    ) -> CheckObservation {
        var pass = failure(.info, dataset, check: check, at: at)
        pass.passed = true
        pass.severity = .critical
        (pass.observed, pass.unexpectedCount, pass.samples) = ("all are", 0, [])
        return pass
    }
}
