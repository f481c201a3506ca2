import Foundation
import MartletCore

/// The places where librdkafka may be, best first.
struct KafkaLibraryLocations: Hashable {
    /// Paths, or bare names for the system's loader.
    let candidates: [String]

    #if os(macOS)
        private static let fileName = "librdkafka.dylib"
        private static let systemNames = ["librdkafka.1.dylib", "librdkafka.dylib"]
    #else
        private static let fileName = "librdkafka.so"
        private static let systemNames = ["librdkafka.so.1", "librdkafka.so"]
    #endif

    /// The places that `environment` tells.
    init(environment: [String: String]) {
        // A library that was asked for by name is never replaced by another one in silence.
        if let path = environment["MARTLET_RDKAFKA"], !path.isEmpty {
            candidates = [path]
            return
        }
        var folders = [String]()
        if let home = environment["MARTLET_HOME"], !home.isEmpty { folders.append("\(home)/lib") }
        if let home = environment["HOME"], !home.isEmpty { folders.append("\(home)/.local/share/martlet/lib") }
        candidates = folders.map { "\($0)/\(Self.fileName)" } + Self.systemNames
    }

    /// Loads the first library that there is.
    ///
    /// - Throws: `.streamLibraryUnusable`, which tells what is wrong with each.
    func load() throws(MartletError) -> KafkaLibrary {
        var failures = [LibraryFailure]()
        for candidate in candidates {
            if candidate.contains("/"), !FileManager.default.fileExists(atPath: candidate) {
                failures.append(LibraryFailure(path: candidate, reason: "does not exist"))
                continue
            }
            do throws(LibraryFailure) {
                return try KafkaLibrary(path: candidate)
            } catch {
                failures.append(error)
            }
        }
        throw MartletError(
            .streamLibraryUnusable,
            "librdkafka, which speaks to Kafka, cannot be loaded",
            reason: failures.map { "\($0.path): \($0.reason)" }.joined(separator: "\n"),
            remedy: "run bin/setup, or set MARTLET_RDKAFKA to the path of a librdkafka of version 2.0 or newer"
        )
    }
}
