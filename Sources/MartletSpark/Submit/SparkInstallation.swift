/// A Spark that is installed on this machine.
package struct SparkInstallation: Hashable, Sendable {
    /// The folder that Spark calls its home: `bin/spark-submit` is in it.
    package var home: String
    /// The interpreter for drivers and workers.
    package var python: String
    /// The version, when it is known.
    package var version: String?

    /// The Spark in the folder `home`.
    package init(home: String, python: String, version: String? = nil) {
        self.home = home
        self.python = python
        self.version = version
    }

    /// The program that submits applications.
    package var submit: String { "\(home)/bin/spark-submit" }

    /// The environment in which its programs find it.
    ///
    /// - Parameters:
    ///   - environment: what they inherit.
    ///   - isLocal: whether everything runs on this machine; then nothing listens on other addresses than loopback.
    /// - Returns: the whole environment.
    package func environment(_ environment: [String: String], isLocal: Bool) -> [String: String] {
        var result = environment
        result["SPARK_HOME"] = home
        result["PYSPARK_PYTHON"] = python
        result["PYSPARK_DRIVER_PYTHON"] = python
        if isLocal { result["SPARK_LOCAL_IP"] = "127.0.0.1" }
        // One that stands here would decide against what is asked for.
        result["SPARK_REMOTE"] = nil
        result["MASTER"] = nil
        return result
    }
}
