import MartletCore

/// Distinct keys, numbered in the order they came: open addressing by a hash that the caller has, linear probing.
///
/// A key of up to 16 bytes stands in its entry, so that finding it touches a slot and an entry; longer ones share a
/// buffer. Keys are not removed: whoever drops keys drops the table, or builds a new one.
struct KeyTable {
    /// A key: its bytes as two numbers, big-endian and filled up with zeros, which so have the order of the bytes.
    struct Entry: Hashable, Sendable {
        var hash: UInt64
        /// The bytes 0 to 7.
        var first: UInt64
        /// The bytes 8 to 15; of a longer key, where it starts in the buffer.
        var second: UInt64
        var length: UInt32

        @inline(__always)
        var isLong: Bool { length > 16 }
    }

    /// The slots: 0 for an empty one, else the upper half of the hash and the number of the key plus one.
    private var slots: [UInt64]
    private var mask: Int
    private(set) var entries: [Entry] = []
    private var long: [UInt8] = []

    /// No keys.
    init() {
        slots = [UInt64](repeating: 0, count: 16)
        mask = 15
    }

    /// How many keys there are.
    var count: Int { entries.count }

    /// The hash of key `index`.
    func hash(_ index: Int) -> UInt64 { entries[index].hash }

    /// The bytes of key `index`.
    func withKey<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let entry = entries[index]
        if entry.isLong {
            return long.withUnsafeBytes { all in
                body(UnsafeRawBufferPointer(rebasing: all[Int(entry.second)..<Int(entry.second) + Int(entry.length)]))
            }
        }
        return withUnsafeBytes(of: (entry.first.bigEndian, entry.second.bigEndian)) { all in
            body(UnsafeRawBufferPointer(rebasing: all[0..<Int(entry.length)]))
        }
    }

    @inline(__always)
    private static func entry(_ key: UnsafeRawBufferPointer, _ hash: UInt64) -> Entry {
        var entry = Entry(hash: hash, first: 0, second: 0, length: UInt32(truncatingIfNeeded: key.count))
        if key.count >= 8 {
            entry.first = UInt64(bigEndian: key.loadUnaligned(as: UInt64.self))
            if key.count >= 16 {
                entry.second = UInt64(bigEndian: key.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            } else {
                entry.second = padded(key, from: 8)
            }
        } else {
            entry.first = padded(key, from: 0)
        }
        return entry
    }

    /// The less than eight bytes from `start` on.
    @inline(__always)
    private static func padded(_ key: UnsafeRawBufferPointer, from start: Int) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 56
        for index in start..<key.count {
            value |= UInt64(key[index]) << shift
            shift &-= 8
        }
        return value
    }

    /// Where the key is: its number, or the slot that is free for it.
    @inline(__always)
    private func locate(_ wanted: Entry, _ key: UnsafeRawBufferPointer) -> (index: Int?, slot: Int) {
        var slot = Int(truncatingIfNeeded: wanted.hash) & mask
        let tag = wanted.hash & 0xFFFF_FFFF_0000_0000
        while true {
            let content = slots[slot]
            if content == 0 { return (nil, slot) }
            if content & 0xFFFF_FFFF_0000_0000 == tag {
                let index = Int(content & 0xFFFF_FFFF) - 1
                if matches(entries[index], wanted, key) { return (index, slot) }
            }
            slot = (slot + 1) & mask
        }
    }

    @inline(__always)
    private func matches(_ entry: Entry, _ wanted: Entry, _ key: UnsafeRawBufferPointer) -> Bool {
        guard entry.hash == wanted.hash, entry.length == wanted.length, entry.first == wanted.first else {
            return false
        }
        if !entry.isLong { return entry.second == wanted.second }
        return long.withUnsafeBytes { $0[Int(entry.second)...].prefix(key.count).elementsEqual(key) }
    }

    /// The number of the key; nil when it is not here.
    func find(_ key: UnsafeRawBufferPointer, hash: UInt64) -> Int? { locate(Self.entry(key, hash), key).index }

    /// The number of the key, which is added when it is new.
    @inline(__always)
    mutating func insert(_ key: UnsafeRawBufferPointer, hash: UInt64) -> Int {
        let wanted = Self.entry(key, hash)
        let (found, slot) = locate(wanted, key)
        return found ?? add(wanted, key, slot)
    }

    private mutating func add(_ wanted: Entry, _ key: UnsafeRawBufferPointer, _ slot: Int) -> Int {
        var entry = wanted
        if entry.isLong {
            entry.second = UInt64(long.count)
            long.append(contentsOf: key)
        }
        let index = entries.count
        slots[slot] = (entry.hash & 0xFFFF_FFFF_0000_0000) | UInt64(index + 1)
        entries.append(entry)
        if (index + 1) * 2 > slots.count { grow(to: slots.count * 2) }
        return index
    }

    /// The number of key `index` of another table, which is added when it is new.
    mutating func insert(_ index: Int, of other: KeyTable) -> Int {
        other.withKey(index) { insert($0, hash: other.hash(index)) }
    }

    /// The number of key `index` of another table; nil when it is not here.
    func find(_ index: Int, of other: KeyTable) -> Int? {
        other.withKey(index) { find($0, hash: other.hash(index)) }
    }

    /// The number of a key that a snapshot has, which is added when it is new.
    mutating func insert(_ key: ArraySlice<UInt8>) -> Int {
        key.withUnsafeBytes { insert($0, hash: StableHash.of($0)) }
    }

    /// Makes room for so many more keys.
    mutating func reserve(_ more: Int) {
        entries.reserveCapacity(entries.count + more)
        var size = slots.count
        while (entries.count + more) * 2 > size { size *= 2 }
        if size > slots.count { grow(to: size) }
    }

    private mutating func grow(to size: Int) {
        mask = size - 1
        slots = [UInt64](repeating: 0, count: size)
        for (index, entry) in entries.enumerated() {
            var slot = Int(truncatingIfNeeded: entry.hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = (entry.hash & 0xFFFF_FFFF_0000_0000) | UInt64(index + 1)
        }
    }

    /// Whether key `left` stands before key `right` by their bytes.
    func isOrdered(_ left: Int, before right: Int) -> Bool {
        let (one, other) = (entries[left], entries[right])
        if one.first != other.first { return one.first < other.first }
        if !one.isLong, !other.isLong {
            return one.second == other.second ? one.length < other.length : one.second < other.second
        }
        return withKey(left) { first in withKey(right) { first.lexicographicallyPrecedes($0) } }
    }

    /// The numbers of the keys in the order of their bytes.
    func sorted() -> [Int32] {
        // The first 15 bytes decide almost always, and are one comparison without a look at the entry.
        var order = [(prefix: UInt128, index: Int32)]()
        order.reserveCapacity(count)
        for (index, entry) in entries.enumerated() {
            let second = entry.isLong ? 0 : entry.second
            order.append((UInt128(entry.first) << 64 | UInt128(second), Int32(truncatingIfNeeded: index)))
        }
        order.sort { left, right in
            if left.prefix >> 64 != right.prefix >> 64 { return left.prefix < right.prefix }
            return isOrdered(Int(left.index), before: Int(right.index))
        }
        return order.map(\.index)
    }

    /// The numbers of the keys by key group, for a snapshot.
    func groups() -> [[Int32]] {
        var groups = [[Int32]](repeating: [], count: 1 << 7)
        for (index, entry) in entries.enumerated() {
            groups[StableHash.group(of: entry.hash)].append(Int32(truncatingIfNeeded: index))
        }
        return groups
    }
}
