public import MartletCore
public import MartletQuality
import Synchronization

/// Keeps a project's incidents: takes what checks say, and tells people of it.
///
/// What is decided is kept before anything is sent, so that a process may be killed at any instant. Several processes
/// may take news of one project; one at a time delivers, which is `martlet up` where it runs.
public final class IncidentService: Sendable {
    /// All that the service needs from outside.
    public struct Dependencies: Sendable {
        /// Keeps incidents and deliveries.
        public var store: any IncidentStore
        /// The ways to tell people, by name; what is to be delivered to others is given up.
        public var receivers: [NotifierID: any Notifier]
        /// The project's log of alerts.
        public var log: any Notifier
        /// Tells the time.
        public var time: any TimeSource
        /// Waits until the next thing is due.
        public var clock: any Clock<Duration>
        /// Reads the project's pipelines, which tell which datasets are made from which.
        public var pipelines: @Sendable () async throws(MartletError) -> [PipelineManifest]
        /// Random numbers, 0 to 1.
        public var jitter: @Sendable () -> Double

        /// A set with every dependency.
        public init(
            store: any IncidentStore,
            receivers: [NotifierID: any Notifier],
            log: any Notifier,
            time: any TimeSource,
            clock: any Clock<Duration>,
            pipelines: @escaping @Sendable () async throws(MartletError) -> [PipelineManifest] = { () in [] },
            jitter: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
        ) {
            self.store = store
            self.receivers = receivers
            self.log = log
            self.time = time
            self.clock = clock
            self.pipelines = pipelines
            self.jitter = jitter
        }
    }

    /// What deliveries to the project's log of alerts are kept under; no notifier of a project may have this name.
    public static let projectLog = NotifierID(trusted: "martlet-log")

    /// How often a change is decided anew because others change the book at the same time.
    private static let tries = 100

    let dependencies: Dependencies
    let layout: ProjectLayout
    private let current: Mutex<(planner: IncidentPlanner, hasMap: Bool)>
    /// Rung when there is something new.
    let bell: Bell
    let lanes: [NotifierID: DeliveryLane]

    /// The service of the project in `layout`.
    public init(_ dependencies: Dependencies, planner: IncidentPlanner, layout: ProjectLayout) {
        self.dependencies = dependencies
        self.layout = layout
        current = Mutex((planner, false))
        bell = Bell(dependencies.clock)
        var receivers = dependencies.receivers
        receivers[Self.projectLog] = dependencies.log
        lanes = Dictionary(
            uniqueKeysWithValues: receivers.map { ($0, DeliveryLane($0, $1, dependencies)) }
        )
    }

    /// Which datasets are made from which is taken from these pipelines from now on.
    public func follow(_ pipelines: some Sequence<PipelineManifest>) {
        let map = DatasetMap(pipelines)
        current.withLock { current in
            current.planner.map = map
            current.hasMap = true
        }
        bell.ring()
    }

    var planner: IncidentPlanner { current.withLock { $0.planner } }

    /// The planner, with the project's datasets, which are only read where there is something to decide.
    private func informedPlanner(for book: IncidentBook, _ isNews: Bool) async throws(MartletError) -> IncidentPlanner {
        let isQuiet = !isNews && book.incidents.isEmpty && book.groups.isEmpty
        if isQuiet || current.withLock({ $0.hasMap }) { return planner }
        let map = DatasetMap(try await dependencies.pipelines())
        return current.withLock { current in
            if !current.hasMap { (current.planner.map, current.hasMap) = (map, true) }
            return current.planner
        }
    }

    // MARK: - News

