/// Reads the fields of one cron expression and remembers what should be said about them.
struct CronReader {
    let seed: String
    private(set) var warnings: [String] = []

    init(seed: String) { self.seed = seed }

    /// The values that a list of items allows.
    mutating func values(_ text: String, of field: CronField) throws(InvalidCron) -> Set<Int> {
        var found: Set<Int> = []
        for item in try field.items(text) { found.formUnion(try values(ofItem: item, of: field)) }
        return found
    }

    /// The values of `*`, `a`, `a-b`, `H`, `R`, each with or without `/step`.
    mutating func values(ofItem item: String, of field: CronField) throws(InvalidCron) -> [Int] {
        if let hashed = try CronHash.values(ofItem: item, of: field, seed: seed) { return hashed }
        let parts = item.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { throw field.fail("\"\(item)\" has more than one /") }
        var step = 1
        if parts.count == 2 {
            guard let number = field.number(parts[1]), number > 0 else {
                throw field.fail("the step \"\(parts[1])\" is not above 0")
            }
            step = number
        }
        if parts[0] == "*" { return values(from: field.range.lowerBound, to: field.range.upperBound, by: step) }
        let bounds = parts[0].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard bounds.count <= 2 else { throw field.fail("\"\(parts[0])\" is not a range") }
        let low = try field.value(bounds[0])
        guard bounds.count == 2 else {
            if parts.count == 1 { return [low] }
            if low == field.range.upperBound, step > 1 {
                warn(field, "\(item) means \(low) alone; older readers took every \(step) from the start")
            }
            return values(from: low, to: field.range.upperBound, by: step)
        }
        // Up to the last day of any month.
        let isThroughLast = field.index == CronField.monthDay.index && bounds[1] == "L"
        let high = isThroughLast ? field.range.upperBound : try field.value(bounds[1])
        if low < high { return values(from: low, to: high, by: step) }
        if low == high {
            if bounds[0] == bounds[1] {
                warn(field, "\(item) means every \(field.name), as the newest readers have it")
            }
            return values(from: field.range.lowerBound, to: field.range.upperBound, by: step)
        }
        if bounds[1] != "7" { warn(field, "\(item) runs past the end of the field; some readers refuse that") }
        return wrapped(from: low, to: high, by: step, in: field.range)
    }

    private func values(from low: Int, to high: Int, by step: Int) -> [Int] {
        Array(stride(from: low, through: high, by: step))
    }

    /// A range such as FRI-MON, which runs through the end of the field.
    ///
    /// Where a step does not fall on the first value after the end, the newest readers count it from there.
    private func wrapped(from low: Int, to high: Int, by step: Int, in range: ClosedRange<Int>) -> [Int] {
        let head = values(from: low, to: range.upperBound, by: step)
        let left = range.upperBound - (head.last ?? low)
        let skipped = left + 1 < step ? step - left : 0
        return head + values(from: range.lowerBound + skipped, to: high, by: step)
    }

    mutating func warn(_ field: CronField, _ text: String) { warnings.append("\(field.name): \(text)") }
}
