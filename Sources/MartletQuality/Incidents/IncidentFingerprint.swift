import Crypto
import Foundation
public import MartletCore

/// Tells whether two failures are the same trouble.
public enum IncidentFingerprint {
    /// The SHA-256 of pipeline, dataset, check and class of partitions, in hexadecimal; never of the run, which is
    /// another one each time.
    public static func of(_ observation: CheckObservation) -> String {
        var hash = SHA256()
        let parts = [
            observation.pipeline.rawValue, observation.dataset.rawValue, observation.check,
            observation.partitionClass ?? "",
        ]
        for part in parts {
            // The length first, so that no two lists run into the same bytes.
            hash.update(data: Data("\(part.utf8.count):\(part)".utf8))
        }
        return HexText.text(of: Array(hash.finalize()))
    }

    /// The id of an episode of a check.
    public static func incident(_ fingerprint: String, episode: Int) -> String {
        "i\(fingerprint.prefix(12))-\(episode)"
    }

    /// What receivers know a group by: short enough for each of them, and another in each project.
    public static func key(project: String, group: String) -> String {
        let digest = SHA256.hash(data: Data("\(project.utf8.count):\(project)\(group)".utf8))
        return "martlet-\(HexText.text(of: Array(digest)).prefix(32))"
    }
}
