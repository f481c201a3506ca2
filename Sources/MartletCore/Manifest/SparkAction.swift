/// Runs SQL, a PySpark script or a jar on Spark.
public struct SparkAction: Hashable, Codable, Sendable {
    /// What runs; exactly one of `text`, `script` and `jar` is set, or `file` until its text is read.
    ///
    /// A file with SQL, relative to the project root.
    public var file: String?
    /// SQL: statements separated by semicolons; a template.
    public var text: String?
    /// A PySpark script, relative to the project root.
    public var script: String?
    /// A jar with the application, relative to the project root, or any URL that spark-submit takes.
    public var jar: String?
    /// The class of the jar with the `main` method; nil for what the jar's manifest says.
    public var mainClass: String?
    /// The arguments of a script or jar, each a template.
    public var arguments: [String]
    /// Where it runs, as in `sc://host:15002`, `local[2]` or `yarn`; a template.
    ///
    /// See ``SparkPlace``. Nil for what the project says.
    public var place: String?
    /// Settings of Spark; the values are templates.
    public var configuration: [String: String]
    /// Packages for a cached virtual environment, in pip's syntax; with `pyspark` among them, its Spark is used.
    public var requirements: [String]
    /// Maven coordinates that Spark fetches, as in `org.apache.iceberg:iceberg-spark-runtime-4.0_2.13:1.10.0`.
    public var packages: [String]
    /// Jars for driver and executors.
    public var jars: [String]
    /// Python files for driver and executors: `.py`, `.zip` or `.egg`.
    public var pythonFiles: [String]
    /// Files for the working folders of the executors.
    public var files: [String]
    /// Whether the driver runs in the cluster rather than here.
    public var runsDriverInCluster: Bool

    /// What runs, with nothing else said.
    public init(
        file: String? = nil,
        text: String? = nil,
        script: String? = nil,
        jar: String? = nil,
        mainClass: String? = nil,
        arguments: [String] = [],
        place: String? = nil,
        configuration: [String: String] = [:],
        requirements: [String] = [],
        packages: [String] = [],
        jars: [String] = [],
        pythonFiles: [String] = [],
        files: [String] = [],
        runsDriverInCluster: Bool = false
    ) {
        self.file = file
        self.text = text
        self.script = script
        self.jar = jar
        self.mainClass = mainClass
        self.arguments = arguments
        self.place = place
        self.configuration = configuration
        self.requirements = requirements
        self.packages = packages
        self.jars = jars
        self.pythonFiles = pythonFiles
        self.files = files
        self.runsDriverInCluster = runsDriverInCluster
    }

    /// Whether it is SQL rather than a program.
    public var isSQL: Bool { script == nil && jar == nil }

    enum CodingKeys: String, CodingKey {
        case file, text, script, jar, jars, files, packages, requirements
        case mainClass = "class"
        case arguments = "args"
        case place = "on"
        case configuration = "conf"
        case pythonFiles = "py_files"
        case runsDriverInCluster = "cluster_driver"
    }
}

/// Where a Spark application runs.
public enum SparkPlace: Hashable, Sendable {
    /// A Spark Connect server: `sc://host:15002`.
    case connect(String)
    /// This machine, for as long as the step takes: `local`, `local[2]`, `local[*]`, `local-cluster[1,2,1024]`.
    case local(String)
    /// A cluster that spark-submit hands it to: `yarn`, `spark://host:7077`, `k8s://https://host:6443`.
    case cluster(String)

    /// The place that a text names.
    ///
    /// The forms are those of Spark's `--master`, and Spark Connect's of URLs.
    ///
    /// - Parameter text: the text, without templates.
    /// - Throws: ``MartletError`` MT1005 for a text that names none.
    public init(_ text: String) throws(MartletError) {
        if text.hasPrefix("sc://"), text.utf8.count > 5 {
            self = .connect(text)
        } else if text == "local" || Self.isCall(text, "local") || Self.isCall(text, "local-cluster") {
            self = .local(text)
        } else if text == "yarn" || text.hasPrefix("spark://") || text.hasPrefix("k8s://") {
            self = .cluster(text)
        } else {
            throw MartletError(
                .valueInvalid,
                "Spark cannot run on \"\(text.prefix(100))\"",
                remedy: "write sc://HOST:15002, local[2], yarn, spark://HOST:7077 or k8s://https://HOST:6443"
            )
        }
    }

    private static func isCall(_ text: String, _ name: String) -> Bool {
        guard text.hasPrefix("\(name)["), text.hasSuffix("]") else { return false }
        let inner = text.dropFirst(name.count + 1).dropLast()
        return !inner.isEmpty && inner.utf8.allSatisfy { (48...57).contains($0) || $0 == 44 || $0 == 42 || $0 == 32 }
    }
}

/// The engine that runs an SQL step.
public enum SQLEngine: String, Hashable, Codable, Sendable, CaseIterable {
    /// DuckDB, in a process of the step.
    case duckdb
    /// The project's Spark.
    case spark
}
