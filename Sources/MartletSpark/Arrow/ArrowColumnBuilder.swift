import MartletCore

/// Collects the values of a column that is to be written.
struct ArrowColumnBuilder {
    private let field: ArrowField
    private var count = 0
    private var nullCount = 0
    private var validity: [UInt8] = []
    /// Values of one width, bits, or the bytes of texts.
    private var data: [UInt8] = []
    /// Where each row ends; 32 or 64 bits each.
    private var offsets: [UInt8] = []
    private var end = 0
    private var children: [ArrowColumnBuilder]

    init(_ field: ArrowField) {
        self.field = field
        children = field.type.parts.map { ArrowColumnBuilder($0) }
        appendOffset()
    }

    private var isLarge: Bool {
        switch field.type {
        case .utf8(true), .binary(true), .list(_, true): true
        default: false
        }
    }

    private mutating func appendOffset() {
        switch field.type {
        case .utf8, .binary, .list, .map: break
        default: return
        }
        if isLarge {
            withUnsafeBytes(of: Int64(end).littleEndian) { offsets += $0 }
        } else {
            withUnsafeBytes(of: Int32(truncatingIfNeeded: end).littleEndian) { offsets += $0 }
        }
    }

    private static func set(_ bit: Bool, at index: Int, in bytes: inout [UInt8]) {
        if index % 8 == 0 { bytes.append(0) }
        if bit { bytes[index / 8] |= 1 << UInt8(index % 8) }
    }

    /// Adds a value.
    ///
    /// - Throws: `.arrowValueInvalid` when it does not fit.
    mutating func append(_ value: ArrowValue) throws(MartletError) {
        let isNull = value == .null
        guard !isNull || field.isNullable else {
            throw ArrowFailure.invalid("column \(field.name), row \(count): it may not be null")
        }
        switch field.type {
        case .null:
            guard isNull else { throw misfit(value) }
        case .boolean:
            if case .boolean(let bit) = value {
                Self.set(bit, at: count, in: &data)
            } else if isNull {
                Self.set(false, at: count, in: &data)
            } else {
                throw misfit(value)
            }
        case .utf8:
            if case .text(let text) = value { data += text.utf8 } else if !isNull { throw misfit(value) }
            end = data.count
        case .binary:
            if case .binary(let bytes) = value { data += bytes } else if !isNull { throw misfit(value) }
            end = data.count
        case .list:
            if case .list(let values) = value {
                for value in values { try children[0].append(value) }
                end += values.count
            } else if !isNull {
                throw misfit(value)
            }
        case .map: try appendMap(value)
        case .structure: try appendStructure(value)
        default: try appendFixed(value)
        }
        guard isLarge || end <= Int(Int32.max) else {
            throw ArrowFailure.invalid("column \(field.name), row \(count): a batch holds 2 GiB of it at most")
        }
        appendOffset()
        Self.set(!isNull, at: count, in: &validity)
        if isNull { nullCount += 1 }
        count += 1
    }

    private func misfit(_ value: ArrowValue) -> MartletError {
        let text = String(ArrowFormatter().text(value).prefix(Limits.arrowTableCellCharacters))
        return ArrowFailure.invalid("column \(field.name), row \(count): \(text) does not fit \(field.type.sparkName)")
    }

    private mutating func appendMap(_ value: ArrowValue) throws(MartletError) {
        if value == .null { return }
        guard case .map(let entries) = value else { throw misfit(value) }
        for entry in entries {
            try children[0].append(.structure([.init("key", entry.key), .init("value", entry.value)]))
        }
        end += entries.count
    }

    /// Members go by their order, as in SQL.
    private mutating func appendStructure(_ value: ArrowValue) throws(MartletError) {
        if value == .null {
            for index in children.indices { children[index].appendPlaceholder() }
            return
        }
        guard case .structure(let members) = value, members.count == children.count else { throw misfit(value) }
        for index in children.indices { try children[index].append(members[index].value) }
    }

    /// A row below a null structure, which nobody reads; also where no null may be.
    private mutating func appendPlaceholder() {
        switch field.type {
        case .boolean: Self.set(false, at: count, in: &data)
        case .structure: for index in children.indices { children[index].appendPlaceholder() }
        default: data += [UInt8](repeating: 0, count: field.type.width ?? 0)
        }
        appendOffset()
        Self.set(!field.isNullable, at: count, in: &validity)
        if field.isNullable { nullCount += 1 }
        count += 1
    }

    private mutating func appendFixed(_ value: ArrowValue) throws(MartletError) {
        guard value != .null else {
            data += [UInt8](repeating: 0, count: field.type.width ?? 0)
            return
        }
        guard let bytes = field.type.bytes(of: value) else { throw misfit(value) }
        data += bytes
    }

