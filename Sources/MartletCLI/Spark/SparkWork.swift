import Foundation
import MartletCore
import MartletRuntime
import MartletSpark

/// What a step or a command does on Spark, from finding it to its end.
struct SparkWork: Sendable {
    /// What runs.
    let action: SparkAction
    /// Where.
    let place: SparkPlace
    /// The application's name.
    let name: String
    /// The settings of the project and of the action.
    let configuration: [String: String]
    /// The tables it reads, by name.
    let inputs: [TableInput]
    /// What its SQL makes.
    let outputs: [TableOutput]
    /// How outputs are stored.
    let writing: SparkStepRequest.Writing
    /// Finds the Spark of this machine.
    let finder: SparkFinder
    let folders: SparkSubmitCommand.Folders
    /// What programs inherit.
    let environment: [String: String]
    let observer: any SparkObserver

    /// The work of an attempt.
    ///
    /// - Throws: ``MartletError`` MT1005 for a place that is none.
    init(
        _ request: SparkStepRequest,
        environment: [String: String],
        _ observer: any SparkObserver
    ) throws(MartletError) {
        let context = request.context
        action = request.spark
        place = try SparkPlace(request.spark.place ?? request.settings.place)
        name = "\(context.pipeline.rawValue).\(context.instance.description)"
        configuration = request.settings.configuration.merging(request.spark.configuration) { _, own in own }
        inputs = context.inputs.sorted { $0.key < $1.key }.map {
            TableInput(name: $0.key, path: $0.value.path, format: $0.value.format)
        }
        outputs = context.outputs.sorted { $0.key < $1.key }.map {
            TableOutput(name: $0.key, path: $0.value.path, format: $0.value.format ?? .parquet)
        }
        writing = request.writing
        finder = SparkFinder(
            environment: environment,
            python: request.python,
            isForStep: !(request.spark.requirements + request.settings.requirements).isEmpty
        )
        folders = SparkSubmitCommand.Folders(
            project: context.project,
            events: "\(request.folder)/spark-events",
            warehouse: "\(context.workDirectory)/spark-warehouse",
            settings: "\(context.workDirectory)/spark.properties"
        )
        self.environment = environment
        self.observer = observer
    }

    /// The work of a command.
    init(
        _ action: SparkAction,
        on place: SparkPlace,
        name: String,
        settings: SparkSettings,
        outputs: [TableOutput],
        finder: SparkFinder,
        folders: SparkSubmitCommand.Folders,
        environment: [String: String],
        _ observer: any SparkObserver
    ) {
        self.action = action
        self.place = place
        self.name = name
        configuration = settings.configuration.merging(action.configuration) { _, own in own }
        inputs = []
        self.outputs = outputs
        writing = .files
        self.finder = finder
        self.folders = folders
        self.environment = environment
        self.observer = observer
    }

    /// Does the work; cancelling the calling task ends it, also on the server.
    ///
    /// - Throws: ``MartletError``: what went wrong, in 7050 to 7069 here or as Spark said.
    func run() async throws {
        try refuseWhatIsUnused()
        if action.isSQL {
            return try await withServer { url in try await SparkScript(self, on: url).run() }
        }
        guard case .connect(let text) = place else { return try await submit() }
        if action.jar != nil {
            throw unfit("a jar cannot be run by a Spark Connect server", "name the master of its cluster")
        }
        try await scriptThroughConnect(try SparkURL(text))
    }

    /// Does something with a Spark Connect server: the one that is named, or one of this machine for as long as it takes.
    ///
    /// - Throws: what `body` throws; ``MartletError`` MT7050 to MT7054.
    func withServer(_ body: @escaping @Sendable (SparkURL) async throws -> Void) async throws {
        switch place {
        case .connect(let text): try await body(try SparkURL(text))
        case .cluster:
            throw unfit(
                "SQL cannot be handed to \(place.text)",
                "start a Spark Connect server there: on: sc://HOST:15002"
            )
        case .local:
            let server = LocalSparkServer(
                installation: try await finder.find(),
                place: place,
                name: name,
                configuration: configuration,
                packages: action.packages,
                jars: action.jars,
                folders: folders,
                environment: environment,
                observer: observer
            )
            try await server.whileRunning(body)
        }
    }

