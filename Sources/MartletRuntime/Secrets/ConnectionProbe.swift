import Glibc
public import MartletCore

/// Opens a TCP connection to where a connection points, and closes it again.
public struct ConnectionProbe: Sendable {
    /// What answered.
    public struct Answer: Hashable, Sendable {
        /// The machine.
        public var host: String
        /// The port.
        public var port: Int
        /// How long it took.
        public var duration: Duration
    }

    /// The ports of types that have one by convention.
    private static let ports: [String: Int] = [
        "cassandra": 9042, "clickhouse": 9000, "elasticsearch": 9200, "ftp": 21, "hiveserver2": 10_000, "http": 80,
        "https": 443, "imap": 143, "kafka": 9092, "mongo": 27_017, "mssql": 1433, "mysql": 3306, "neo4j": 7687,
        "oracle": 1521, "postgres": 5432, "redis": 6379, "sftp": 22, "smtp": 25, "ssh": 22, "trino": 8080,
        "vertica": 5433,
    ]

    private let connection: Connection

    /// A probe of `connection`.
    public init(_ connection: Connection) { self.connection = connection }

    /// Opens the connection; waits ``Limits/connectionTestSeconds`` at most.
    ///
    /// - Throws: ``MartletError`` MT2044 when there is no host and port to try, MT2043 when they do not answer.
    public func run() async throws(MartletError) -> Answer {
        let (host, port) = try target()
        let clock = ContinuousClock()
        let start = clock.now
        let failure: String? = await withCheckedContinuation { continuation in
            // Asking for a name's address blocks, so it stays off the cooperative pool.
            let error = BlockingThread.start {
                continuation.resume(
                    returning: Self.connect(to: host, port, until: start + .seconds(Limits.connectionTestSeconds))
                )
            }
            if error != 0 { continuation.resume(returning: systemMessage(error)) }
        }
        if let failure {
            throw MartletError(
                .connectionUnreachable,
                "connection \(connection.id) cannot be reached at \(host):\(port)",
                reason: failure,
                remedy: "check host and port, and that the system runs and lets this machine in"
            )
        }
        return Answer(host: host, port: port, duration: clock.now - start)
    }

    private func target() throws(MartletError) -> (host: String, port: Int) {
        var host = connection.host ?? ""
        var type = connection.type
        var port = connection.port
        // A host may be a whole URL.
        if let scheme = host.firstRange(of: "://") {
            type = String(host[..<scheme.lowerBound])
            let place = host[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
            host = String(place)
            if let colon = place.lastIndex(of: ":"), let number = Int(place[place.index(after: colon)...]) {
                host = String(place[..<colon])
                port = port ?? number
            }
        }
        port = port ?? Self.ports[type]
        if let port, !host.isEmpty { return (host, port) }
        throw MartletError(
            .connectionUntestable,
            "connection \(connection.id) of type \(connection.type) cannot be tested",
            reason: host.isEmpty ? "it has no host" : "it has no port, and none is known for type \(type)",
            remedy: "give it a host and a port, or test it in a step"
        )
    }

    /// Why no address of `host` answered; nil when one did.
    private static func connect(to host: String, _ port: Int, until end: ContinuousClock.Instant) -> String? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        let error = getaddrinfo(host, String(port), &hints, &first)
        guard error == 0 else { return String(cString: gai_strerror(error)) }
        defer { freeaddrinfo(first) }
        var failure = "it has no address"
        var next = first
        while let address = next?.pointee {
            guard let reason = connect(to: address, until: end) else { return nil }
            failure = reason
            next = address.ai_next
        }
        return failure
    }

    private static func connect(to address: addrinfo, until end: ContinuousClock.Instant) -> String? {
        let type = address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard let socket = OwnedDescriptor(socket(address.ai_family, type, address.ai_protocol)) else {
            return systemMessage(errno)
        }
        if Glibc.connect(socket.raw, address.ai_addr, address.ai_addrlen) == 0 { return nil }
        if errno != EINPROGRESS { return systemMessage(errno) }
        while true {
            let left = ContinuousClock.now.duration(to: end)
            if left <= .zero { return "no answer within \(Limits.connectionTestSeconds) seconds" }
            var wait = pollfd(fd: socket.raw, events: Int16(POLLOUT), revents: 0)
            let count = poll(&wait, 1, Int32(clamping: left.microseconds / 1000 + 1))
            if count > 0 { break }
            if count < 0, errno != EINTR { return systemMessage(errno) }
        }
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(socket.raw, SOL_SOCKET, SO_ERROR, &error, &size)
        return error == 0 ? nil : systemMessage(error)
    }
}
