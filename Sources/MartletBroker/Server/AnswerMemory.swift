import MartletCore
import NIOCore
import NIOPosix

/// Memory that parts of files are read into on their way to clients: used again, so that it need not be given to the
/// process anew for each answer.
///
/// `@unchecked Sendable`: each event loop has its own, and uses it on its thread only.
final class AnswerMemory: @unchecked Sendable {
    private static let ofThread = ThreadSpecificVariable<AnswerMemory>()

    private var free: [ByteBuffer] = []

    /// That of the event loop whose thread this is.
    static var current: AnswerMemory {
        if let memory = ofThread.currentValue { return memory }
        let memory = AnswerMemory()
        ofThread.currentValue = memory
        return memory
    }

    /// An empty buffer.
    func take() -> ByteBuffer { free.popLast() ?? ByteBuffer() }

    /// Keeps a buffer that was sent.
    func give(_ buffer: ByteBuffer) {
        guard free.count < Limits.keptAnswerBuffers else { return }
        free.append(buffer)
    }
}
