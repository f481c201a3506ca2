package import MartletCore

/// The command line by which spark-submit runs an application: pure, so that it can be tested as a table.
///
/// The options are those of Spark's "Submitting Applications".
package struct SparkSubmitCommand: Hashable, Sendable {
    /// Where an attempt keeps what Spark writes beside its results.
    package struct Folders: Hashable, Sendable {
        /// The project's folder, from which paths of the action start; absolute.
        package var project: String
        /// Takes the event log; nil for none.
        package var events: String?
        /// Takes tables that are saved without a path.
        package var warehouse: String
        /// The file that takes the settings while the program runs.
        package var settings: String

        /// Folders of an attempt; absolute.
        package init(project: String, events: String?, warehouse: String, settings: String) {
            self.project = project
            self.events = events
            self.warehouse = warehouse
            self.settings = settings
        }
    }

    /// The arguments after `spark-submit`.
    package var arguments: [String]
    /// The settings that were given, for the file that ``arguments`` name: a command line is shown to every user of the
    /// machine, and there may be secrets among them.
    ///
    /// Empty without a file.
    package var settings: [String: String]

    /// The command line of a script or jar.
    ///
    /// - Parameters:
    ///   - action: what runs; its templates are filled in.
    ///   - place: where, which is no Spark Connect server.
    ///   - name: the application's name.
    ///   - configuration: settings of Spark; they win over those that Martlet gives.
    ///   - uiPort: where the driver shows its pages, on this machine; nil leaves it to Spark.
    ///   - folders: where things are.
    package init(
        _ action: SparkAction,
        on place: SparkPlace,
        name: String,
        configuration: [String: String],
        uiPort: Int?,
        folders: Folders
    ) {
        settings = configuration
        arguments = ["--master", place.text, "--name", name]
        if !settings.isEmpty { arguments += ["--properties-file", folders.settings] }
        if action.runsDriverInCluster { arguments += ["--deploy-mode", "cluster"] }
        let given = Self.configuration(
            configuration,
            place: place,
            driverIsHere: !action.runsDriverInCluster,
            uiPort: uiPort,
            folders: folders
        )
        arguments += Self.options(given)
        func list(_ option: String, _ values: [String], isPath: Bool = true) {
            if values.isEmpty { return }
            let texts = isPath ? values.map { Self.absolute($0, folders.project) } : values
            arguments += [option, texts.joined(separator: ",")]
        }
        list("--packages", action.packages, isPath: false)
        list("--jars", action.jars)
        list("--py-files", action.pythonFiles)
        list("--files", action.files)
        if let name = action.mainClass { arguments += ["--class", name] }
        arguments.append(Self.absolute(action.script ?? action.jar ?? "", folders.project))
        arguments += action.arguments
    }

    /// The command line that serves Spark Connect on this machine, to whoever knows the token in the environment.
    ///
    /// - Parameters:
    ///   - place: the local master.
    ///   - name: the application's name.
    ///   - port: where it listens, on loopback.
    ///   - configuration: settings of Spark.
    ///   - uiPort: where it shows its pages; nil leaves it to Spark.
    ///   - packages: Maven coordinates that Spark fetches.
    ///   - jars: further jars.
    ///   - folders: where things are.
    package init(
        serverOn place: SparkPlace,
        name: String,
        port: Int,
        configuration: [String: String],
        uiPort: Int?,
        packages: [String],
        jars: [String],
        folders: Folders
    ) {
        settings = configuration
        arguments = ["--master", place.text, "--name", name]
        if !settings.isEmpty { arguments += ["--properties-file", folders.settings] }
        arguments += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
        var given = Self.configuration(
            configuration,
            place: place,
            driverIsHere: true,
            uiPort: uiPort,
            folders: folders
        )
        given["spark.connect.grpc.binding.address"] = "127.0.0.1"
        given["spark.connect.grpc.binding.port"] = String(port)
        settings["spark.connect.grpc.binding.address"] = nil
        settings["spark.connect.grpc.binding.port"] = nil
        arguments += Self.options(given)
        if !packages.isEmpty { arguments += ["--packages", packages.joined(separator: ",")] }
        let paths = jars.map { Self.absolute($0, folders.project) }
        if !paths.isEmpty { arguments += ["--jars", paths.joined(separator: ",")] }
        arguments.append("spark-internal")
    }

    /// Settings as a file for spark-submit, in the format of Java's `Properties.load`.
    ///
    /// - Parameters:
    ///   - settings: names and values.
    ///   - defaults: the text of the installation's own file, which spark-submit reads no more when it is given another.
    /// - Returns: the file's text.
    package static func properties(_ settings: [String: String], after defaults: String) -> String {
        func escaped(_ text: String, isName: Bool) -> String {
            var result = ""
            for character in text.unicodeScalars {
                switch character {
                case "\\": result += "\\\\"
                case "\n": result += "\\n"
                case "\r": result += "\\r"
                case "=", ":", "#", "!", " ", "\t":
                    if isName || result.isEmpty { result += "\\" }
                    result.unicodeScalars.append(character)
                default: result.unicodeScalars.append(character)
                }
            }
            return result
        }
        let lines = settings.sorted { $0.key < $1.key }.map {
            "\(escaped($0.key, isName: true))=\(escaped($0.value, isName: false))\n"
        }
        return (defaults.isEmpty || defaults.hasSuffix("\n") ? defaults : defaults + "\n") + lines.joined()
    }

    /// What Martlet adds, unless the settings say otherwise.
    private static func configuration(
        _ given: [String: String],
        place: SparkPlace,
        driverIsHere: Bool,
        uiPort: Int?,
        folders: Folders
    ) -> [String: String] {
        var result: [String: String] = [:]
        if driverIsHere {
            result["spark.ui.showConsoleProgress"] = "true"
            if let uiPort { result["spark.ui.port"] = String(uiPort) }
            if let events = folders.events {
                result["spark.eventLog.enabled"] = "true"
                // Without a scheme, so that Spark itself makes a URI of a path with blanks.
                result["spark.eventLog.dir"] = events
            }
        }
        if !driverIsHere, place.text.hasPrefix("spark://") {
            // A standalone cluster's spark-submit would else end when it has handed the application over.
            result["spark.standalone.submit.waitAppCompletion"] = "true"
        }
        if case .local = place {
            // Only this machine takes part, so nobody else may reach it.
            result["spark.driver.host"] = "127.0.0.1"
            result["spark.driver.bindAddress"] = "127.0.0.1"
            result["spark.sql.warehouse.dir"] = "file:\(folders.warehouse)"
        }
        return result.filter { given[$0.key] == nil }
    }

    private static func options(_ configuration: [String: String]) -> [String] {
        configuration.sorted { $0.key < $1.key }.flatMap { ["--conf", "\($0.key)=\($0.value)"] }
    }

    private static func absolute(_ path: String, _ root: String) -> String {
        path.hasPrefix("/") || path.contains("://") ? path : "\(root)/\(path)"
    }
}

extension SparkPlace {
    /// As it was written.
    package var text: String {
        switch self {
        case .connect(let text), .local(let text), .cluster(let text): text
        }
    }

    /// Whether everything runs on this machine.
    package var isLocal: Bool { if case .local = self { true } else { false } }
}
