/// Keeps incidents and what is to be told of them.
///
/// What is to be delivered is kept in the change that decides it, so that a process that is killed loses nothing and
/// sends nothing twice that it knows to be sent.
public protocol IncidentStore: Sendable {
    /// What decisions are made from.
    ///
    /// - Parameters:
    ///   - fingerprints: the checks whose records, and last incidents, are wanted beside all that is open.
    ///   - now: silences that have ended by then are left out.
    /// - Returns: the book as it stands.
    /// - Throws: ``MartletError`` MT8xxx when the store cannot be used, as all of these do.
    func book(for fingerprints: Set<String>, at now: Timestamp) async throws(MartletError) -> IncidentBook

    /// Makes a change, whole or not at all; it is on the disk when this returns.
    ///
    /// A delivery whose key is known is left as it is.
    ///
    /// - Throws: ``MartletError`` MT5052 when the book was changed since the revision that `change` was decided on.
    func commit(_ change: IncidentChange) async throws(MartletError)

    /// Incidents that fit `filter`, the latest failure first.
    func incidents(_ filter: IncidentFilter) async throws(MartletError) -> [Incident]

    /// The incident of that id, or nil.
    func incident(_ id: String) async throws(MartletError) -> Incident?

    /// What happened to an incident, oldest first; of very long timelines the middle is missing.
    func events(of incident: String) async throws(MartletError) -> [IncidentEvent]

    /// All silences that end after `instant`, by number; nil is all there ever were.
    func silences(endingAfter instant: Timestamp?) async throws(MartletError) -> [Silence]

    /// Keeps deliveries that belong to no incident; those whose keys are known are left as they are.
    func enqueue(_ deliveries: [Delivery]) async throws(MartletError)

    /// Deliveries that are pending, in the order they came, at most `limit` for each receiver.
    func pendingDeliveries(limit: Int) async throws(MartletError) -> [Delivery]

    /// Notes how an attempt ended; one that is settled already stays so.
    func update(_ delivery: Delivery) async throws(MartletError)

    /// Deliveries in `state`, the newest first.
    func deliveries(in state: Delivery.State, limit: Int) async throws(MartletError) -> [Delivery]
}

/// Which incidents are wanted.
public struct IncidentFilter: Hashable, Sendable {
    /// Only those in one of these states; nil is all.
    public var states: Set<IncidentState>?
    /// Only those of this pipeline.
    public var pipeline: PipelineID?
    /// Only those of this dataset.
    public var dataset: DatasetID?
    /// Most incidents.
    public var limit: Int

    /// A filter that lets all pass, up to `limit`.
    public init(
        states: Set<IncidentState>? = nil,
        pipeline: PipelineID? = nil,
        dataset: DatasetID? = nil,
        limit: Int = 100
    ) {
        self.states = states
        self.pipeline = pipeline
        self.dataset = dataset
        self.limit = limit
    }
}
