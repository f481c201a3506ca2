package import MartletCore

/// Reads instants in the ways that validation results write them.
package enum ReportTime {
    /// The instant of `2026-01-02T03:04:05.678+00:00`, with any offset or none, which is taken for UTC; or of
    /// `20260102T030405.678901Z`; of `2026-01-02 03:04`, or of `2026-01-02`.
    package static func parse(_ text: String) -> Timestamp? {
        var bytes = Array(text.utf8)
        if bytes.count == 10 { bytes += "T00:00".utf8 }
        if bytes.count == 16, bytes[13] == UInt8(ascii: ":") { bytes += ":00".utf8 }
        guard bytes.count >= 15, bytes.count < 40 else { return nil }
        if bytes[8] == UInt8(ascii: "T") { bytes = separated(bytes) }
        guard bytes.count >= 19 else { return nil }
        if bytes[10] == UInt8(ascii: " ") { bytes[10] = UInt8(ascii: "T") }
        var offset: Int64 = 0
        if bytes.last == UInt8(ascii: "Z") {
            bytes.removeLast()
        } else if let sign = bytes[19...].lastIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) {
            let zone = String(decoding: bytes[(sign + 1)...].filter { $0 != UInt8(ascii: ":") }, as: UTF8.self)
            guard zone.utf8.count == 4, let digits = Int64(zone), digits % 100 < 60, digits < 2400 else { return nil }
            offset = (digits / 100 * 60 + digits % 100) * (bytes[sign] == UInt8(ascii: "+") ? 1 : -1)
            bytes.removeSubrange(sign...)
        }
        if bytes.count > 26 { bytes.removeSubrange(26...) }
        if bytes.count == 20 { bytes.removeLast() }
        guard let local = Timestamp(rfc3339: String(decoding: bytes + [UInt8(ascii: "Z")], as: UTF8.self)) else {
            return nil
        }
        return Timestamp(microseconds: local.microseconds - offset * 60_000_000)
    }

    /// `20260102T030405…` with the hyphens and colons of the long form.
    private static func separated(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 6 { result.append(UInt8(ascii: "-")) }
            if index == 11 || index == 13 { result.append(UInt8(ascii: ":")) }
            result.append(byte)
        }
        return result
    }
}
