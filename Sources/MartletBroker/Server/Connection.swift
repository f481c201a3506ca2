import MartletCore
import NIOCore
import NIOPosix

/// A client's connection: makes requests of the bytes that come in, and sends answers in the order of the requests.
///
/// It stops reading while the client leaves answers unread or has asked too much at once, so that no client makes the
/// broker hold more than it has stated.
///
/// `@unchecked Sendable`: all but ``send`` and ``close`` is used on the event loop of its channel only.
final class Connection: ChannelDuplexHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Never
    typealias OutboundIn = Never
    typealias OutboundOut = IOData

    private let broker: Broker
    private let eventLoop: any EventLoop
    private var context: ChannelHandlerContext?
    private var frames = FrameAssembler()
    private var answers = ResponseQueue<[ResponsePiece]>()
    /// Answers that are ready to go out together.
    private var outgoing = ByteBuffer()
    /// Large parts of answers in memory that the client has not taken yet.
    private var buffersUnderway = 0
    /// Bytes of requests that the broker has not answered.
    private var openBytes = 0
    private var openSizes: [Int: Int] = [:]
    private var isReadWanted = false
    private var isClosing = false
    /// Whether bytes are being taken in: what is answered meanwhile goes out together at the end.
    private var isReading = false

    /// Whether the broker owes an answer.
    var isAwaited: Bool { answers.count > 0 }

    /// The address of the client, for logs.
    private(set) var peer = "?"

    init(broker: Broker, eventLoop: any EventLoop) {
        self.broker = broker
        self.eventLoop = eventLoop
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // Answers that the client does not take: above the upper mark nothing more is read from it.
        let marks = ChannelOptions.Types.WriteBufferWaterMark(
            low: Limits.unsentAnswerBytes / 2,
            high: Limits.unsentAnswerBytes
        )
        try? context.channel.syncOptions?.setOption(.writeBufferWaterMark, value: marks)
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        peer = context.remoteAddress?.description ?? "?"
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosing = true
        broker.left(self)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        isReading = true
        var requests: [IncomingRequest] = []
        let buffer = unwrapInboundIn(data)
        do {
            try buffer.withUnsafeReadableBytes { bytes throws(WireError) in
                try frames.feed(bytes) { frame in
                    if let request = receive(frame) { requests.append(request) }
                }
            }
        } catch {
            broker.tell(.badRequest, "\(peer) sent what is no request: \(error)")
            isClosing = true
        }
        if !requests.isEmpty { broker.submit(requests) }
        if isClosing { finish() }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        flush()
        readAgain()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        readAgain()
        context.fireChannelWritabilityChanged()
    }

    /// Reads the header of a request; nil when it is answered here, or ends the connection.
    private func receive(_ frame: [UInt8]) -> IncomingRequest? {
        guard !isClosing else { return nil }
        var reader = WireReader(frame)
        guard let header = try? RequestHeader.read(&reader) else {
            broker.tell(.badRequest, "\(peer) sent a request without a header")
            isClosing = true
            return nil
        }
        switch header.support {
        case .served(let api):
            let number = answers.open()
            openBytes += frame.count
            openSizes[number] = frame.count
            return IncomingRequest(connection: self, number: number, api: api, header: header, body: reader)
        case .versionFallback:
            let number = answers.open()
            let pieces = WireFrame.response(
                ApiVersionsResponse.fallback,
                version: 0,
                correlationID: header.correlationID
            )
            answers.fill(
                number,
                with: pieces.compactMap { if case .memory(let bytes) = $0 { .bytes(bytes) } else { nil } }
            )
            flush()
            return nil
        case .unsupported:
            broker.tell(
                .badRequest,
                "\(peer) asked for API \(header.apiKey) in version \(header.apiVersion), which is not served"
            )
            isClosing = true
            return nil
        }
    }

    func read(context: ChannelHandlerContext) {
        if isBusy { isReadWanted = true } else { context.read() }
    }

    private var isBusy: Bool {
        context?.channel.isWritable == false || openBytes > Limits.openRequestBytes
            || answers.count >= Limits.openRequests
    }

    private func readAgain() {
        guard isReadWanted, !isBusy else { return }
        isReadWanted = false
        context?.read()
    }

    /// Sends the answer to the request with this number, nil when it has none; from any thread.
    func send(_ number: Int, _ pieces: [ResponsePiece]?) {
        if eventLoop.inEventLoop { take(number, pieces) } else { eventLoop.execute { [self] in take(number, pieces) } }
    }

    private func take(_ number: Int, _ pieces: [ResponsePiece]?) {
        openBytes -= openSizes.removeValue(forKey: number) ?? 0
        answers.fill(number, with: pieces)
        guard !isReading else { return }
        flush()
        readAgain()
    }

    /// Ends the connection after the answers that are ready; from any thread.
    func close() {
        // Never at once: whoever calls it may be in the midst of work for this connection.
        eventLoop.execute { [self] in
            isClosing = true
            finish()
        }
    }

    /// Sends the answers that are ready: small parts in one piece of memory, large ones from their files.
    private func flush() {
        guard let context else { return }
        var hasWritten = false
        while let pieces = answers.next() {
            hasWritten = true
            for piece in pieces {
                guard add(piece, to: context) else {
                    context.close(promise: nil)
                    return
                }
            }
            if outgoing.readableBytes >= Limits.answerPieceBytes { writeOutgoing(to: context) }
        }
        guard hasWritten else { return }
        writeOutgoing(to: context)
        context.flush()
    }

    private func writeOutgoing(to context: ChannelHandlerContext) {
        guard outgoing.readableBytes > 0 else { return }
        context.write(wrapOutboundOut(.byteBuffer(outgoing)), promise: nil)
        outgoing.clear(minimumCapacity: 0)
    }

    /// False when the file cannot be read.
    private func add(_ piece: ResponsePiece, to context: ChannelHandlerContext) -> Bool {
        switch piece {
        case .bytes(let bytes): outgoing.writeBytes(bytes)
        case .file(let region) where region.count < Limits.ownAnswerBytes: return read(region, into: &outgoing)
        case .file(let region):
            writeOutgoing(to: context)
            // By way of memory that is in the processor's cache the client has it sooner; but a client that does not take
            // its answers gets no more memory.
            let isLarge = region.count > Limits.sentFileBytes || buffersUnderway >= Limits.answerBuffersUnderway
            guard isLarge, region.file.descriptor >= 0 else { return copy(region, to: context) }
            send(region, to: context)
        }
        return true
    }

    /// False when the file cannot be read.
    private func read(_ region: LogRegion, into buffer: inout ByteBuffer) -> Bool {
        let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: region.count) { room in
            (try? region.read(into: room)) ?? 0
        }
        return count == region.count
    }

    /// Sends a part of a file by way of memory; false when the file cannot be read.
    private func copy(_ region: LogRegion, to context: ChannelHandlerContext) -> Bool {
        var buffer = AnswerMemory.current.take()
        buffer.clear(minimumCapacity: region.count)
        guard read(region, into: &buffer) else { return false }
        buffersUnderway += 1
        let written = eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [self, buffer] _ in
            buffersUnderway -= 1
            if buffer.capacity <= Limits.sentFileBytes { AnswerMemory.current.give(buffer) }
        }
        context.write(wrapOutboundOut(.byteBuffer(buffer)), promise: written)
        return true
    }

    /// Has the kernel send a part of a file.
    private func send(_ region: LogRegion, to context: ChannelHandlerContext) {
        let handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: region.file.descriptor)
        let written = eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { _ in
            // The descriptor stays the log's, which holds it open until here.
            withExtendedLifetime(region) { _ = try? handle.takeDescriptorOwnership() }
        }
        let part = FileRegion(
            fileHandle: handle,
            readerIndex: region.position,
            endIndex: region.position + region.count
        )
        context.write(wrapOutboundOut(.fileRegion(part)), promise: written)
    }

    private func finish() {
        // What is ready goes out first: the last answer often says why.
        flush()
        context?.close(promise: nil)
    }
}

/// A request whose header has been read.
struct IncomingRequest: Sendable {
    let connection: Connection
    /// Which place its answer has on the connection.
    let number: Int
    let api: APIKey
    let header: RequestHeader
    /// Stands behind the header.
    let body: WireReader
}
