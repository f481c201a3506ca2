/// Something that whoever runs the log server should hear of, and that no client can be told.
package struct BrokerNotice: Hashable, Sendable {
    /// What it is about.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A client sent what is no request, or one that is not served; its connection was closed.
        case badRequest
        /// There were too many connections, so that one was refused.
        case tooManyConnections
        /// A client could not prove who it is.
        case loginRefused
        /// The disk could not be written or read; clients were told so.
        case storageFailed
    }

    /// What it is about.
    package var kind: Kind
    /// What happened, in one line.
    package var text: String
    /// Notices of the same kind since the last one that was told, and that were left out.
    package var omitted = 0
}

/// Lets some notices of each kind through, and counts the others: a bad client must not fill the disk with its faults.
struct NoticeGate: Sendable {
    /// Notices of one kind that are told in one interval.
    static let burst = 5
    /// Milliseconds.
    static let interval: Int64 = 60_000

    private var counts: [BrokerNotice.Kind: (since: Int64, told: Int, omitted: Int)] = [:]

    /// The notice as it is to be told, nil when it is not.
    mutating func pass(_ kind: BrokerNotice.Kind, _ text: String, at now: Int64) -> BrokerNotice? {
        var count = counts[kind] ?? (now, 0, 0)
        // A clock that went back begins a new interval too.
        if now < count.since || now - count.since >= Self.interval { count = (now, 0, count.omitted) }
        defer { counts[kind] = count }
        guard count.told < Self.burst else {
            count.omitted += 1
            return nil
        }
        count.told += 1
        defer { count.omitted = 0 }
        return BrokerNotice(kind: kind, text: Self.plain(text), omitted: count.omitted)
    }

    /// One line without characters that do things to a terminal: some of it comes from clients.
    private static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(500).map { $0.value < 32 || $0.value == 127 ? " " : $0 }
            )
        )
    }
}

extension Broker {
    /// Tells whoever runs the server.
    func notice(_ kind: BrokerNotice.Kind, _ text: String) {
        guard let notice = notices.pass(kind, text, at: now) else { return }
        settings.notice(notice)
    }

    /// Tells whoever runs the server; from any thread.
    nonisolated func tell(_ kind: BrokerNotice.Kind, _ text: String) {
        executor.run { self.assumeIsolated { $0.notice(kind, text) } }
    }
}
