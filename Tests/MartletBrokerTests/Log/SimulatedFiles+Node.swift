import Synchronization

extension SimulatedFiles {
    /// The content of a file.
    final class Node: Sendable {
        enum Change {
            case write(Int, [UInt8])
            case truncate(Int)
        }

        struct Content {
            var bytes: [UInt8] = []
            var lasting: [UInt8] = []
            var pending: [Change] = []
        }

        let content = Mutex(Content())

        static func apply(_ change: Change, to bytes: inout [UInt8]) {
            switch change {
            case .truncate(let size):
                if size < bytes.count {
                    bytes.removeLast(bytes.count - size)
                } else {
                    bytes += [UInt8](repeating: 0, count: size - bytes.count)
                }
            case .write(let position, let new):
                if position > bytes.count { bytes += [UInt8](repeating: 0, count: position - bytes.count) }
                let end = min(bytes.count, position + new.count)
                bytes.replaceSubrange(position..<end, with: new)
            }
        }
    }
}
