import Glibc
import MartletCore

/// Finds secrets in bytes and text, in every form of ``SecretForms``, to put `***` in their place.
///
/// What is masked is each byte that belongs to an occurrence of some form; each run of such bytes becomes one `***`.
/// The search looks at three bytes at a time through a filter of 8 KiB, which almost every place of an ordinary text
/// fails; so it costs about the same for one secret and for many.
public final class SecretMask: Sendable {
    static let replacement = Array(SettingRules.mask.utf8)
    private static let filterBits = 16

    /// What is looked for; each at least three bytes long, and at most ``Limits/maskPatternBytes``.
    let patterns: [[UInt8]]
    /// The patterns that begin with the same three bytes, by these; the longest first.
    private let byPrefix: [UInt32: [Int]]
    /// A bit for each hash of three bytes that some pattern begins with.
    private let filter: [UInt64]
    /// The longest pattern.
    let longest: Int
    /// The secrets as texts, to know them among numbers.
    private let texts: Set<String>

    /// A mask for `secrets`; nil when there is nothing to mask, because all are shorter than
    /// ``Limits/maskedCharacters`` or there are none.
    public init?(_ secrets: some Sequence<String>) {
        var forms: Set<[UInt8]> = []
        var texts: Set<String> = []
        for secret in secrets {
            forms.formUnion(SecretForms.all(of: secret))
            texts.formUnion(SecretForms.pieces(of: secret))
        }
        if forms.isEmpty { return nil }
        var patterns: Set<[UInt8]> = []
        for form in forms { patterns.formUnion(Self.parts(of: form)) }
        let sorted = patterns.sorted { $0.count > $1.count }
        var byPrefix: [UInt32: [Int]] = [:]
        var filter = [UInt64](repeating: 0, count: 1 << (Self.filterBits - 6))
        for (index, pattern) in sorted.enumerated() {
            let prefix = UInt32(pattern[0]) | UInt32(pattern[1]) << 8 | UInt32(pattern[2]) << 16
            byPrefix[prefix, default: []].append(index)
            let hash = Self.hash(prefix)
            filter[hash >> 6] |= 1 &<< UInt64(hash & 63)
        }
        self.patterns = sorted
        self.byPrefix = byPrefix
        self.filter = filter
        self.texts = texts
        longest = sorted[0].count
    }

    /// `form` cut into parts of about equal length, none above the limit; a long one is found by all of its parts.
    private static func parts(of form: [UInt8]) -> [[UInt8]] {
        let count = (form.count + Limits.maskPatternBytes - 1) / Limits.maskPatternBytes
        return (0..<count).map { Array(form[(form.count * $0 / count)..<(form.count * ($0 + 1) / count)]) }
    }

    @inline(__always) private static func hash(_ prefix: UInt32) -> Int {
        Int((prefix &* 0x9E37_79B1) >> UInt32(32 - filterBits))
    }

    /// Whether `number`, written as text, is one of the secrets.
    func isSecret(number: String) -> Bool { texts.contains(number) }

    /// The first place at or after `start` where a pattern may begin, among those with three bytes before the end.
    func candidate(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        return filter.withUnsafeBufferPointer { filter in
            var position = start
            // Four bytes are read, and three of them used.
            while position + 4 <= bytes.count {
                let four = UInt32(littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt32.self))
                let hash = Self.hash(four & 0xFF_FFFF)
                if filter[hash >> 6] & (1 &<< UInt64(hash & 63)) != 0 { return position }
                position += 1
            }
            return position + 3 <= bytes.count ? position : nil
        }
    }

    /// What begins at a place.
    struct Match {
        /// The length of the longest pattern there; 0 when there is none.
        var length = 0
        /// Whether a longer one could end after the bytes that are known so far.
        var isOpen = false
    }

    /// The longest pattern that begins at `position`.
    func match(in bytes: UnsafeRawBufferPointer, at position: Int) -> Match {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
        var match = Match()
        guard rest.count >= 3 else {
            match.isOpen = patterns.contains { Self.agree($0, rest, count: rest.count) }
            return match
        }
        let prefix = UInt32(rest[0]) | UInt32(rest[1]) << 8 | UInt32(rest[2]) << 16
        for index in byPrefix[prefix] ?? [] {
            let pattern = patterns[index]
            if pattern.count > rest.count {
                match.isOpen = match.isOpen || Self.agree(pattern, rest, count: rest.count)
            } else if Self.agree(pattern, rest, count: pattern.count) {
                match.length = pattern.count
                return match
            }
        }
        return match
    }

    /// Whether the first `count` bytes are the same; both have so many.
    private static func agree(_ pattern: [UInt8], _ bytes: UnsafeRawBufferPointer, count: Int) -> Bool {
        pattern.withUnsafeBytes { pattern in
            guard let left = pattern.baseAddress, let right = bytes.baseAddress else { return count == 0 }
            return memcmp(left, right, count) == 0
        }
    }
}
