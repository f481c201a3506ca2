internal import Foundation

/// Numbers as people read them.
package enum AdviceText {
    /// Thousands separated by commas.
    package static func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return (value < 0 ? "-" : "") + result
    }

    /// Bytes in binary units, as Spark means them: `1.5 GB`.
    package static func bytes(_ value: Int) -> String {
        let units = ["B", "KB", "MB", "GB", "TB", "PB"]
        var size = Double(value)
        var unit = 0
        while abs(size) >= 1024, unit < units.count - 1 {
            size /= 1024
            unit += 1
        }
        return unit == 0 ? "\(value) B" : "\(decimal(size)) \(units[unit])"
    }

    /// Milliseconds: `840 ms`, `12.3 s`, `4 m 10 s`, `2 h 05 m`.
    package static func time(_ milliseconds: Int) -> String {
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        if milliseconds < 60_000 { return "\(decimal(Double(milliseconds) / 1000)) s" }
        let seconds = milliseconds / 1000 + (milliseconds % 1000 + 500) / 1000
        if seconds < 3600 { return "\(seconds / 60) m \(two(seconds % 60)) s" }
        return "\(seconds / 3600) h \(two(seconds % 3600 / 60)) m"
    }

    /// A share from 0 to 1 in per cent.
    package static func share(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "-" }
        let percent = value * 100
        return abs(percent) < 10 && percent != 0 ? "\(decimal(percent)) %" : "\(Int(percent.rounded())) %"
    }

    /// One digit after the point below 100, none above.
    package static func decimal(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "-" }
        if abs(value) >= 100 { return count(Int(value.rounded())) }
        let tenths = Int((value * 10).rounded())
        if tenths == 0, value != 0 {
            // Small numbers, such as core-hours, with three digits.
            let thousandths = Int((value * 1000).rounded())
            let digits = String(abs(thousandths))
            let zeros = String(repeating: "0", count: max(0, 3 - digits.count))
            return thousandths == 0 ? "0" : "\(thousandths < 0 ? "-" : "")0.\(zeros)\(digits)"
        }
        return tenths % 10 == 0
            ? String(tenths / 10) : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    /// A size as settings take it: whole GiB or MiB.
    package static func setting(bytes value: Int) -> String {
        let mebibytes = max(1, (value + (1 << 20) - 1) >> 20)
        return mebibytes % 1024 == 0 ? "\(mebibytes >> 10)g" : "\(mebibytes)m"
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }

    /// `1 task`, `2 tasks`.
    package static func plural(_ value: Int, _ noun: String) -> String {
        "\(count(value)) \(noun)\(value == 1 ? "" : "s")"
    }
}
