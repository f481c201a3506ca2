import Foundation
import Glibc

/// A `martlet up` that is being measured.
final class UpProcess {
    let reading: ProcessReading
    private let output: String
    private let complaints: String
    private let began = ContinuousClock.now
    private var place: UInt64 = 0
    private var rest = Data()
    private var hasEnded = false

    /// Starts it in a project's folder and waits until it is ready.
    ///
    /// - Throws: ``BenchProblem`` when it is not.
    init(_ project: UpProject) throws(BenchProblem) {
        output = "\(project.path)/.bench-up"
        complaints = "\(project.path)/.bench-up-complaints"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let mode = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, mode, 0o644)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, complaints, mode, 0o644)
        let words = [project.subject.path, "up", "--json", "--project", project.path]
        reading = ProcessReading(process: try SpawnCommand(words).spawn(&actions))
        try waitFor("\"ready\"", count: 1, seconds: 60)
    }

    deinit { stop() }

    /// Since it was started.
    var age: Duration { began.duration(to: .now) }

    /// Waits until `count` more runs have ended.
    ///
    /// - Throws: ``BenchProblem`` when that takes too long.
    func waitForEnds(_ count: Int) throws(BenchProblem) { try waitFor("\"run_ended\"", count: count, seconds: 300) }

    /// Waits, and passes on an interruption.
    func wait(_ seconds: Double) throws(BenchProblem) {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            try Interruption.check()
            usleep(50_000)
        }
    }

    private func waitFor(_ mark: String, count: Int, seconds: Double) throws(BenchProblem) {
        let end = ContinuousClock.now + .seconds(seconds)
        var left = count
        while left > 0 {
            left -= lines().count { $0.contains(mark) }
            if left <= 0 { return }
            try Interruption.check()
            if ContinuousClock.now > end || !isAlive {
                let said = (try? String(contentsOfFile: complaints, encoding: .utf8)) ?? ""
                let what = isAlive ? "did not tell of \(mark) \(count) times" : "ended"
                throw BenchProblem("martlet up \(what): \(said.suffix(2_000))", remedy: "run it by hand")
            }
            // Seldom enough not to be what is measured.
            usleep(10_000)
        }
    }

    /// The lines it has printed since it was asked last.
    private func lines() -> [String] {
        guard let file = FileHandle(forReadingAtPath: output) else { return [] }
        defer { try? file.close() }
        guard (try? file.seek(toOffset: place)) != nil, let new = try? file.readToEnd(), !new.isEmpty else { return [] }
        place += UInt64(new.count)
        rest += new
        guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        defer { rest = Data(rest[(end + 1)...]) }
        // A run's end tells of all of its steps; which event it is, its beginning or end says.
        return rest[..<end].split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    private var isAlive: Bool {
        var end = siginfo_t()
        return waitid(P_PID, id_t(reading.process), &end, WEXITED | WNOWAIT | WNOHANG) == 0
            && end._sifields._sigchld.si_pid == 0
    }

    /// Ends it, and waits until it has.
    func stop() {
        if hasEnded { return }
        hasEnded = true
        kill(reading.process, SIGTERM)
        var status: Int32 = 0
        while waitpid(reading.process, &status, 0) == -1, errno == EINTR {}
    }
}
