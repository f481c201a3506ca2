import MartletCore

/// Numbers, which may be nearly anything.
extension DateutilReading {
    /// Reads the number at the index; whether it makes sense there.
    mutating func read(_ number: DateutilNumber) -> Bool {
        let next = token(1)
        if days.numbers.count == 3, number.count == 2 || number.count == 4, hour == nil,
            next.map({ $0 != ":" && DateutilWords.unit($0) == nil }) ?? true
        {
            // The time after a date without signs: 19990101T23[59]
            hour = number.part(0, 2)
            if number.count == 4 { minute = number.part(2) }
            return hour != nil && (number.count == 2 || minute != nil)
        }
        if number.count == 6
            || (number.count > 6 && number.text.dropFirst(6).first == "."
                && !number.text.prefix(6).contains("."))
        {
            return readSix(number)
        }
        if [8, 12, 14].contains(number.count) { return readCompact(number) }
        if let unit = unitIndex { return read(number, unitAt: unit) }
        if next == ":", let minutes = token(2) { return readClock(number, minutes) }
        if let next, ["-", "/", "."].contains(next) { return readDate(number, sign: next) }
        if next.map(DateutilWords.isJump) ?? true { return readAlone(number) }
        if let next, let half = DateutilWords.half(next), number.whole < 24 {
            hour = Self.adjusted(number.whole, half)
            index += 1
            return true
        }
        guard days.couldBeDay(number.whole) ?? false,
            !number.hasFraction || days.couldBeDay(number.whole + 1) ?? false
        else { return false }
        return days.add(number.whole)
    }

    /// `YYMMDD`, or `HHMMSS[.ss]` after a date.
    private mutating func readSix(_ number: DateutilNumber) -> Bool {
        if days.numbers.isEmpty, !number.text.contains(".") {
            let text = number.text
            return days.add(digits: String(text.prefix(2))) && days.add(digits: String(text.dropFirst(2).prefix(2)))
                && days.add(digits: String(text.dropFirst(4)))
        }
        hour = number.part(0, 2)
        minute = number.part(2, 4)
        return hour != nil && minute != nil && readSeconds(String(number.text.dropFirst(4)))
    }

    /// A date and perhaps a time without signs: `YYYYMMDD[hhmm[ss]]`.
    private mutating func readCompact(_ number: DateutilNumber) -> Bool {
        let text = number.text
        guard days.add(digits: String(text.prefix(4)), as: .year),
            days.add(digits: String(text.dropFirst(4).prefix(2))),
            days.add(digits: String(text.dropFirst(6).prefix(2)))
        else { return false }
        guard number.count > 8 else { return true }
        hour = number.part(8, 10)
        minute = number.part(10, 12)
        if number.count > 12 {
            second = number.part(12)
            if second == nil { return false }
        }
        return hour != nil && minute != nil
    }

    /// Where the unit of the number at the index stands: `12h`, `12 h`, or `30` in `12h30`.
    private var unitIndex: Int? {
        func isUnit(_ place: Int) -> Bool { tokens.indices.contains(place) && DateutilWords.unit(tokens[place]) != nil }
        if isUnit(index + 1) { return index + 1 }
        if token(1) == " ", isUnit(index + 2) { return index + 2 }
        if isUnit(index - 1) { return index - 1 }
        if index > 1, index == tokens.count - 1, token(-1) == " ", isUnit(index - 2) { return index - 2 }
        return nil
    }

    private mutating func read(_ number: DateutilNumber, unitAt place: Int) -> Bool {
        guard var unit = DateutilWords.unit(tokens[place]) else { return false }
        // A number behind a unit is of the next smaller one.
        if place < index { unit += 1 } else { index = place }
        switch unit {
        case 0:
            hour = number.whole
            // A part of an hour is never sixty minutes.
            if number.hasFraction { minute = 0 }
        case 1: readMinutes(number)
        case 2: return readSeconds(number.text)
        default: break
        }
        return true
    }

    /// Minutes, a part of which is never sixty seconds.
    private mutating func readMinutes(_ number: DateutilNumber) {
        minute = number.whole
        second = number.hasFraction ? 0 : nil
    }

    private mutating func readSeconds(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let whole = DateutilNumber.whole(parts[0]),
            parts.count == 1 || parts[1].isEmpty || DateutilNumber.whole(parts[1]) != nil
        else { return false }
        second = whole
        return true
    }

    /// A time with colons: `HH:MM[:SS[.ss]]`.
    private mutating func readClock(_ number: DateutilNumber, _ minutes: String) -> Bool {
        guard let minutes = DateutilNumber(minutes) else { return false }
        hour = number.whole
        readMinutes(minutes)
        if token(3) == ":", let seconds = token(4) {
            guard readSeconds(seconds) else { return false }
            index += 2
        }
        index += 2
        return true
    }

    /// `01-01[-01]`, `01-Jan[-01]`, with any of the three signs.
    private mutating func readDate(_ number: DateutilNumber, sign: String) -> Bool {
        guard days.add(digits: number.text) else { return false }
        if let next = token(2), !DateutilWords.isJump(next) {
            if next.unicodeScalars.allSatisfy(\.isPythonDigit) {
                guard days.add(digits: next) else { return false }
            } else {
                guard let month = DateutilWords.month(next), days.add(month, as: .month) else { return false }
            }
            if token(3) == sign {
                guard let last = token(4) else { return false }
                let isAdded =
                    if let month = DateutilWords.month(last) { days.add(month, as: .month) } else {
                        days.add(digits: last)
                    }
                guard isAdded else { return false }
                index += 2
            }
            index += 1
        }
        index += 1
        return true
    }

    /// A number with nothing but a separator behind it: a part of a date, or an hour in `12 am`.
    private mutating func readAlone(_ number: DateutilNumber) -> Bool {
        if let half = token(2).flatMap(DateutilWords.half) {
            hour = Self.adjusted(number.whole, half)
            index += 2
            return true
        }
        index += 1
        return days.add(number.whole)
    }
}
