import Foundation
public import MartletCore

/// Runs attempts as child processes on this machine.
public struct LocalLauncher: StepLauncher {
    /// Where the programs are that steps need.
    public struct Configuration: Sendable {
        /// Martlet's own executable, for SQL steps.
        public var martlet: String
        /// The interpreter for Python steps without requirements, and for making environments.
        public var python: String
        /// Where virtual environments are cached.
        public var pythonCache: String
        /// The environment that children inherit.
        public var environment: [String: String]
        /// What the project says of Spark.
        public var spark: SparkSettings

        /// A configuration with the paths of these programs and what their children inherit.
        public init(
            martlet: String,
            python: String,
            pythonCache: String,
            environment: [String: String],
            spark: SparkSettings = SparkSettings()
        ) {
            self.martlet = martlet
            self.python = python
            self.pythonCache = pythonCache
            self.environment = environment
            self.spark = spark
        }
    }

    private let configuration: Configuration
    private let settings: SettingsResolver?
    private let python: PythonEnvironments

    /// A launcher with the programs that `configuration` names.
    ///
    /// Steps get the variables and connections they ask for from `settings`, and inherit none; nor do they inherit the
    /// secret key.
    public init(_ configuration: Configuration, settings: SettingsResolver? = nil) {
        var configuration = configuration
        configuration.environment = SettingsEnvironment.withheld(from: configuration.environment)
        self.configuration = configuration
        self.settings = settings
        python = PythonEnvironments(
            interpreter: configuration.python,
            cache: configuration.pythonCache,
            environment: configuration.environment,
            ids: RandomIDs()
        )
    }

    /// Runs the attempt as a child process, in the folder of the attempt.
    public func launch(
        _ launch: AttemptLaunch,
        report: @escaping @Sendable (StepMessage) -> Void
    ) async -> AttemptOutcome {
        do throws(MartletError) {
            let settings = try await resolve(launch)
            let mask = SecretMask(settings.secrets)
            let outcome = await attempt(launch, settings, mask, report)
            // What the attempt reported was masked as it came; what Martlet says of its end is masked here.
            return mask?.masked(outcome) ?? outcome
        } catch {
            return failure(error)
        }
    }

    private func resolve(_ launch: AttemptLaunch) async throws(MartletError) -> ResolvedSettings {
        if launch.settings.isEmpty { return ResolvedSettings() }
        if let settings { return try await settings.resolve(launch.settings, for: launch.step.id) }
        throw MartletError(
            .internalFault,
            "step \(launch.step.id) asks for settings, and there is no store of them",
            remedy: "please report this"
        )
    }

    private func attempt(
        _ launch: AttemptLaunch,
        _ settings: ResolvedSettings,
        _ mask: SecretMask?,
        _ report: @escaping @Sendable (StepMessage) -> Void
    ) async -> AttemptOutcome {
        do throws(MartletError) {
            return try await run(launch, settings, mask, report)
        } catch {
            return failure(error)
        }
    }

    private func failure(_ error: MartletError) -> AttemptOutcome {
        if Task.isCancelled { return AttemptOutcome(.cancelled, error: error) }
        // Trying again cannot help against these.
        let lasting: Set<ErrorCode> = [
            .expressionFailed, .inputMissing, .internalFault, .limitExceeded, .pythonRequirementUnknown,
            .variableUndefined, .connectionUndefined, .connectionInvalid, .nameDuplicate, .secretKeyInvalid,
            .secretKeyMissing, .secretKeyWrong, .secretKeyExposed, .secretDamaged,
        ]
        return AttemptOutcome(.failed, error: error, retryable: !lasting.contains(error.code))
    }

