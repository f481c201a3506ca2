package import MartletCore

/// The values of one column of a batch, with the rows that are null.
package struct StreamColumn: Hashable, Sendable {
    /// The values by type; at a null row any value stands.
    package enum Storage: Hashable, Sendable {
        case integers([Int64])
        case doubles([Double])
        case texts(TextColumn)
        case booleans([Bool])
        /// Microseconds since 1970-01-01T00:00:00Z.
        case timestamps([Int64])
    }

    /// The values.
    package var storage: Storage
    /// Which rows have a value; nil when all have.
    package var validity: [Bool]?

    /// A column of these values; `validity` says which rows have one, nil that all have.
    package init(_ storage: Storage, validity: [Bool]? = nil) {
        self.storage = storage
        self.validity = validity
    }

    /// How many rows there are.
    package var count: Int {
        switch storage {
        case .integers(let values), .timestamps(let values): values.count
        case .doubles(let values): values.count
        case .texts(let values): values.count
        case .booleans(let values): values.count
        }
    }

    /// The type of the values.
    package var type: StreamType {
        switch storage {
        case .integers: .integer
        case .doubles: .double
        case .texts: .text
        case .booleans: .boolean
        case .timestamps: .timestamp
        }
    }

    /// Whether row `row` is null.
    @inline(__always)
    package func isNull(_ row: Int) -> Bool { validity.map { !$0[row] } ?? false }

    /// The value of row `row`.
    package subscript(_ row: Int) -> StreamValue {
        if isNull(row) { return .null }
        return switch storage {
        case .integers(let values): .integer(values[row])
        case .doubles(let values): .double(values[row])
        case .texts(let values): .text(values[row])
        case .booleans(let values): .boolean(values[row])
        case .timestamps(let values): .timestamp(values[row])
        }
    }

    /// A column of `type` with these values; a value of another type becomes null.
    package init(_ type: StreamType, _ values: some Sequence<StreamValue>) {
        var validity = [Bool]()
        switch type {
        case .integer, .timestamp:
            var numbers = [Int64]()
            for value in values {
                switch (value, type) {
                case (.integer(let number), .integer), (.timestamp(let number), .timestamp):
                    numbers.append(number)
                    validity.append(true)
                default:
                    numbers.append(0)
                    validity.append(false)
                }
            }
            storage = type == .integer ? .integers(numbers) : .timestamps(numbers)
        case .double:
            var numbers = [Double]()
            for value in values {
                if case .double(let number) = value { numbers.append(number) } else { numbers.append(0) }
                validity.append(value.type == .double)
            }
            storage = .doubles(numbers)
        case .text:
            var texts = TextColumn()
            for value in values {
                if case .text(let text) = value { texts.append(text) } else { texts.append("") }
                validity.append(value.type == .text)
            }
            storage = .texts(texts)
        case .boolean:
            var truths = [Bool]()
            for value in values {
                truths.append(value == .boolean(true))
                validity.append(value.type == .boolean)
            }
            storage = .booleans(truths)
        }
        self.validity = validity.contains(false) ? validity : nil
    }

    /// The rows in `rows`, in that order.
    package func selecting(_ rows: [Int32]) -> StreamColumn {
        let chosen: Storage
        switch storage {
        case .integers(let values): chosen = .integers(rows.map { values[Int($0)] })
        case .timestamps(let values): chosen = .timestamps(rows.map { values[Int($0)] })
        case .doubles(let values): chosen = .doubles(rows.map { values[Int($0)] })
        case .booleans(let values): chosen = .booleans(rows.map { values[Int($0)] })
        case .texts(let values):
            var texts = TextColumn()
            for row in rows { texts.append(bytes: values.bytes[values.range(Int(row))]) }
            chosen = .texts(texts)
        }
        return StreamColumn(chosen, validity: validity.map { valid in rows.map { valid[Int($0)] } })
    }
}