    /// The settings of a session; a server of this machine was started with them.
    var sessionConfiguration: [String: String] { place.isLocal ? [:] : configuration }

    /// What is told of a failure, and whether the same work may succeed when it is tried again.
    static func told(_ error: any Error) -> (error: MartletError, retry: Bool) {
        if let error = error as? SparkError { return (error.error, error.kind != .user) }
        if error is CancellationError {
            return (MartletError(.sparkOperationCancelled, "the work on Spark was stopped before its end"), true)
        }
        guard let error = error as? MartletError else {
            return (MartletError(.internalFault, "the work on Spark broke off", cause: String(describing: error)), true)
        }
        let lasting: Set<ErrorCode> = [
            .sparkNotInstalled, .javaUnusable, .sparkPlaceUnfit, .valueInvalid, .sqlInvalid, .sqlOutputMissing,
            .sparkURLInvalid,
        ]
        return (error, !lasting.contains(error.code))
    }

    private func submit() async throws(MartletError) {
        let installation = try await finder.find()
        try makeFolders()
        let port = action.runsDriverInCluster ? nil : FreePort.find()
        let command = SparkSubmitCommand(
            action,
            on: place,
            name: name,
            configuration: configuration,
            uiPort: port,
            folders: folders
        )
        let program = SparkProgram(
            name: "\(action.script ?? action.jar ?? "the application") on \(place.text)",
            program: installation.submit,
            arguments: command.arguments,
            environment: installation.environment(environment, isLocal: place.isLocal),
            directory: FileManager.default.currentDirectoryPath
        )
        let settings = SparkSettingsFile(command, installation, folders, environment)
        try settings.write()
        defer { settings.remove() }
        if place.isLocal, let port, configuration["spark.ui.enabled"] != "false" {
            observer.showsPages("http://127.0.0.1:\(configuration["spark.ui.port"] ?? String(port))")
        }
        try await program.run(observer)
    }

    /// Runs a PySpark script here, whose session is on a server: cancelling ends what the session does there.
    private func scriptThroughConnect(_ url: SparkURL) async throws {
        var url = url
        let session = url.sessionID ?? UUID().uuidString.lowercased()
        url.sessionID = session
        // A session belongs to a user, which is another by default for each client.
        if url.userID == nil { url.userID = SparkOptions.system.userID }
        let guardian = try await SparkSessionGuard(url, configuration)
        var variables = environment
        variables["SPARK_REMOTE"] = url.remoteText
        variables["PYTHONUNBUFFERED"] = "1"
        variables["SPARK_HOME"] = nil
        let script = action.script ?? ""
        let path = script.hasPrefix("/") ? script : "\(folders.project)/\(script)"
        let program = SparkProgram(
            name: "\(script) on \(url.authority)",
            program: finder.python,
            arguments: [path] + action.arguments,
            environment: variables,
            directory: FileManager.default.currentDirectoryPath
        )
        do throws(MartletError) {
            try await program.run(observer)
        } catch {
            await guardian.end()
            throw error
        }
        await guardian.end()
    }

    /// What a place has no use for is refused rather than left out.
    private func refuseWhatIsUnused() throws(MartletError) {
        let isRemote = if case .connect = place { true } else { false }
        let forJobs = [("py_files", action.pythonFiles), ("files", action.files)]
        let forServers = [("packages", action.packages), ("jars", action.jars)]
        if isRemote, let (key, _) = (forServers + forJobs).first(where: { !$0.1.isEmpty }) {
            throw unfit(
                "\(key) cannot be given to a Spark Connect server",
                "install it there, or add it in the script: spark.addArtifacts(...)"
            )
        }
        if action.isSQL, let (key, _) = forJobs.first(where: { !$0.1.isEmpty }) {
            throw unfit("SQL has no use for \(key)", "take it away, or write a PySpark script")
        }
    }

    private func makeFolders() throws(MartletError) {
        if let events = folders.events { try FileSystem.makeFolder(events) }
    }

    private func unfit(_ what: String, _ remedy: String) -> MartletError {
        MartletError(.sparkPlaceUnfit, what, remedy: remedy)
    }
}