    private func run(
        _ launch: AttemptLaunch,
        _ settings: ResolvedSettings,
        _ mask: SecretMask?,
        _ report: @escaping @Sendable (StepMessage) -> Void
    ) async throws(MartletError) -> AttemptOutcome {
        let layout = AttemptLayout(root: launch.directory)
        // The step's own folder is new with its first attempt; asking for it first saves a failing call.
        if launch.context.attempt == 1 { try FileSystem.makeFolder(layout.step) }
        try FileSystem.makeFolder(layout.root)
        if !launch.step.outputs.isEmpty { try FileSystem.makeFolder(layout.outputs) }
        try FileSystem.makeFolder(layout.work)
        try FileSystem.create(layout.context, JSONText.data(launch.context))
        try checkInputs(launch.context)

        let gathered = AttemptReport()
        let deliver: @Sendable (StepMessage) -> Void = { message in
            gathered.receive(message)
            report(message)
        }
        var spec = try await specification(launch, layout, settings, deliver)
        spec.mask = mask
        let end = try await ProcessSession.run(spec, report: deliver)
        return AttemptJudge(launch: launch, layout: layout, directory: spec.directory).outcome(end, gathered.current)
    }

    private func checkInputs(_ context: StepContextDocument) throws(MartletError) {
        for (name, input) in context.inputs.sorted(by: { $0.key < $1.key })
        where !FileManager.default.fileExists(atPath: input.path) {
            throw MartletError(
                .inputMissing,
                "input \(name) of step \(context.step), dataset \(input.dataset), is not there",
                reason: input.path.isEmpty
                    ? "the step that writes it did not succeed" : "there is no file \(input.path)",
                remedy: "check the path under sources:, or the step that writes it"
            )
        }
    }

    private func specification(
        _ launch: AttemptLaunch,
        _ layout: AttemptLayout,
        _ settings: ResolvedSettings,
        _ report: @escaping @Sendable (StepMessage) -> Void
    ) async throws(MartletError) -> ProcessSpec {
        var interpreter = configuration.python
        let requirements = requirements(of: launch.step.action)
        if !requirements.isEmpty {
            interpreter = try await python.interpreter(
                with: requirements,
                for: launch.context.runID,
                log: layout.log,
                report: report
            )
        }
        let command = try StepCommand(
            launch.step,
            launch.context,
            StepCommand.Programs(martlet: configuration.martlet, python: interpreter, user: launch.program),
            settings: settings
        )
        var environment = configuration.environment
        // Python holds back what it prints to a pipe; people want to see it as it comes.
        if case .python = launch.step.action { environment["PYTHONUNBUFFERED"] = "1" }
        environment.merge(settings.environment) { $1 }
        environment.merge(command.environment) { $1 }
        environment.merge(StepEnvironment.variables(launch.context, layout)) { $1 }
        var spec = ProcessSpec(
            program: command.program,
            arguments: command.arguments,
            environment: environment,
            directory: command.directory,
            log: layout.log,
            messages: layout.messages,
            firstFrame: command.speaksFrames ? try firstFrame(launch, settings, interpreter) : nil,
            timeout: launch.step.timeoutSeconds.map { .seconds($0) },
            heartbeat: launch.step.heartbeatSeconds.map { .seconds($0) }
        )
        if launch.step.action.onSpark != nil { spec.grace = .seconds(Limits.sparkTerminationGraceSeconds) }
        return spec
    }

    /// The packages that the step needs.
    private func requirements(of action: StepAction) -> [String] {
        if case .python(let action) = action { return action.requirements }
        guard let (action, _) = action.onSpark else { return [] }
        // A server that is elsewhere runs SQL with what it has.
        if action.isSQL, (action.place ?? configuration.spark.place).hasPrefix("sc://") { return [] }
        return action.requirements.isEmpty ? configuration.spark.requirements : action.requirements
    }

    /// The context, and for a step that Martlet itself runs also what it does, with the templates filled in.
    private func firstFrame(
        _ launch: AttemptLaunch,
        _ settings: ResolvedSettings,
        _ interpreter: String
    ) throws(MartletError) -> [UInt8] {
        let frame = Array(try framePayload(launch, settings, interpreter))
        if frame.count <= Limits.frameBytes { return frame }
        throw MartletError(
            .limitExceeded,
            "step \(launch.step.id) would be told \(frame.count >> 20) MiB; the limit is \(Limits.frameBytes >> 20)",
            remedy: "keep values and scripts small, and pass data as datasets"
        )
    }

