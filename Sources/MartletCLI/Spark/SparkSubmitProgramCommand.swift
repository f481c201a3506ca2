import ArgumentParser
import MartletCore
import MartletSpark

/// `martlet spark submit`.
struct SparkSubmitProgramCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Run a PySpark script or a jar on Spark, and wait for its end.",
        discussion: """
            On sc:// a script runs here with its session on the server; elsewhere it is
            handed to spark-submit. Ctrl-C ends it, also on the server.

              martlet spark submit jobs/features.py --on local[2] -- --day 2026-01-01
              martlet spark submit app.jar --class org.example.Main --on spark://host:7077
            """
    )

    @Argument(help: ArgumentHelp("A PySpark script (.py) or a jar.", valueName: "file"))
    var file: String

    @Argument(parsing: .postTerminator, help: ArgumentHelp("The program's own arguments.", valueName: "args"))
    var arguments: [String] = []

    @Option(name: .customLong("class"), help: ArgumentHelp("The class in the jar with main.", valueName: "name"))
    var mainClass: String?

    @Option(help: ArgumentHelp("Maven coordinates to fetch; may be repeated.", valueName: "group:artifact:version"))
    var packages: [String] = []

    @Option(help: ArgumentHelp("A jar for driver and executors; may be repeated.", valueName: "file"))
    var jars: [String] = []

    @Option(help: ArgumentHelp("A Python file for driver and executors; may be repeated.", valueName: "file"))
    var pyFiles: [String] = []

    @Option(help: ArgumentHelp("A file for the executors' folders; may be repeated.", valueName: "file"))
    var files: [String] = []

    @Flag(help: "Let the driver run in the cluster.")
    var clusterDriver = false

    @Flag(name: [.short, .long], help: "Show all that the driver logs, and where its pages are.")
    var verbose = false

    @OptionGroup var place: SparkPlaceOptions

    func run() async throws {
        let isJar = file.hasSuffix(".jar")
        let path = file.contains("://") ? file : try CurrentFolder.resolve(file)
        let action = SparkAction(
            script: isJar ? nil : path,
            jar: isJar ? path : nil,
            mainClass: mainClass,
            arguments: arguments,
            packages: packages,
            jars: jars,
            pythonFiles: pyFiles,
            files: files,
            runsDriverInCluster: clusterDriver
        )
        let view = SparkView(isVerbose: verbose)
        let work = try await place.work(action, view)
        do {
            try await StreamRunView.untilInterrupted { try await work.run() }
            view.end()
        } catch {
            let told = SparkWork.told(error).error
            view.showLast(of: told)
            throw told
        }
    }
}
