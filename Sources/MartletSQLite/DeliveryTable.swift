import GRDB
import MartletCore

/// Notifications on their way to receivers.
struct DeliveryTable {
    let db: Database

    private static let columns = "notifier, alert, state, attempts, due_us, settled_us, error"

    /// Adds what is not known; of one receiver no more than may wait.
    func add(_ deliveries: [Delivery]) throws {
        for delivery in deliveries {
            let waiting = "SELECT count(*) FROM deliveries WHERE notifier = ? AND state = 'pending'"
            let count = try db.all(waiting, [delivery.notifier.rawValue]) { $0[0] as Int }.first ?? 0
            if count >= Limits.queuedDeliveries { continue }
            try db.run(
                """
                INSERT INTO deliveries (alert_id, \(Self.columns)) VALUES (\(placeholders(8)))
                ON CONFLICT (notifier, alert_id) DO NOTHING
                """,
                [
                    delivery.alert.id, delivery.notifier.rawValue, JSONText.encode(delivery.alert),
                    delivery.state.rawValue, delivery.attempts, delivery.dueAt.microseconds,
                    delivery.settledAt?.microseconds, delivery.error.map { JSONText.encode($0) },
                ]
            )
        }
    }

    func pending(limit: Int) throws -> [Delivery] {
        let notifiers = try db.all("SELECT DISTINCT notifier FROM deliveries WHERE state = 'pending'", []) { row in
            row[0] as String
        }
        let sql = """
            SELECT position, \(Self.columns) FROM deliveries
            WHERE notifier = ? AND state = 'pending' ORDER BY position LIMIT ?
            """
        let found = try notifiers.flatMap { notifier in
            try db.all(sql, [notifier, max(0, limit)]) { (position: $0[0] as Int, delivery: try delivery($0, from: 1)) }
        }
        return found.sorted { $0.position < $1.position }.map(\.delivery)
    }

    func update(_ delivery: Delivery) throws {
        try db.run(
            """
            UPDATE deliveries SET state = ?, attempts = ?, due_us = ?, settled_us = ?, error = ?
            WHERE notifier = ? AND alert_id = ? AND state = 'pending'
            """,
            [
                delivery.state.rawValue, delivery.attempts, delivery.dueAt.microseconds,
                delivery.settledAt?.microseconds, delivery.error.map { JSONText.encode($0) },
                delivery.notifier.rawValue, delivery.alert.id,
            ]
        )
        guard delivery.state != .pending else { return }
        // Of what is settled, the newest is kept.
        let sql = """
            DELETE FROM deliveries WHERE state = ?1 AND position <= (
                SELECT position FROM deliveries WHERE state = ?1 ORDER BY position DESC LIMIT 1 OFFSET ?2
            )
            """
        try db.run(sql, [delivery.state.rawValue, Limits.settledDeliveries])
    }

    func deliveries(in state: Delivery.State, limit: Int) throws -> [Delivery] {
        try db.all(
            "SELECT \(Self.columns) FROM deliveries WHERE state = ? ORDER BY position DESC LIMIT ?",
            [state.rawValue, max(0, limit)]
        ) { try delivery($0, from: 0) }
    }

    private func delivery(_ row: Row, from first: Int) throws -> Delivery {
        let notifier: String = row[first]
        let error: String? = row[first + 6]
        var delivery = Delivery(
            to: NotifierID(trusted: notifier),
            try JSONText.decode(Alert.self, from: row[first + 1] as String),
            dueAt: Timestamp(microseconds: row[first + 4])
        )
        delivery.state = try known(row[first + 2])
        delivery.attempts = row[first + 3]
        delivery.settledAt = instant(row[first + 5])
        delivery.error = try error.map { try JSONText.decode(MartletError.self, from: $0) }
        return delivery
    }
}
