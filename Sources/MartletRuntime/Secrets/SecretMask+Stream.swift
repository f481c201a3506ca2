import MartletCore

extension SecretMask {
    /// Masks a stream of bytes that arrives in pieces.
    ///
    /// What could be the beginning of a secret is held back until more is known: never more than the longest pattern,
    /// and most often nothing, so that output is seen as it comes.
    struct Stream {
        private let mask: SecretMask
        /// Bytes that are not told yet: the beginning of a secret, perhaps.
        private var held: [UInt8] = []
        /// Where the last `***` ends, counted from the first byte held; nil when something was told after it.
        private var maskEnd: Int?
        /// Whether anything was masked so far.
        private(set) var hasMasked = false

        init(_ mask: SecretMask) { self.mask = mask }

        /// How many bytes are held back.
        var heldBytes: Int { held.count }

        /// Takes `bytes` and hands on what is certain by them.
        mutating func feed(_ bytes: UnsafeRawBufferPointer, _ tell: (UnsafeRawBufferPointer) -> Void) {
            if held.isEmpty {
                process(bytes, isEnd: false, tell)
            } else {
                let all = held + bytes
                all.withUnsafeBytes { process($0, isEnd: false, tell) }
            }
        }

        /// Hands on what was held back: nothing follows, so it is no secret.
        mutating func finish(_ tell: (UnsafeRawBufferPointer) -> Void) {
            let rest = held
            rest.withUnsafeBytes { process($0, isEnd: true, tell) }
            maskEnd = nil
        }

        private mutating func process(
            _ bytes: UnsafeRawBufferPointer,
            isEnd: Bool,
            _ tell: (UnsafeRawBufferPointer) -> Void
        ) {
            var told = maskEnd ?? 0
            var position = 0
            var end = bytes.count
            while let next = next(bytes, from: position, isEnd) {
                let match = mask.match(in: bytes, at: next)
                if match.isOpen && !isEnd {
                    end = next
                    break
                }
                if match.length > 0 {
                    if next > told || maskEnd == nil {
                        if next > told { tell(UnsafeRawBufferPointer(rebasing: bytes[told..<next])) }
                        SecretMask.replacement.withUnsafeBytes(tell)
                        hasMasked = true
                    }
                    told = max(told, next + match.length)
                    maskEnd = told
                }
                position = next + 1
            }
            if told < end {
                tell(UnsafeRawBufferPointer(rebasing: bytes[told..<end]))
                maskEnd = nil
            } else {
                maskEnd = maskEnd.map { $0 - end }
            }
            held = Array(bytes[end...])
        }

        /// The next place where a pattern may begin; the last two bytes are one each, while more may follow.
        private func next(_ bytes: UnsafeRawBufferPointer, from position: Int, _ isEnd: Bool) -> Int? {
            if let candidate = mask.candidate(in: bytes, from: position) { return candidate }
            let tail = max(position, bytes.count - 2)
            return isEnd || tail >= bytes.count ? nil : tail
        }
    }
}
