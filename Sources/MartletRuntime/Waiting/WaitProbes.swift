public import MartletCore

/// Gives each wait to the probe for its kind.
public struct WaitProbes: WaitProbe {
    private let files: any WaitProbe
    private let time: any WaitProbe
    private let facts: any WaitProbe
    private let http: any WaitProbe
    private let sql: any WaitProbe

    /// The probes of all kinds; waits for datasets and for steps both go to `facts`.
    public init(
        files: any WaitProbe,
        time: any WaitProbe,
        facts: any WaitProbe,
        http: any WaitProbe,
        sql: any WaitProbe
    ) {
        self.files = files
        self.time = time
        self.facts = facts
        self.http = http
        self.sql = sql
    }

    /// Has the probe of its kind look.
    public func probe(_ request: WaitRequest, wake: @escaping @Sendable () -> Void) async -> WaitResult {
        switch request.subject {
        case .file: await files.probe(request, wake: wake)
        case .instant: await time.probe(request, wake: wake)
        case .dataset, .step: await facts.probe(request, wake: wake)
        case .http: await http.probe(request, wake: wake)
        case .sql: await sql.probe(request, wake: wake)
        case .answer: .misdirected(request)
        }
    }

    /// Tells all probes, as the key does not say which looked.
    public func end(_ key: WaitKey) {
        for probe in [files, time, facts, http, sql] { probe.end(key) }
    }
}

extension WaitResult {
    /// The result of a probe that was given another kind of wait.
    static func misdirected(_ request: WaitRequest) -> WaitResult {
        .failed(
            MartletError(
                .internalFault,
                "a wait for \(request.subject.summary) was given to the wrong probe",
                remedy: "please report this"
            ),
            retryable: false
        )
    }
}
