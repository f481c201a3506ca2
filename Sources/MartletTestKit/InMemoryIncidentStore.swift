public import MartletCore
import Synchronization

/// A store of incidents that lives as long as the object: the fake of ``IncidentStore``.
public final class InMemoryIncidentStore: IncidentStore {
    private struct State {
        var revision = 0
        var checks: [String: CheckRecord] = [:]
        var incidents: [String: Incident] = [:]
        var events: [String: [IncidentEvent]] = [:]
        var groups: [String: IncidentGroup] = [:]
        var silences: [Int: Silence] = [:]
        var deliveries: [Delivery] = []
    }

    private let state = Mutex(State())

    /// A store with nothing in it.
    public init() {}

    /// What decisions about incidents are made from.
    public func book(for fingerprints: Set<String>, at now: Timestamp) async throws(MartletError) -> IncidentBook {
        state.withLock { state in
            let awaited = Set(state.groups.values.flatMap { $0.told.values.flatMap(\.open.keys) })
            var book = IncidentBook(
                revision: state.revision,
                checks: state.checks.filter { fingerprints.contains($0.key) },
                groups: state.groups,
                silences: state.silences.values.filter { $0.expiresAt > now }.sorted { $0.id < $1.id },
                lastSilence: state.silences.keys.max() ?? 0
            )
            for incident in state.incidents.values.sorted(by: { $0.episode < $1.episode }) {
                let isWanted =
                    incident.state.isOpen || fingerprints.contains(incident.fingerprint)
                    || awaited.contains(incident.id)
                if isWanted { book.incidents[incident.fingerprint] = incident }
            }
            return book
        }
    }

    /// Makes the change, whole or not at all.
    public func commit(_ change: IncidentChange) async throws(MartletError) {
        if change.isEmpty { return }
        let isCurrent = state.withLock { state in
            guard state.revision == change.revision else { return false }
            state.revision += 1
            for check in change.checks { state.checks[check.fingerprint] = check }
            for incident in change.incidents { state.incidents[incident.id] = incident }
            for (id, events) in change.events {
                let all = (state.events[id] ?? []) + events
                let half = Limits.incidentEvents / 2
                state.events[id] = all.count > 2 * half ? Array(all.prefix(half) + all.suffix(half)) : all
            }
            for group in change.groups { state.groups[group.key] = group }
            for key in change.closedGroups { state.groups[key] = nil }
            for silence in change.silences { state.silences[silence.id] = silence }
            Self.add(change.deliveries, to: &state)
            return true
        }
        if !isCurrent { throw MartletError(.incidentConflict, "incidents were changed by someone else") }
    }

    /// Incidents that fit `filter`, the latest failure first.
    public func incidents(_ filter: IncidentFilter) async throws(MartletError) -> [Incident] {
        state.withLock { state in
            let fitting = state.incidents.values.filter { incident in
                (filter.states?.contains(incident.state) ?? true)
                    && (filter.pipeline.map { $0 == incident.pipeline } ?? true)
                    && (filter.dataset.map { $0 == incident.dataset } ?? true)
            }
            let sorted = fitting.sorted { ($0.latest.at, $0.id) > ($1.latest.at, $1.id) }
            return Array(sorted.prefix(max(0, filter.limit)))
        }
    }

    /// The incident of that id, or nil.
    public func incident(_ id: String) async throws(MartletError) -> Incident? {
        state.withLock { $0.incidents[id] }
    }

    /// What happened to an incident, oldest first.
    public func events(of incident: String) async throws(MartletError) -> [IncidentEvent] {
        state.withLock { $0.events[incident] ?? [] }
    }

    /// All silences that end after `instant`, by number.
    public func silences(endingAfter instant: Timestamp?) async throws(MartletError) -> [Silence] {
        state.withLock { state in
            state.silences.values.filter { silence in instant.map { silence.expiresAt > $0 } ?? true }
                .sorted { $0.id < $1.id }
        }
    }

    /// Keeps deliveries that belong to no incident.
    public func enqueue(_ deliveries: [Delivery]) async throws(MartletError) {
        state.withLock { Self.add(deliveries, to: &$0) }
    }

    /// Deliveries that are pending, in the order they came.
    public func pendingDeliveries(limit: Int) async throws(MartletError) -> [Delivery] {
        state.withLock { state in
            var counts: [NotifierID: Int] = [:]
            return state.deliveries.filter { delivery in
                guard delivery.state == .pending else { return false }
                counts[delivery.notifier, default: 0] += 1
                return counts[delivery.notifier, default: 0] <= limit
            }
        }
    }

    /// Notes how an attempt ended; one that is settled already stays so.
    public func update(_ delivery: Delivery) async throws(MartletError) {
        state.withLock { state in
            guard let index = state.deliveries.firstIndex(where: { $0.key == delivery.key }),
                state.deliveries[index].state == .pending
            else { return }
            state.deliveries[index] = delivery
        }
    }

    /// Deliveries in `wanted`, the newest first.
    public func deliveries(in wanted: Delivery.State, limit: Int) async throws(MartletError) -> [Delivery] {
        state.withLock { state in
            Array(state.deliveries.reversed().filter { $0.state == wanted }.prefix(max(0, limit)))
        }
    }

    private static func add(_ deliveries: [Delivery], to state: inout State) {
        for delivery in deliveries where !state.deliveries.contains(where: { $0.key == delivery.key }) {
            let waiting = state.deliveries.count { $0.notifier == delivery.notifier && $0.state == .pending }
            if waiting < Limits.queuedDeliveries { state.deliveries.append(delivery) }
        }
    }
}