    /// Adds the column and its parts to a batch.
    func write(to parts: inout ArrowBatchParts) {
        parts.nodes += [Int64(count), Int64(nullCount)]
        if field.type == .null { return }
        parts.add(nullCount == 0 ? [] : validity)
        switch field.type {
        case .utf8, .binary:
            parts.add(offsets)
            parts.add(data)
        case .list, .map: parts.add(offsets)
        case .structure: break
        default: parts.add(data)
        }
        for child in children { child.write(to: &parts) }
    }
}

extension ArrowType {
    /// A value of one width as it is stored; nil when it does not fit.
    fileprivate func bytes(of value: ArrowValue) -> [UInt8]? {
        func stored(_ number: (some FixedWidthInteger)?) -> [UInt8]? {
            number.map { withUnsafeBytes(of: $0.littleEndian) { [UInt8]($0) } }
        }
        switch (self, value) {
        case (.integer(let bits, let isSigned), .integer(let number)): return Self.stored(number, bits, isSigned)
        case (.integer(64, false), .unsigned(let number)): return stored(number)
        case (.float, .float(let number)): return stored(number.bitPattern)
        case (.float, .double(let number)):
            let float = Float(number)
            return Double(float) == number || number.isNaN ? stored(float.bitPattern) : nil
        case (.double, .double(let number)): return stored(number.bitPattern)
        case (.double, .float(let number)): return stored(Double(number).bitPattern)
        case (.double, .integer(let number)): return stored(Double(exactly: number)?.bitPattern)
        case (.decimal(let precision, let scale), .decimal(let number, let given)):
            return stored(Self.rescaled(number, from: given, to: scale, precision: precision))
        case (.decimal(let precision, let scale), .integer(let number)):
            return stored(Self.rescaled(Int128(number), from: 0, to: scale, precision: precision))
        case (.date, .date(let days)): return stored(Int32(exactly: days))
        case (.dateMilliseconds, .date(let days)): return stored(Self.product(days, 86_400_000))
        case (.time(let unit), .time(let time, let given)):
            let time = Self.converted(time, from: given, to: unit)
            return width == 4 ? stored(time.flatMap { Int32(exactly: $0) }) : stored(time)
        // A time of a zone is an instant, one of no zone is none.
        case (.timestamp(let unit, let zone), .timestamp(let time, let given, let givenZone)):
            return (zone == nil) == (givenZone == nil) ? stored(Self.converted(time, from: given, to: unit)) : nil
        case (.duration(let unit), .duration(let time, let given)):
            return stored(Self.converted(time, from: given, to: unit))
        case (.interval(.yearMonth), .months(let months)): return stored(months)
        case (.interval(.monthDayNano), .interval(let months, let days, let nanoseconds)):
            return [stored(months), stored(days), stored(nanoseconds)].compactMap(\.self).flatMap(\.self)
        default: return nil
        }
    }

    private static func stored(_ number: Int64, _ bits: Int, _ isSigned: Bool) -> [UInt8]? {
        let fits =
            switch (bits, isSigned) {
            case (8, true): Int8(exactly: number) != nil
            case (16, true): Int16(exactly: number) != nil
            case (32, true): Int32(exactly: number) != nil
            case (8, false): UInt8(exactly: number) != nil
            case (16, false): UInt16(exactly: number) != nil
            case (32, false): UInt32(exactly: number) != nil
            default: isSigned || number >= 0
            }
        return fits ? withUnsafeBytes(of: number.littleEndian) { [UInt8]($0.prefix(bits / 8)) } : nil
    }

    /// The same decimal at another scale; nil when digits would be lost or are too many.
    private static func rescaled(_ number: Int128, from given: Int, to scale: Int, precision: Int) -> Int128? {
        var number = number
        for _ in given..<max(given, scale) {
            let (product, overflows) = number.multipliedReportingOverflow(by: 10)
            guard !overflows else { return nil }
            number = product
        }
        for _ in scale..<max(scale, given) {
            guard number % 10 == 0 else { return nil }
            number /= 10
        }
        let limit = (0..<min(precision, 38)).reduce(Int128(1)) { power, _ in power * 10 }
        return number.magnitude < limit.magnitude ? number : nil
    }

    private static func converted(_ time: Int64, from given: ArrowTimeUnit, to unit: ArrowTimeUnit) -> Int64? {
        if unit.perSecond >= given.perSecond { return product(time, unit.perSecond / given.perSecond) }
        let divisor = given.perSecond / unit.perSecond
        return time % divisor == 0 ? time / divisor : nil
    }

    private static func product(_ number: Int64, _ factor: Int64) -> Int64? {
        let (product, overflows) = number.multipliedReportingOverflow(by: factor)
        return overflows ? nil : product
    }
}
