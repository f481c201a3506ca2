import MartletCore

/// A file that a session on the server is given.
package struct SparkArtifact: Hashable, Sendable {
    /// The path under which the server keeps it, as in `jars/job.jar`.
    package let name: String
    /// The content.
    package let bytes: [UInt8]

    private init(name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// Data that plans name by its hash.
    init(cached hash: String, _ bytes: [UInt8]) { self.init(name: "cache/\(hash)", bytes) }

    /// Code for the JVM.
    ///
    /// - Throws: ``SparkError`` for a name with a folder, or that does not end in `.jar`.
    package static func jar(_ fileName: String, _ bytes: [UInt8]) throws(SparkError) -> SparkArtifact {
        SparkArtifact(name: "jars/" + (try checked(fileName, ending: [".jar"])), bytes)
    }

    /// Code for Python.
    ///
    /// - Throws: ``SparkError`` for a name with a folder, or that Python cannot import.
    package static func python(_ fileName: String, _ bytes: [UInt8]) throws(SparkError) -> SparkArtifact {
        let endings = [".py", ".zip", ".egg", ".jar"]
        return SparkArtifact(name: "pyfiles/" + (try checked(fileName, ending: endings)), bytes)
    }

    /// A file that programs on the cluster find in their folder.
    ///
    /// - Throws: ``SparkError`` for a name with a folder.
    package static func file(_ fileName: String, _ bytes: [UInt8]) throws(SparkError) -> SparkArtifact {
        SparkArtifact(name: "files/" + (try checked(fileName, ending: [""])), bytes)
    }

    /// An archive that is unpacked for programs on the cluster.
    ///
    /// - Throws: ``SparkError`` for a name with a folder, or of no archive.
    package static func archive(_ fileName: String, _ bytes: [UInt8]) throws(SparkError) -> SparkArtifact {
        let endings = [".zip", ".jar", ".tar.gz", ".tgz", ".tar"]
        return SparkArtifact(name: "archives/" + (try checked(fileName, ending: endings)), bytes)
    }

    private static func checked(_ name: String, ending: [String]) throws(SparkError) -> String {
        let isPlain = !name.isEmpty && name != "." && name != ".." && !name.contains { "/\\#\0\n".contains($0) }
        guard isPlain, ending.contains(where: { name.hasSuffix($0) }) else {
            throw SparkError(
                .user,
                MartletError(
                    .sparkArtifactRefused,
                    "\(name) cannot be the name of such a file",
                    reason: "it is a plain file name"
                        + (ending == [""] ? "" : " that ends in \(ending.joined(separator: ", "))")
                )
            )
        }
        return name
    }
}
