import Foundation
import Glibc
import MartletCore
import MartletRuntime
import MartletSpark

/// Finds the Spark and the Java of this machine.
struct SparkFinder: Sendable {
    /// The environment to look in.
    var environment: [String: String]
    /// The interpreter whose `pyspark` may be used.
    var python: String
    /// Whether that interpreter's environment was made for the step, so that its `pyspark` is the one that is meant.
    var isForStep: Bool

    /// The Spark to use: the `pyspark` of the step's own environment, SPARK_HOME, a `spark-submit` in PATH, the
    /// interpreter's `pyspark`.
    ///
    /// - Throws: ``MartletError`` MT7050 when there is none, MT7051 when there is no Java for it.
    func find() async throws(MartletError) -> SparkInstallation {
        let found = try await installation()
        try findJava()
        return found
    }

    private func installation() async throws(MartletError) -> SparkInstallation {
        if isForStep {
            if let found = await ofInterpreter() { return found }
            throw missing("the packages that were asked for have no pyspark in them")
        }
        if let home = environment["SPARK_HOME"], !home.isEmpty {
            guard access("\(home)/bin/spark-submit", X_OK) == 0 else {
                throw missing("SPARK_HOME is \(home), and has no bin/spark-submit")
            }
            return SparkInstallation(home: home, python: python)
        }
        if let submit = inPath("spark-submit") {
            let real = URL(fileURLWithPath: submit).resolvingSymlinksInPath().path
            let home = (((real as NSString).deletingLastPathComponent) as NSString).deletingLastPathComponent
            // PySpark puts a copy of the program beside the interpreter; its home is elsewhere.
            if access("\(home)/jars", R_OK) == 0 { return SparkInstallation(home: home, python: python) }
        }
        if let found = await ofInterpreter() { return found }
        throw missing("SPARK_HOME is not set, there is no spark-submit in PATH, and \(python) has no pyspark")
    }

    private func missing(_ reason: String) -> MartletError {
        MartletError(
            .sparkNotInstalled,
            "there is no Spark on this machine",
            reason: reason,
            remedy: "add requirements: [pyspark==4.2.1] under spark: in martlet.yaml, or set SPARK_HOME"
        )
    }

    /// The `pyspark` that the interpreter would import.
    private func ofInterpreter() async -> SparkInstallation? {
        let script = """
            import importlib.util, os
            spec = importlib.util.find_spec("pyspark")
            home = os.path.dirname(spec.origin)
            version = {}
            exec(open(os.path.join(home, "version.py")).read(), version)
            print(home); print(version["__version__"])
            """
        let call = ChildCall(
            program: python,
            arguments: ["-c", script],
            environment: environment,
            directory: "/",
            outputLimit: 8_192,
            timeout: .seconds(60)
        )
        guard let answer = try? await call.run(), answer.exitCode == 0 else { return nil }
        let lines = String(decoding: answer.output, as: UTF8.self).split(separator: "\n").map(String.init)
        guard lines.count == 2, access("\(lines[0])/bin/spark-submit", X_OK) == 0 else { return nil }
        return SparkInstallation(home: lines[0], python: python, version: lines[1])
    }

    private func findJava() throws(MartletError) {
        var reason = "JAVA_HOME is not set, and there is no java in PATH"
        if let home = environment["JAVA_HOME"], !home.isEmpty {
            if access("\(home)/bin/java", X_OK) == 0 { return }
            reason = "JAVA_HOME is \(home), and has no bin/java"
        } else if inPath("java") != nil {
            return
        }
        throw MartletError(
            .javaUnusable,
            "Spark needs Java",
            reason: reason,
            remedy: "install it (`apt-get install openjdk-17-jre-headless`), or set JAVA_HOME"
        )
    }

    private func inPath(_ name: String) -> String? {
        (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }
}
