import GRDB
public import MartletCore

extension SQLiteRunStore: IncidentStore {
    /// What decisions about incidents are made from.
    public func book(for fingerprints: Set<String>, at now: Timestamp) async throws(MartletError) -> IncidentBook {
        try await read { try IncidentTable(db: $0).book(for: fingerprints, at: now) }
    }

    /// Makes the change, whole or not at all.
    ///
    /// - Throws: ``MartletError`` MT5052 when the book was changed since.
    public func commit(_ change: IncidentChange) async throws(MartletError) {
        if change.isEmpty { return }
        try await write { db in
            guard try IncidentTable(db: db).commit(change) else {
                throw MartletError(
                    .incidentConflict,
                    "incidents were changed by another process at the same time",
                    remedy: "try again"
                )
            }
        }
    }

    /// Incidents that fit `filter`, the latest failure first.
    public func incidents(_ filter: IncidentFilter) async throws(MartletError) -> [Incident] {
        try await read { try IncidentTable(db: $0).incidents(filter) }
    }

    /// The incident of that id, or nil.
    public func incident(_ id: String) async throws(MartletError) -> Incident? {
        try await read { try IncidentTable(db: $0).incident(id) }
    }

    /// What happened to an incident, oldest first.
    public func events(of incident: String) async throws(MartletError) -> [IncidentEvent] {
        try await read { try IncidentTable(db: $0).events(of: incident) }
    }

    /// All silences that end after `instant`, by number.
    public func silences(endingAfter instant: Timestamp?) async throws(MartletError) -> [Silence] {
        try await read { try IncidentTable(db: $0).silences(endingAfter: instant) }
    }

    /// Keeps deliveries that belong to no incident.
    public func enqueue(_ deliveries: [Delivery]) async throws(MartletError) {
        if deliveries.isEmpty { return }
        try await write { try DeliveryTable(db: $0).add(deliveries) }
    }

    /// Deliveries that are pending, in the order they came.
    public func pendingDeliveries(limit: Int) async throws(MartletError) -> [Delivery] {
        try await read { try DeliveryTable(db: $0).pending(limit: limit) }
    }

    /// Notes how an attempt ended.
    public func update(_ delivery: Delivery) async throws(MartletError) {
        try await write { try DeliveryTable(db: $0).update(delivery) }
    }

    /// Deliveries in `state`, the newest first.
    public func deliveries(in state: Delivery.State, limit: Int) async throws(MartletError) -> [Delivery] {
        try await read { try DeliveryTable(db: $0).deliveries(in: state, limit: limit) }
    }
}
