import ArgumentParser
import Foundation
import MartletCore
import MartletSpark

/// `martlet spark advise`.
struct AdviseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advise",
        abstract: "Size a Spark job before it runs, or say what a run should change.",
        discussion: """
            Before a run it needs the input and the cluster; without --nodes it is for
            local mode on this machine:

              martlet spark advise --input 200GB --nodes 6 --cores 16 --memory 64GB
              martlet spark advise --input data/flights --python --conf

            After a run it reads the event log (spark.eventLog.enabled), a file or the
            folder of a rolled one, and shows what cost time, memory or money, with the
            settings to change and what they would bring, simulated:

              martlet spark advise /data/spark-events/app-20260102030405-0001
              martlet spark advise eventlog_v2_app-20260102030405-0001 --html advice.html
            """
    )

    @Argument(help: ArgumentHelp("The event log of a run.", valueName: "log"))
    var log: String?

    @Option(help: ArgumentHelp("The input: its size, as 200GB, or a file or folder to measure.", valueName: "size"))
    var input: String?

    @Option(help: ArgumentHelp("The worker nodes; local mode without it.", valueName: "count"))
    var nodes: Int?

    @Option(help: ArgumentHelp("Cores of each node; this machine's without it.", valueName: "count"))
    var cores: Int?

    @Option(help: ArgumentHelp("Memory of each node, as 64GB; this machine's without it.", valueName: "size"))
    var memory: String?

    @Flag(help: "The job has Python functions.")
    var python = false

    @Flag(help: "The cluster is Kubernetes.")
    var kubernetes = false

    @Flag(name: .customLong("conf"), help: "Print --conf arguments for spark-submit.")
    var arguments = false

    @Flag(help: "Print lines for spark-defaults.conf.")
    var defaults = false

    @Option(help: ArgumentHelp("Write the advice about a run as a web page too.", valueName: "file"))
    var html: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        switch (log, input) {
        case (nil, nil): throw ValidationError("give the event log of a run, or --input for advice before one")
        case (.some, .some): throw ValidationError("give either an event log or --input, not both")
        case (.some, nil) where arguments || defaults || nodes != nil || cores != nil || memory != nil || python:
            throw ValidationError("--nodes, --cores, --memory, --python, --conf and --defaults go with --input")
        case (nil, .some) where html != nil: throw ValidationError("--html needs the event log of a run")
        default: break
        }
    }

    func run() async throws {
        if let log { try after(log) } else if let input { try before(input) }
    }

    private func after(_ log: String) throws {
        let path = try CurrentFolder.resolve(log)
        let advice = SparkAdvisor.advise(try EventLogReader.read(path))
        if let html {
            let target = try CurrentFolder.resolve(html)
            do {
                try Data(AdvicePage(advice).html.utf8).write(to: URL(fileURLWithPath: target), options: .atomic)
            } catch {
                throw MartletError(.fileUnwritable, "\(html) cannot be written", cause: error.localizedDescription)
            }
        }
        if json {
            Output.result(JSONText.encode(advice))
        } else {
            Output.result(RunAdviceText(advice).lines.joined(separator: "\n"))
        }
        if let html { Output.talk("wrote \(html)") }
    }

    private func before(_ input: String) throws {
        let advice = SizingAdvice(
            try SizingRequest(
                input: try InputSize.measure(input) { (text) throws(MartletError) in try CurrentFolder.resolve(text) },
                nodes: nodes ?? 0,
                cores: cores ?? ProcessInfo.processInfo.activeProcessorCount,
                memory: try memory.map { (text) throws(MartletError) in try InputSize.parse(text, "--memory") }
                    ?? Int(clamping: ProcessInfo.processInfo.physicalMemory),
                usesPython: python,
                isKubernetes: kubernetes
            )
        )
        let text = SizingAdviceText(advice)
        if json {
            Output.result(JSONText.encode(advice))
        } else if arguments {
            Output.result(text.arguments)
        } else if defaults {
            Output.result(text.defaults.joined(separator: "\n"))
        } else {
            Output.result(text.lines.joined(separator: "\n"))
        }
    }
}
