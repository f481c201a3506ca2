import Foundation
import Glibc

/// `martlet-bench`: measures the built `martlet` as a process, beside the least the machine could do for the same work.
@main
struct Main {
    static func main() {
        do {
            let options = try Options.parse(Array(CommandLine.arguments.dropFirst()))
            if options.help {
                print(Options.usage)
                return
            }
            try run(options)
        } catch let problem as BenchProblem {
            say("error: \(problem.what)\n  fix    \(problem.remedy)")
            exit(2)
        } catch {
            say("error: \(error)")
            exit(3)
        }
    }

    private static func run(_ options: Options) throws {
        Interruption.watch()
        let subject = try Subject.find(options.martlet)
        let scratch = try ScratchFolder.make(in: options.scratch)
        defer { scratch.remove() }
        let conditions = try Conditions.gather(options: options, subject: subject, scratch: scratch)
        say("martlet-bench: \(subject.path), scratch \(scratch.path) (\(conditions.fileSystem))")
        if conditions.isBusy { say("  the machine is busy: wait for a quiet minute before believing the times") }

        var rows: [Row] = []
        for name in options.only.isEmpty ? BenchmarkName.allCases : options.only {
            let benchmark = try name.prepare(subject: subject, scratch: scratch)
            let rounds = benchmark.rounds ?? Rounds(count: options.runs)
            let warmUp = rounds.warmsUp ? ", after one that does not count" : ""
            say("  \(name.rawValue): each part \(rounds.count) times\(warmUp)")
            rows += benchmark.rows(try rounds.take(benchmark.parts))
        }
        let document = MarkdownReport(conditions: conditions, rows: rows).text
        if let out = options.out { try write(document, to: out) }
        print(options.markdown ? document : TextReport(rows: rows).text)

        let missed = rows.filter { $0.verdict == .missed }
        if !missed.isEmpty { say("missed: \(missed.map(\.name).joined(separator: ", "))") }
        if options.check, !missed.isEmpty {
            // `exit` does not run `defer`.
            scratch.remove()
            exit(1)
        }
    }

    private static func write(_ text: String, to path: String) throws {
        do {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw BenchProblem("cannot write \(path): \(error)", remedy: "name another file with --out")
        }
    }

    /// Talk goes to standard error, so that standard output is the result alone.
    private static func say(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
