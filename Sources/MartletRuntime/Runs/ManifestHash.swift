import Crypto
import Foundation
public import MartletCore

/// The name of a manifest in the store.
public enum ManifestHash {
    /// The SHA-256 of the manifest's JSON, in hexadecimal.
    public static func of(_ manifest: PipelineManifest) -> String {
        SHA256.hash(data: JSONText.data(manifest)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
