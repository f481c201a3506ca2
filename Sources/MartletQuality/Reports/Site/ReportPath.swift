import Crypto
package import MartletCore

/// Where pages stand in a site.
///
/// Equal names give equal paths, and different names different ones.
package enum ReportPath {
    /// The page of one validation.
    package static func validation(suite: String, time: Timestamp, key: String) -> String {
        "validations/\(slug(suite))/\(time.compact)-\(digest(key)).html"
    }

    /// The page of a suite.
    package static func suite(_ name: String) -> String { "suites/\(slug(name)).html" }
    /// The page of a dataset.
    package static func dataset(_ name: String) -> String { "datasets/\(slug(name)).html" }
    /// The page of a profile.
    package static func profile(_ key: String) -> String { "profiles/\(slug(key)).html" }
    /// The page of a comparison of data.
    package static func drift(_ key: String) -> String { "drift/\(slug(key)).html" }

    /// A page of a list; the first is the oldest, so that pages that are full never change.
    package static func list(_ list: String, page: Int) -> String { "lists/\(list)-\(page).html" }

    /// `name` as a part of a path: the same when it is lower-case letters, digits, `_` and `-`; otherwise with those of
    /// its characters that are, and some of its digest.
    package static func slug(_ name: String) -> String {
        let kept = name.utf8.prefix(60).map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                byte
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 32
            default: UInt8(ascii: "-")
            }
        }
        let text = String(decoding: kept, as: UTF8.self)
        // A name that ends like a digest must not meet one that has it.
        let isPlain = text == name && !text.isEmpty && !text.contains("--")
        return isPlain ? text : "\(text)--\(digest(name))"
    }

    /// The first twelve hexadecimal digits of the SHA-256 of `text`.
    package static func digest(_ text: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let bytes = SHA256.hash(data: Array(text.utf8)).prefix(6)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
