import CRdkafka
import Foundation
package import MartletCore

/// librdkafka's functions, loaded from a shared library.
///
/// `@unchecked Sendable`: it holds nothing but pointers to C functions, set once, and the library lets any thread call
/// them. What must not outlive its client, or be shared between threads, is owned by the types around it.
package struct KafkaLibrary: @unchecked Sendable {
    /// The functions.
    let api: rdk_api
    /// The path, or bare name, that it was loaded from.
    package let path: String

    /// Loads the library at `path`: a path, or a bare name that the system's loader looks up.
    init(path: String) throws(LibraryFailure) {
        var reason = [CChar](repeating: 0, count: 1024)
        // The functions are never null, so that there is no empty set of them to hand to C.
        let loaded = withUnsafeTemporaryAllocation(of: rdk_api.self, capacity: 1) { memory -> rdk_api? in
            guard let api = memory.baseAddress, crdkafka_load(path, api, &reason, reason.count) else { return nil }
            return api.pointee
        }
        guard let loaded else {
            let text = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw LibraryFailure(path: path, reason: String(decoding: text, as: UTF8.self))
        }
        api = loaded
        self.path = path
        guard loaded.version() >= KafkaVersion.oldest.number else {
            throw LibraryFailure(path: path, reason: "it is \(version), and 2.0 is the oldest that will do")
        }
    }

    /// Loads the best library that `environment` tells of; see ``KafkaLibraryLocations``.
    ///
    /// - Throws: ``MartletError`` MT6020, which tells what is wrong with each place.
    package static func load(environment: [String: String]) throws(MartletError) -> Self {
        try KafkaLibraryLocations(environment: environment).load()
    }

    /// The library's version, as in `2.0.2`.
    package var version: KafkaVersion { KafkaVersion(number: api.version()) }

    /// A text that stays the library's.
    func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
}

/// Why a library was not loaded.
struct LibraryFailure: Error, Hashable {
    var path: String
    var reason: String
}

/// A version of librdkafka: a byte each for major, minor and revision, and one that no release uses.
package struct KafkaVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number as the library gives it, as in 0x020002ff.
    package let number: Int32

    init(number: Int32) { self.number = number }

    /// A release.
    init(_ major: Int32, _ minor: Int32, _ revision: Int32 = 0) {
        number = major << 24 | minor << 16 | revision << 8 | 0xFF
    }

    /// The oldest version that has every function used.
    static let oldest = KafkaVersion(number: 0x0200_0000)

    /// Whether `left` is older.
    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    /// The version as its makers write it, as in `2.16.1`.
    package var description: String { "\(number >> 24).\(number >> 16 & 0xFF).\(number >> 8 & 0xFF)" }
}
