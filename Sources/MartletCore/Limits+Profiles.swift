// The limits of profiles, drift reports and suggested suites.
extension Limits {
    /// Characters of a text value that a profile keeps.
    public static let profiledTextCharacters = 200
    /// Characters of a text that its mask is made of.
    public static let patternCharacters = 64
    /// Most characters of one class in a row that a mask writes out.
    public static let patternRun = 8
    /// Most distinct values of a column that are counted one by one; those of columns with more are estimated.
    public static let countedValues = 4_000
    /// Most values over all columns that one query counts one by one.
    public static let countedValuesPerQuery = 120_000
    /// Rows that a sample of a column aims at.
    public static let sampledRows = 8_000
    /// Most columns that one query looks at.
    public static let profiledColumnsPerQuery = 100
    /// Most columns of a profile.
    public static let profiledColumns = 20_000
    /// Most frequent values, and most masks, of a column that are told, unless more are asked for.
    public static let topValues = 10
    /// Bins of a profile's histograms.
    public static let profileBins = 20
    /// Most numeric columns whose correlations are computed: 780 pairs.
    public static let correlatedColumns = 40
    /// Most rows that correlations are computed from; of more rows, a sample is taken.
    public static let correlatedRows = 200_000
    /// Most correlations, and pairs of columns missing together, that a profile tells.
    public static let toldPairs = 100
    /// Most pairs of columns that are looked at for missing together.
    public static let missingPairs = 200
    /// Columns, those with the most values, whose pairs are looked at as keys: 28 pairs.
    public static let keyPairColumns = 8
    /// Most keys that are counted out, after a sample could not refute them.
    public static let provenKeys = 12
    /// Most categories of a column that drift compares one by one; the rest is one bin.
    public static let driftCategories = 100
    /// Most bins that a person may ask for.
    public static let driftBins = 1_000
    /// Most distinct keys that are compared at once; more are compared in several scans.
    public static let comparedKeys = 1_000_000
    /// Most values of a set that is suggested.
    public static let suggestedSet = 50
    /// Most versions that one suggestion learns from.
    public static let suggestedVersions = 1_000
}