    private func framePayload(
        _ launch: AttemptLaunch,
        _ settings: ResolvedSettings,
        _ interpreter: String
    ) throws(MartletError) -> Data {
        if let (action, writing) = launch.step.action.onSpark {
            let request = SparkStepRequest(
                context: launch.context,
                spark: try rendered(action, launch, settings),
                writing: writing,
                settings: try rendered(configuration.spark, launch, settings),
                python: interpreter,
                folder: launch.directory
            )
            return JSONText.data(request)
        }
        if case .check(let action) = launch.step.action { return try checkPayload(action, launch, settings) }
        if case .stream(let action) = launch.step.action { return try streamPayload(action, launch, settings) }
        guard case .sql(let action) = launch.step.action else { return JSONText.data(launch.context) }
        do {
            let script = try Template(action.text ?? "").render(.sql) { path in
                TemplateContext.lookup(path, in: launch.context) ?? settings.lookup(path)
            }
            return JSONText.data(SQLStepRequest(context: launch.context, script: script.text, file: action.file))
        } catch {
            throw MartletError(
                .expressionFailed,
                "step \(launch.step.id): a template in its SQL failed: \(error.reason)",
                remedy: error.remedy
            )
        }
    }

    private func rendered(
        _ spark: SparkSettings,
        _ launch: AttemptLaunch,
        _ settings: ResolvedSettings
    ) throws(MartletError) -> SparkSettings {
        do throws(TemplateError) {
            return try spark.rendered { path in
                TemplateContext.lookup(path, in: launch.context) ?? settings.lookup(path)
            }
        } catch {
            throw MartletError(
                .expressionFailed,
                "step \(launch.step.id): a template under spark: in martlet.yaml failed: \(error.reason)",
                remedy: error.remedy
            )
        }
    }

    private func rendered(
        _ action: SparkAction,
        _ launch: AttemptLaunch,
        _ settings: ResolvedSettings
    ) throws(MartletError) -> SparkAction {
        do throws(TemplateError) {
            return try action.rendered { path in
                TemplateContext.lookup(path, in: launch.context) ?? settings.lookup(path)
            }
        } catch {
            throw MartletError(
                .expressionFailed,
                "step \(launch.step.id): a template failed: \(error.reason)",
                remedy: error.remedy
            )
        }
    }

    private func streamPayload(
        _ action: StreamAction,
        _ launch: AttemptLaunch,
        _ settings: ResolvedSettings
    ) throws(MartletError) -> Data {
        do throws(TemplateError) {
            let rendered = try action.rendered { path in
                TemplateContext.lookup(path, in: launch.context) ?? settings.lookup(path)
            }
            return JSONText.data(
                StreamStepRequest(context: launch.context, stream: rendered, folder: launch.directory)
            )
        } catch {
            throw MartletError(
                .expressionFailed,
                "step \(launch.step.id): a template of its stream failed: \(error.reason)",
                remedy: error.remedy
            )
        }
    }

    private func checkPayload(
        _ action: CheckAction,
        _ launch: AttemptLaunch,
        _ settings: ResolvedSettings
    ) throws(MartletError) -> Data {
        var action = action
        do throws(TemplateError) {
            action.parameters = try action.rendered { path in
                TemplateContext.lookup(path, in: launch.context) ?? settings.lookup(path)
            }
        } catch {
            throw MartletError(
                .expressionFailed,
                "step \(launch.step.id): a template in its parameters failed: \(error.reason)",
                remedy: error.remedy
            )
        }
        let data = action.data(of: launch.step) ?? PortName(trusted: "data")
        return JSONText.data(
            CheckStepRequest(context: launch.context, check: action, data: data, folder: launch.directory)
        )
    }
}
