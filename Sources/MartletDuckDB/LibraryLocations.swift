import Foundation
import MartletCore

/// The places where DuckDB's library may be, best first.
struct LibraryLocations: Hashable {
    /// Paths, or a bare name for the system's loader.
    let candidates: [String]

    #if os(macOS)
        private static let fileName = "libduckdb.dylib"
    #else
        private static let fileName = "libduckdb.so"
    #endif

    /// The places that `environment` tells.
    init(environment: [String: String]) {
        // A library that was asked for by name is never replaced by another one in silence.
        if let path = environment["MARTLET_DUCKDB"], !path.isEmpty {
            candidates = [path]
            return
        }
        var folders = [String]()
        if let home = environment["MARTLET_HOME"], !home.isEmpty { folders.append("\(home)/lib") }
        if let home = environment["HOME"], !home.isEmpty { folders.append("\(home)/.local/share/martlet/lib") }
        candidates = folders.map { "\($0)/\(Self.fileName)" } + [Self.fileName]
    }

    /// Loads the first library that there is.
    ///
    /// - Throws: `.sqlEngineUnusable`, which tells what is wrong with each.
    func load() throws(MartletError) -> DuckDBLibrary {
        var failures = [LibraryFailure]()
        for candidate in candidates {
            if candidate.contains("/"), !FileManager.default.fileExists(atPath: candidate) {
                failures.append(LibraryFailure(path: candidate, reason: "does not exist"))
                continue
            }
            do throws(LibraryFailure) {
                return try DuckDBLibrary(path: candidate)
            } catch {
                failures.append(error)
            }
        }
        throw MartletError(
            .sqlEngineUnusable,
            "DuckDB, which runs SQL steps, cannot be loaded",
            reason: failures.map { "\($0.path): \($0.reason)" }.joined(separator: "\n"),
            remedy: "run bin/setup, or set MARTLET_DUCKDB to the path of a libduckdb of version 1.4 or newer"
        )
    }
}
