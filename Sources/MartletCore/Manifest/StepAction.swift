/// What a step does; as JSON an object with the one key that names its kind.
public enum StepAction: Hashable, Codable, Sendable {
    case command(CommandAction)
    case python(PythonAction)
    case sql(SQLAction)
    case check(CheckAction)
    case stream(StreamAction)
    case spark(SparkAction)
    case swift(SwiftAction)
    case branch(BranchAction)
    case shortCircuit(ShortCircuitAction)
    case wait(WaitAction)
    case approve(ApproveAction)

    /// The kind's name, as in YAML.
    public var kind: String {
        switch self {
        case .command: "command"
        case .python: "python"
        case .sql: "sql"
        case .check: "check"
        case .stream: "stream"
        case .spark: "spark"
        case .swift: "swift"
        case .branch: "branch"
        case .shortCircuit: "short_circuit"
        case .wait: "wait"
        case .approve: "approve"
        }
    }

    /// Whether it is decided without a process, and so needs no slot.
    public var isDecision: Bool {
        switch self {
        case .branch, .shortCircuit: true
        default: false
        }
    }

    /// Whether the step holds no process while it is under way: it waits for the world or for a person.
    public var isWaiting: Bool {
        switch self {
        case .wait, .approve: true
        default: false
        }
    }

    /// Decodes an object with exactly one key, which names the kind.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let key = container.allKeys.first, container.allKeys.count == 1 else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a step has one action; found another number")
            )
        }
        switch key {
        case .command: self = .command(try container.decode(CommandAction.self, forKey: key))
        case .python: self = .python(try container.decode(PythonAction.self, forKey: key))
        case .sql: self = .sql(try container.decode(SQLAction.self, forKey: key))
        case .check: self = .check(try container.decode(CheckAction.self, forKey: key))
        case .stream: self = .stream(try container.decode(StreamAction.self, forKey: key))
        case .spark: self = .spark(try container.decode(SparkAction.self, forKey: key))
        case .swift: self = .swift(try container.decode(SwiftAction.self, forKey: key))
        case .branch: self = .branch(try container.decode(BranchAction.self, forKey: key))
        case .shortCircuit: self = .shortCircuit(try container.decode(ShortCircuitAction.self, forKey: key))
        case .wait: self = .wait(try container.decode(WaitAction.self, forKey: key))
        case .approve: self = .approve(try container.decode(ApproveAction.self, forKey: key))
        }
    }

    /// Encodes an object with one key, which names the kind.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .command(let action): try container.encode(action, forKey: .command)
        case .python(let action): try container.encode(action, forKey: .python)
        case .sql(let action): try container.encode(action, forKey: .sql)
        case .check(let action): try container.encode(action, forKey: .check)
        case .stream(let action): try container.encode(action, forKey: .stream)
        case .spark(let action): try container.encode(action, forKey: .spark)
        case .swift(let action): try container.encode(action, forKey: .swift)
        case .branch(let action): try container.encode(action, forKey: .branch)
        case .shortCircuit(let action): try container.encode(action, forKey: .shortCircuit)
        case .wait(let action): try container.encode(action, forKey: .wait)
        case .approve(let action): try container.encode(action, forKey: .approve)
        }
    }

    /// Whether it makes its outputs by SQL.
    public var isSQL: Bool {
        switch self {
        case .sql: true
        case .spark(let action): action.isSQL
        default: false
        }
    }

    /// The names of all kinds, as in YAML.
    public static let kinds = CodingKeys.allCases.map(\.rawValue)

    enum CodingKeys: String, CodingKey, CaseIterable {
        case command, python, sql, check, stream, spark, swift, branch
        case shortCircuit = "short_circuit"
        case wait, approve
    }
}

/// Runs a program.
public struct CommandAction: Hashable, Codable, Sendable {
    /// A line for `/bin/sh`; a template.
    ///
    /// Exactly one of `shell` and `arguments` is set.
    public var shell: String?
    /// A program and its arguments, each a template, run without a shell.
    public var arguments: [String]?

    /// A line for `/bin/sh`.
    public init(shell: String) { self.shell = shell }
    /// A program and its arguments.
    public init(arguments: [String]) { self.arguments = arguments }
}

/// Runs a Python script.
public struct PythonAction: Hashable, Codable, Sendable {
    /// The script; relative to the project root.
    public var script: String
    /// Its arguments, each a template.
    public var arguments: [String]
    /// Packages for a cached virtual environment, in pip's syntax; none means the project's own interpreter.
    public var requirements: [String]

    /// A script with its arguments and the packages it needs.
    public init(script: String, arguments: [String] = [], requirements: [String] = []) {
        self.script = script
        self.arguments = arguments
        self.requirements = requirements
    }
}

/// Runs an SQL script; inputs are views, outputs are written from its results.
public struct SQLAction: Hashable, Codable, Sendable {
    /// A file with the script, relative to the project root.
    ///
    /// Exactly one of `file` and `text` is set.
    public var file: String?
    /// The script itself; a template.
    public var text: String?
    /// What runs it; nil for DuckDB.
    public var engine: SQLEngine?

    /// A script in a file.
    public init(file: String, engine: SQLEngine? = nil) {
        self.file = file
        self.engine = engine
    }
    /// A script given here.
    public init(text: String, engine: SQLEngine? = nil) {
        self.text = text
        self.engine = engine
    }
}

/// Runs a Swift closure in the user's own program.
public struct SwiftAction: Hashable, Codable, Sendable {
    /// The values of other steps that the closure is given.
    public var valueInputs: [ValueReference]

    /// A closure with the values it is given; the program finds it by the step's id.
    public init(valueInputs: [ValueReference] = []) { self.valueInputs = valueInputs }

    enum CodingKeys: String, CodingKey { case valueInputs = "value_inputs" }
}

/// A value that a step reported.
public struct ValueReference: Hashable, Codable, Sendable {
    /// The step that reports the value.
    public var step: StepID
    /// The value's name within that step.
    public var name: PortName

    /// A reference to the value `name` of `step`.
    public init(step: StepID, name: PortName) {
        self.step = step
        self.name = name
    }
}

/// Chooses which of the steps right after it run; the others are skipped.
public struct BranchAction: Hashable, Codable, Sendable {
    /// The first case that holds decides; none holding follows nothing.
    public var cases: [BranchCase]

    /// A branch with `cases`, tried in order.
    public init(cases: [BranchCase]) { self.cases = cases }
}

/// One choice of a branch.
public struct BranchCase: Hashable, Codable, Sendable {
    /// A template that must be true; nil always holds.
    public var when: String?
    /// The steps that run.
    public var follow: [StepID]

    /// A choice with the steps it follows when `when` holds.
    public init(when: String? = nil, follow: [StepID]) {
        self.when = when
        self.follow = follow
    }
}

/// Goes on only when a condition holds; else skips what comes after.
public struct ShortCircuitAction: Hashable, Codable, Sendable {
    /// A template that must be true for the run to go on here.
    public var condition: String
    /// Whether only the steps directly after it are skipped, and the others decide by their own trigger rules.
    public var respectsTriggerRules: Bool

    /// Skips everything after it when `condition` does not hold, unless trigger rules are to be respected.
    public init(_ condition: String, respectsTriggerRules: Bool = false) {
        self.condition = condition
        self.respectsTriggerRules = respectsTriggerRules
    }

    enum CodingKeys: String, CodingKey {
        case condition
        case respectsTriggerRules = "respects_trigger_rules"
    }
}
