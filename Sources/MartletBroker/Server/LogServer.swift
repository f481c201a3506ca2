import Foundation
package import MartletCore
import NIOCore
import NIOPosix
import NIOSSL

/// A log server on a socket.
package final class LogServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    private let connections: Connections
    let broker: Broker

    /// The port that it listens on.
    package var port: Int { channel.localAddress?.port ?? 0 }

    private init(
        group: MultiThreadedEventLoopGroup,
        channel: any Channel,
        connections: Connections,
        broker: Broker
    ) {
        self.group = group
        self.channel = channel
        self.connections = connections
        self.broker = broker
    }

    /// Recovers the logs, then listens.
    ///
    /// - Parameters:
    ///   - settings: how it is run.
    ///   - host: the address to listen on.
    ///   - port: the port; 0 for any that is free.
    ///   - threads: how many threads read from and write to sockets.
    /// - Returns: the server, which listens.
    /// - Throws: ``MartletError`` when the logs cannot be read or another server has them, MT6014 when the address cannot be
    ///   listened on.
    package static func start(
        _ settings: BrokerSettings,
        host: String = "127.0.0.1",
        port: Int = 9092,
        threads: Int = 1
    ) async throws(MartletError) -> LogServer {
        try await start(
            settings,
            host: host,
            port: port,
            threads: threads,
            files: SystemLogFiles(),
            journal: DiskJournalFile(path: "\(settings.folder)/coordinators.journal")
        )
    }

    /// Starts it over files that may be a test's.
    static func start(
        _ settings: BrokerSettings,
        host: String,
        port: Int,
        threads: Int,
        files: any LogFiles,
        journal: any JournalFile
    ) async throws(MartletError) -> LogServer {
        let capacity = BrokerCapacity(descriptors: BrokerCapacity.descriptors, settings)
        var settings = settings
        settings.partitionLimit = capacity.partitions
        try ServerSecurity.check(settings, host: host)
        let tls = try settings.tls?.context()
        settings.mechanisms = ServerSecurity.mechanisms(host: host, isEncrypted: tls != nil)
        let connections = Connections(limit: capacity.connections)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let broker = Broker(
            settings: settings,
            files: files,
            journal: journal,
            connections: connections,
            timers: group.next()
        )
        do {
            try await broker.load()
            let channel = try await bind(group, broker, connections, settings, tls, host: host, port: port)
            await broker.listens(at: Int32(channel.localAddress?.port ?? port))
            broker.startUpkeep()
            return LogServer(group: group, channel: channel, connections: connections, broker: broker)
        } catch {
            try? await broker.close()
            try? await group.shutdownGracefully()
            if let error = error as? LogError {
                throw error.cause ?? StorageFault.damaged(settings.folder, error.reason)
            }
            throw unusable(host, port, error)
        }
    }

    private static func bind(
        _ group: MultiThreadedEventLoopGroup,
        _ broker: Broker,
        _ connections: Connections,
        _ settings: BrokerSettings,
        _ tls: NIOSSLContext?,
        host: String,
        port: Int
    ) async throws -> any Channel {
        let idle = TimeAmount.milliseconds(settings.idleMilliseconds)
        return try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 65_536, maximum: 1 << 20)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard connections.admit(channel) else {
                        broker.tell(
                            .tooManyConnections,
                            "a connection was refused: \(connections.limit) are open, and no more are allowed"
                        )
                        throw ChannelError.ioOnClosedChannel
                    }
                    let connection = Connection(broker: broker, eventLoop: channel.eventLoop)
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    let peer = channel.remoteAddress?.description ?? "a client"
                    try pipeline.addHandler(
                        ConnectionWatch(connection, of: connections, idleLimit: idle, isEncrypted: tls != nil) {
                            broker.tell(.loginRefused, "\(peer) could not agree on encryption: \($0)")
                        }
                    )
                    try pipeline.addHandler(connection)
                }
            }
            .bind(host: host, port: port).get()
    }

    private static func unusable(_ host: String, _ port: Int, _ error: any Error) -> MartletError {
        let number = (error as? IOError)?.errnoCode
        return MartletError(
            .streamAddressUnusable,
            "the log server cannot listen on \(host):\(port)",
            reason: number == EADDRINUSE ? "another process listens there" : "\(error)",
            remedy: number == EADDRINUSE
                ? "stop that process, or choose another port with --listen" : "choose another address with --listen"
        )
    }

    /// Lets nobody in any more, answers what is waiting for the disk, closes the logs so that the next start need not
    /// recover them, and ends all connections.
    ///
    /// - Throws: ``MartletError`` when the logs cannot be closed: the next start recovers them.
    package func stop() async throws(MartletError) {
        try? await channel.close()
        let open = connections.end()
        var failure: LogError?
        do throws(LogError) { try await broker.close() } catch { failure = error }
        await withCheckedContinuation { ended in
            broker.background.notify(queue: .global()) { ended.resume() }
        }
        for channel in open { try? await channel.close() }
        try? await group.shutdownGracefully()
        if let failure { throw failure.cause ?? StorageFault.damaged("a log", failure.reason) }
    }
}
