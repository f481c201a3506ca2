/// What the command line asked for.
struct Options {
    /// Fewer runs have no trustworthy median.
    static let leastRuns = 5

    /// The `martlet` to measure; nil looks in the repository's build folder.
    var martlet: String?
    /// Counted runs of every part.
    var runs = 7
    /// The benchmarks to take; empty takes all.
    var only: [BenchmarkName] = []
    /// Where the scratch folder is made.
    var scratch = "."
    /// Print Markdown instead of text.
    var markdown = false
    /// A file to write the Markdown to.
    var out: String?
    /// Exit with 1 when a goal is missed.
    var check = false
    var help = false

    static let usage = """
        usage: martlet-bench [options]

          --martlet PATH   the program to measure (default: the repository's .build/release/martlet, then debug)
          --runs N         counted runs of every part, at least \(leastRuns) (default 7)
          --only NAME      one benchmark; may be repeated: \(BenchmarkName.allCases.map(\.rawValue).joined(separator: ", "))
          --scratch DIR    where projects are made for the time of measuring (default: the current folder);
                           a real disk, for durable commits are part of what is measured
          --markdown       print a Markdown document instead of text
          --out FILE       write the Markdown document to FILE as well
          --check          exit with 1 when a goal is missed
        """

    /// The options in `words`.
    ///
    /// - Throws: ``BenchProblem`` for a word that is not an option, or a value that does not fit.
    static func parse(_ words: [String]) throws(BenchProblem) -> Options {
        var options = Options()
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "--martlet": options.martlet = try value(of: word, &rest)
            case "--runs": options.runs = try runs(try value(of: word, &rest))
            case "--only": options.only.append(try benchmark(try value(of: word, &rest)))
            case "--scratch": options.scratch = try value(of: word, &rest)
            case "--markdown": options.markdown = true
            case "--out": options.out = try value(of: word, &rest)
            case "--check": options.check = true
            case "-h", "--help": options.help = true
            default: throw BenchProblem("unknown option \(word)", remedy: "see martlet-bench --help")
            }
        }
        return options
    }

    private static func value(of option: String, _ rest: inout ArraySlice<String>) throws(BenchProblem) -> String {
        guard let value = rest.popFirst() else {
            throw BenchProblem("\(option) has no value", remedy: "see martlet-bench --help")
        }
        return value
    }

    private static func runs(_ text: String) throws(BenchProblem) -> Int {
        guard let count = Int(text), (leastRuns...1_000).contains(count) else {
            throw BenchProblem("--runs is \(text)", remedy: "use \(leastRuns) to 1000")
        }
        return count
    }

    private static func benchmark(_ text: String) throws(BenchProblem) -> BenchmarkName {
        guard let name = BenchmarkName(rawValue: text) else {
            let known = BenchmarkName.allCases.map(\.rawValue).joined(separator: ", ")
            throw BenchProblem("there is no benchmark \(text)", remedy: "use one of \(known)")
        }
        return name
    }
}
