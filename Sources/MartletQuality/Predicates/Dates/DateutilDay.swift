import MartletCore

/// The numbers of a text that may be its year, month and day, in the order they stand.
struct DateutilDay {
    /// What a number is, when the text leaves no doubt.
    enum Role: Hashable {
        case year, month, day
    }

    private(set) var numbers = [Int]()
    private var places = [Role: Int]()
    /// Whether a year is written with its century.
    private(set) var saysCentury = false

    /// Takes a number as it is written in digits: more than two of them are a year.
    ///
    /// - Returns: whether there is room for it.
    mutating func add(digits: String, as role: Role? = nil) -> Bool {
        guard let value = DateutilNumber.whole(digits) else { return false }
        return add(value, as: role, isYear: digits.unicodeScalars.count > 2)
    }

    /// Takes a number: more than a hundred is a year.
    mutating func add(_ value: Int, as role: Role? = nil) -> Bool { add(value, as: role, isYear: value > 100) }

    private mutating func add(_ value: Int, as role: Role?, isYear: Bool) -> Bool {
        var role = role
        if isYear {
            saysCentury = true
            guard role == nil || role == .year else { return false }
            role = .year
        }
        numbers.append(value)
        guard let role else { return true }
        guard places[role] == nil else { return false }
        places[role] = numbers.count - 1
        return true
    }

    /// Whether a number can still be the day.
    func couldBeDay(_ value: Int) -> Bool? {
        guard places[.day] == nil else { return false }
        guard let month = places[.month].map({ numbers[$0] }) else { return (1...31).contains(value) }
        guard (1...12).contains(month) else { return nil }
        // Without a year any month may be one of a leap year.
        let year = places[.year].map { numbers[$0] } ?? 2000
        return (1...CivilDate.length(ofMonth: month, year: year)).contains(value)
    }

    /// The parts, as far as the text has them; nil when there are too many numbers, or too few to tell.
    var resolved: (year: Int?, month: Int?, day: Int?)? {
        var known = places
        if numbers.count == 3, known.count == 2 {
            let missing = [Role.year, .month, .day].first { known[$0] == nil }
            if let missing { known[missing] = (0..<3).first { !known.values.contains($0) } }
        }
        if !known.isEmpty, known.count == numbers.count {
            func part(_ role: Role) -> Int? { known[role].map { numbers[$0] } }
            return (part(.year), part(.month), part(.day))
        }
        let month = places[.month]
        switch (numbers.count, month) {
        case (0, _): return (nil, nil, nil)
        case (1, nil): return numbers[0] > 31 ? (numbers[0], nil, nil) : (nil, nil, numbers[0])
        case (1, .some): return (nil, numbers[0], nil)
        case (2, .some(let place)):
            let other = numbers[1 - place]
            return other > 31 ? (other, numbers[place], nil) : (nil, numbers[place], other)
        case (2, nil):
            if numbers[0] > 31 { return (numbers[0], numbers[1], nil) }
            return numbers[1] > 31 ? (numbers[1], numbers[0], nil) : (nil, numbers[0], numbers[1])
        case (3, .some(let place)): return ordered(monthAt: place)
        case (3, nil):
            if numbers[0] > 31 || places[.year] == 0 { return (numbers[0], numbers[1], numbers[2]) }
            return numbers[0] > 12 ? (numbers[2], numbers[1], numbers[0]) : (numbers[2], numbers[0], numbers[1])
        default: return nil
        }
    }

    /// Three numbers of which one is known to be the month.
    private func ordered(monthAt place: Int) -> (Int?, Int?, Int?) {
        switch place {
        case 0: numbers[1] > 31 ? (numbers[1], numbers[0], numbers[2]) : (numbers[2], numbers[0], numbers[1])
        case 1: numbers[0] > 31 ? (numbers[0], numbers[1], numbers[2]) : (numbers[2], numbers[1], numbers[0])
        default: numbers[1] > 31 ? (numbers[1], numbers[2], numbers[0]) : (numbers[0], numbers[2], numbers[1])
        }
    }
}
