public import MartletCore
import Testing

/// A probe to check, and a world in which what it looks for can be made to come.
public struct WaitProbeBench: Sendable {
    /// The probe.
    public var probe: any WaitProbe
    /// A wait for what is not there.
    public var request: WaitRequest
    /// Makes it come.
    public var satisfy: @Sendable () async throws -> Void
    /// A wait that can never hold; nil when the probe knows none.
    public var hopeless: WaitRequest?

    /// A bench with these parts.
    public init(
        probe: any WaitProbe,
        request: WaitRequest,
        hopeless: WaitRequest? = nil,
        satisfy: @escaping @Sendable () async throws -> Void
    ) {
        self.probe = probe
        self.request = request
        self.hopeless = hopeless
        self.satisfy = satisfy
    }
}

/// What every probe does.
///
/// Each case is one behaviour; a test runs them all on the fake and on each adapter, with a new bench for each.
public enum WaitProbeConformance: String, CaseIterable, Sendable {
    case saysWhyNotYet
    case seesWhatHasCome
    case looksAgainAfterItSaw
    case reportsSmallValuesOfValidNames
    case failsForGoodWhereThereIsNoHope
    case refusesAnotherKindOfWait
    case endsWhenItsTaskIsCancelled
    case forgetsTwice

    /// Checks the behaviour with `bench`.
    ///
    /// - Throws: when something that the check itself needs fails.
    public func check(_ bench: WaitProbeBench) async throws {
        let (probe, request) = (bench.probe, bench.request)
        switch self {
        case .saysWhyNotYet:
            guard case .notYet(let reason, _) = await probe.probe(request) else {
                Issue.record("what is not there was seen")
                return
            }
            #expect(!reason.isEmpty)
        case .seesWhatHasCome:
            _ = await probe.probe(request)
            try await bench.satisfy()
            #expect(isSatisfied(await probe.probe(request)))
        case .looksAgainAfterItSaw:
            try await bench.satisfy()
            #expect(isSatisfied(await probe.probe(request)))
            #expect(isSatisfied(await probe.probe(request)))
        case .reportsSmallValuesOfValidNames:
            try await bench.satisfy()
            guard case .satisfied(let values) = await probe.probe(request) else {
                Issue.record("what is there was not seen")
                return
            }
            for (name, value) in values {
                #expect(PortName.objection(to: name) == nil)
                #expect(value.jsonText.utf8.count <= Limits.valueBytes)
            }
        case .failsForGoodWhereThereIsNoHope:
            guard let hopeless = bench.hopeless else { return }
            guard case .failed(let error, retryable: false) = await probe.probe(hopeless) else {
                Issue.record("it does not fail for good")
                return
            }
            #expect(error.message.contains("\(hopeless.key.instance)") || error.code.number >= 2400)
        case .refusesAnotherKindOfWait:
            var other = request
            other.subject = .answer(ApproveAction(message: "?"))
            guard case .failed(let error, retryable: false) = await probe.probe(other) else {
                Issue.record("it looked at a question")
                return
            }
            #expect(error.code == .internalFault)
        case .endsWhenItsTaskIsCancelled:
            let look = Task { await probe.probe(request) }
            look.cancel()
            _ = await look.value
        case .forgetsTwice:
            _ = await probe.probe(request)
            probe.end(request.key)
            probe.end(request.key)
            try await bench.satisfy()
            #expect(isSatisfied(await probe.probe(request)))
        }
    }

    private func isSatisfied(_ result: WaitResult) -> Bool {
        if case .satisfied = result { return true }
        Issue.record("\(result)")
        return false
    }
}
