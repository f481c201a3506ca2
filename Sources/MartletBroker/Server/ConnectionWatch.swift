import Foundation
import NIOCore
import NIOSSL
import Synchronization

/// Watches one connection: counts its bytes, and closes it when its client has asked nothing for long.
///
/// A client that waits for an answer is not idle, unless it does not take what was sent.
///
/// `@unchecked Sendable`: it is used on the event loop of its channel only.
final class ConnectionWatch: ChannelDuplexHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    private let connections: Connections
    private let connection: Connection
    private let limit: TimeAmount
    /// Whether what goes out is encrypted, so that it has to pass through memory.
    private let isEncrypted: Bool
    private let refused: (String) -> Void
    private var lastByte = NIODeadline.uptimeNanoseconds(0)
    private var timer: Scheduled<Void>?

    /// `refused` hears why a connection could not be encrypted.
    init(
        _ connection: Connection,
        of connections: Connections,
        idleLimit: TimeAmount,
        isEncrypted: Bool,
        refused: @escaping (String) -> Void
    ) {
        self.isEncrypted = isEncrypted
        self.refused = refused
        self.connection = connection
        self.connections = connections
        limit = idleLimit
    }

    func channelActive(context: ChannelHandlerContext) {
        lastByte = context.eventLoop.now
        wait(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastByte = context.eventLoop.now
        connections.bytesIn.wrappingAdd(unwrapInboundIn(data).readableBytes, ordering: .relaxed)
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        lastByte = context.eventLoop.now
        let out = unwrapOutboundIn(data)
        connections.bytesOut.wrappingAdd(out.readableBytes, ordering: .relaxed)
        guard isEncrypted, case .fileRegion(let region) = out else { return context.write(data, promise: promise) }
        var buffer = context.channel.allocator.buffer(capacity: region.readableBytes)
        let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: region.readableBytes) { room in
            let read = try? region.fileHandle.withUnsafeFileDescriptor { descriptor in
                pread(descriptor, room.baseAddress, region.readableBytes, off_t(region.readerIndex))
            }
            return max(0, read ?? 0)
        }
        guard count == region.readableBytes else {
            promise?.fail(ChannelError.eof)
            return context.close(promise: nil)
        }
        context.write(wrapOutboundOut(.byteBuffer(buffer)), promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isEncrypted, error is NIOSSLError || error is BoringSSLError { refused("\(error)") }
        context.fireErrorCaught(error)
    }

    private func wait(_ context: ChannelHandlerContext) {
        let held = NIOLoopBound(context, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: lastByte + limit) { [self] in look(held.value) }
    }

    private func look(_ context: ChannelHandlerContext) {
        guard timer != nil, context.channel.isActive else { return }
        if connection.isAwaited { lastByte = context.eventLoop.now }
        guard context.eventLoop.now - lastByte >= limit else { return wait(context) }
        timer = nil
        context.close(promise: nil)
    }
}