    /// Takes what checks say; it is kept when this returns, and told by whoever delivers.
    ///
    /// - Throws: ``MartletError`` MT8xxx when the store cannot be used.
    public func observe(_ observations: [CheckObservation]) async throws(MartletError) {
        var rest = observations[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(Limits.observationsAtOnce))
            rest = rest.dropFirst(piece.count)
            let fingerprints = Set(piece.map(IncidentFingerprint.of))
            try await change(fingerprints) { planner, book, now throws(MartletError) in
                try planner.observe(piece, book, at: now)
            }
        }
    }

    /// Does what the time asks for.
    ///
    /// - Parameter isClosing: whether no more news is to come for a while: what waits for more is told at once.
    /// - Returns: when there is something to do next; nil when nothing is waited for.
    /// - Throws: ``MartletError`` MT8xxx when the store cannot be used.
    @discardableResult
    func advance(isClosing: Bool = false) async throws(MartletError) -> Timestamp? {
        try await change([]) { planner, book, now throws(MartletError) in
            try planner.advance(book, at: now, isClosing: isClosing)
        }
        let now = dependencies.time.now
        return planner.nextWake(try await dependencies.store.book(for: [], at: now), after: now)
    }

    // MARK: - What people do

    /// Does something to an incident; the incident as it is then.
    ///
    /// - Throws: ``MartletError`` MT5050 when there is none of that id, MT5051 when it cannot be done in its state.
    @discardableResult
    public func operate(_ command: IncidentCommand, on id: String) async throws(MartletError) -> Incident {
        guard let incident = try await dependencies.store.incident(id) else { throw Self.unknown(id) }
        try await change([incident.fingerprint]) { [isClosing = !isScheduled] planner, book, now throws(MartletError) in
            try planner.operate(command, on: id, book, at: now, isClosing: isClosing)
        }
        return try await dependencies.store.incident(id) ?? incident
    }

    /// Makes a silence, and returns it.
    ///
    /// - Throws: ``MartletError`` MT1016 when there are too many.
    public func silence(
        _ matchers: [IncidentMatcher],
        until end: Timestamp,
        by author: String,
        reason: String
    ) async throws(MartletError) -> Silence {
        let made = Mutex<Silence?>(nil)
        try await change([]) { [isClosing = !isScheduled] planner, book, now throws(MartletError) in
            let silence = Silence(
                id: book.lastSilence + 1,
                matchers: matchers,
                author: author,
                reason: reason,
                createdAt: now,
                expiresAt: end
            )
            made.withLock { $0 = silence }
            return try planner.silence(silence, book, at: now, isClosing: isClosing)
        }
        guard let silence = made.withLock({ $0 }) else { throw Self.conflict }
        return silence
    }

    /// Ends a silence before its time, and returns it.
    ///
    /// - Throws: ``MartletError`` MT5050 when none of that number is in force.
    public func unsilence(_ id: Int) async throws(MartletError) -> Silence {
        let ended = Mutex<Silence?>(nil)
        try await change([]) { [isClosing = !isScheduled] planner, book, now throws(MartletError) in
            guard var silence = book.silences.first(where: { $0.id == id && $0.isActive(at: now) }) else {
                throw MartletError(
                    .incidentUnknown,
                    "no silence \(id) is in force",
                    remedy: "list them with `martlet incidents silences`"
                )
            }
            silence.expiresAt = now
            ended.withLock { [silence] in $0 = silence }
            return try planner.silence(silence, book, at: now, isClosing: isClosing)
        }
        guard let silence = ended.withLock({ $0 }) else { throw Self.conflict }
        return silence
    }

    /// Keeps an alert that belongs to no incident, to be delivered as notifications of incidents are.
    ///
    /// - Throws: ``MartletError`` MT8xxx when the store cannot be used.
    public func send(_ alert: Alert, to names: [NotifierID]) async throws(MartletError) {
        let now = dependencies.time.now
        try await dependencies.store.enqueue(Set(names).sorted().map { Delivery(to: $0, alert, dueAt: now) })
        bell.ring()
    }

    /// Whether a scheduler runs for the project, which delivers then.
    var isScheduled: Bool { SchedulerLock.isHeld(layout) }

    // MARK: - Deciding and keeping

    /// Decides on the book as it stands, and keeps the change; decides anew when somebody else was quicker.
    private func change(
        _ fingerprints: Set<String>,
        _ decide: (IncidentPlanner, IncidentBook, Timestamp) throws(MartletError) -> IncidentChange
    ) async throws(MartletError) {
        for _ in 0..<Self.tries {
            let now = dependencies.time.now
            let book = try await dependencies.store.book(for: fingerprints, at: now)
            let planner = try await informedPlanner(for: book, !fingerprints.isEmpty)
            var change = try decide(planner, book, now)
            if change.isEmpty { return }
            change.deliveries = logged(change.deliveries)
            do throws(MartletError) {
                try await dependencies.store.commit(change)
                return bell.ring()
            } catch  where error.code == .incidentConflict {
                continue
            }
        }
        throw Self.conflict
    }

    /// The deliveries, and one of each alert to the project's log.
    private func logged(_ deliveries: [Delivery]) -> [Delivery] {
        var seen: Set<String> = []
        let copies = deliveries.filter { $0.notifier != Self.projectLog && seen.insert($0.alert.id).inserted }
        return copies.map { Delivery(to: Self.projectLog, $0.alert, dueAt: $0.dueAt) } + deliveries
    }

    private static func unknown(_ id: String) -> MartletError {
        MartletError(
            .incidentUnknown,
            "there is no incident \(id)",
            remedy: "list them with `martlet incidents list --all`"
        )
    }

    private static var conflict: MartletError {
        MartletError(
            .incidentConflict,
            "incidents are changed by others all the time",
            reason: "\(tries) tries met a change by another process each",
            remedy: "try again"
        )
    }
}
