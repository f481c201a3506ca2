/// What a project says of Spark: the defaults of its steps.
public struct SparkSettings: Hashable, Codable, Sendable {
    /// Where steps run that do not say so; see ``SparkPlace``.
    public var place: String
    /// Settings of Spark; those of a step win.
    public var configuration: [String: String]
    /// Packages for a cached virtual environment, in pip's syntax, with `pyspark` among them.
    ///
    /// Empty for the Spark that is installed here.
    public var requirements: [String]

    /// Spark on this machine, with all its processors, unless told otherwise.
    public init(place: String = "local[*]", configuration: [String: String] = [:], requirements: [String] = []) {
        self.place = place
        self.configuration = configuration
        self.requirements = requirements
    }

    enum CodingKeys: String, CodingKey {
        case place = "on"
        case configuration = "conf"
        case requirements
    }
}
