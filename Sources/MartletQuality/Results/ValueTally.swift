import MartletCore

/// Counts equal values as Python's `Counter` and `sorted` do, which is what Great Expectations writes.
struct ValueTally {
    /// In what order the values of an object count as a list.
    let columns: [String]
    /// Whether a null among numbers is not-a-number, as pandas has it: equal to nothing, not even itself.
    let hasNaN: Bool

    /// The `most` frequent of `values`, the more frequent first and then the lesser; nil when Python cannot sort them.
    func counts(of values: [JSONValue], most: Int) -> JSONValue? {
        let values = values.map(flat)
        let numeric = hasNaN ? numericPlaces(values) : []
        var order: [PythonValue] = []
        var counts: [PythonValue: Int] = [:]
        var firsts: [PythonValue: JSONValue] = [:]
        for (index, value) in values.enumerated() {
            guard let key = key(value, 0, numeric, index) else { return nil }
            if counts[key, default: 0] == 0 {
                order.append(key)
                firsts[key] = value
            }
            counts[key, default: 0] += 1
        }
        let frequent = order.enumerated()
            .sorted { (-(counts[$0.element] ?? 0), $0.offset) < (-(counts[$1.element] ?? 0), $1.offset) }
            .prefix(most).map(\.element)
        let sorted = PythonSort.sorted(frequent) { left, right in
            let (first, second) = (counts[left] ?? 0, counts[right] ?? 0)
            return first == second ? left.isLess(than: right) : first > second
        }
        guard let sorted else { return nil }
        return .array(
            sorted.map { .object(["value": firsts[$0] ?? .null, "count": .integer(counts[$0] ?? 0)]) }
        )
    }

    private func flat(_ value: JSONValue) -> JSONValue {
        guard case .object(let members) = value else { return value }
        let known = columns.filter { members[$0] != nil }
        let rest = Set(members.keys).subtracting(known).sorted()
        return .array((known + rest).map { members[$0] ?? .null })
    }

    /// The places in a list, 0 for a scalar, at which no value is anything but a number or null.
    private func numericPlaces(_ values: [JSONValue]) -> Set<Int> {
        var others: Set<Int> = []
        var most = 0
        for value in values {
            let elements: [JSONValue] = if case .array(let elements) = value { elements } else { [value] }
            most = max(most, elements.count)
            for (place, element) in elements.enumerated() where element != .null && element.doubleValue == nil {
                others.insert(place)
            }
        }
        return Set(0..<most).subtracting(others)
    }

    /// What Python has for `value`; nil for what has no hash there.
    private func key(_ value: JSONValue, _ place: Int, _ numeric: Set<Int>, _ serial: Int) -> PythonValue? {
        switch value {
        case .null: return numeric.contains(place) ? .nan(serial) : PythonValue.none
        case .bool(let flag): return .number(flag ? 1 : 0)
        case .integer(let whole): return Int(exactly: Double(whole)) == whole ? .number(Double(whole)) : .whole(whole)
        case .number(let number): return number.isNaN ? .nan(serial) : .number(number)
        case .string(let text): return .text(text)
        case .array(let elements):
            var keys: [PythonValue] = []
            for (place, element) in elements.enumerated() {
                guard let key = key(element, place, numeric, serial) else { return nil }
                keys.append(key)
            }
            return .list(keys)
        case .object: return nil
        }
    }
}

/// Values as Python compares them: `1`, `1.0` and `True` are equal, and each NaN is its own.
enum PythonValue: Hashable {
    case none
    case number(Double)
    /// A whole number that no double is equal to.
    case whole(Int)
    case nan(Int)
    case text(String)
    case list([PythonValue])

    /// Whether `self < other`; nil when Python raises.
    func isLess(than other: PythonValue) -> Bool? {
        switch (self, other) {
        case (.text(let first), .text(let second)):
            return first.unicodeScalars.lexicographicallyPrecedes(second.unicodeScalars)
        case (.list(let first), .list(let second)):
            for (left, right) in zip(first, second) where left != right { return left.isLess(than: right) }
            return first.count < second.count
        default:
            guard let first = number, let second = other.number else { return nil }
            if case .whole(let left) = self, case .whole(let right) = other { return left < right }
            return first < second
        }
    }

    private var number: Double? {
        switch self {
        case .number(let value): value
        case .whole(let value): Double(value)
        case .nan: .nan
        default: nil
        }
    }
}

/// Python's sort of a short list: where comparisons do not tell an order, as with NaN, it is this one.
enum PythonSort {
    /// `values` sorted by binary insertion after the run that they begin with; nil when a comparison fails.
    ///
    /// That is what CPython does below 64 elements; longer lists, of which none is written, are sorted the same way.
    static func sorted<Value>(_ values: [Value], _ isLess: (Value, Value) -> Bool?) -> [Value]? {
        var values = values
        guard values.count > 1 else { return values }
        guard var end = run(&values, isLess) else { return nil }
        while end < values.count {
            let pivot = values[end]
            var (low, high) = (0, end)
            while low < high {
                let middle = low + (high - low) / 2
                guard let isBefore = isLess(pivot, values[middle]) else { return nil }
                if isBefore { high = middle } else { low = middle + 1 }
            }
            values.remove(at: end)
            values.insert(pivot, at: low)
            end += 1
        }
        return values
    }

    /// Where the ascending run at the start ends; a strictly descending one is turned around first.
    private static func run<Value>(_ values: inout [Value], _ isLess: (Value, Value) -> Bool?) -> Int? {
        guard let descends = isLess(values[1], values[0]) else { return nil }
        var end = 2
        while end < values.count {
            guard let falls = isLess(values[end], values[end - 1]) else { return nil }
            if falls != descends { break }
            end += 1
        }
        if descends { values[..<end].reverse() }
        return end
    }
}
