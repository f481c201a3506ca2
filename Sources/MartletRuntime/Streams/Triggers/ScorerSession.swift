import CLinux
import Glibc
import MartletCore

/// What the thread of a ``ScorerChild`` does: it writes questions, reads answers, and starts and ends the program.
///
/// Everything in it belongs to that thread alone. It waits in `poll(2)` only, and no descriptor blocks.
final class ScorerSession {
    private let child: ScorerChild
    private let wake: Int32
    private let clock = ContinuousClock()

    private var pid: pid_t = 0
    /// The process, as a descriptor, then its input, output and error; -1 while there is none.
    private var (exit, input, output, errors): (Int32, Int32, Int32, Int32) = (-1, -1, -1, -1)

    private var question: ScorerChild.Question?
    /// How much of the question is written.
    private var written = 0
    private var answers: [ScoreAnswer] = []
    private var answerBytes: [UInt8] = []
    private var errorBytes: [UInt8] = []
    private var lastErrors = LastBytes(limit: 2_048)

    init(_ child: ScorerChild, wake: Int32) {
        self.child = child
        self.wake = wake
    }

    /// Serves until it shall end.
    func run() {
        clinux_block_sigpipe()
        while !child.isEnding {
            if question == nil, let next = child.takeQuestion() { begin(next) }
            if let question, child.isDropped(question.number) {
                // Its answers would be taken for those to the next question.
                kill()
                settle(.failure(ScorerChild.cancelled))
                continue
            }
            wait(milliseconds: -1)
        }
        terminate()
        settle(.failure(ProcessScorer.closed))
        child.finish()
    }

    /// Waits until something happens, and deals with it.
    private func wait(milliseconds: Int32) {
        let isWriting = written < question?.lines.count ?? 0
        var waits = [wake, exit, output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        waits.append(pollfd(fd: isWriting ? input : -1, events: Int16(POLLOUT), revents: 0))
        guard poll(&waits, nfds_t(waits.count), milliseconds) > 0 else { return }
        if waits[0].revents != 0 {
            var count: UInt64 = 0
            _ = read(wake, &count, 8)
        }
        if waits[4].revents != 0 { write() }
        if waits[3].revents != 0 { readErrors() }
        if waits[2].revents != 0 { readAnswers() }
        if waits[1].revents != 0, exit >= 0 { hasEnded() }
    }

    // MARK: Questions

    private func begin(_ next: ScorerChild.Question) {
        // What came after the last answer must not be taken for the next one's.
        readAnswers()
        question = next
        written = 0
        answers = []
        if pid == 0 {
            let error = start()
            if error != 0 {
                return settle(.failure(ScorerChild.failure("cannot start \(child.program.path)", systemMessage(error))))
            }
        }
        write()
    }

    private func settle(_ answer: ScorerChild.Answer) {
        guard let question else { return }
        self.question = nil
        question.continuation.resume(returning: answer)
    }

    private func write() {
        guard let question, input >= 0 else { return }
        question.lines.withUnsafeBytes { bytes in
            while written < bytes.count {
                let count = Glibc.write(input, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                if count >= 0 {
                    written += count
                } else if errno == EPIPE {
                    // Nobody reads any more: the end of the program, or of its time, comes next.
                    closeInput()
                    return
                } else if errno != EINTR {
                    return
                }
            }
        }
    }

    private func readAnswers() {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            while output >= 0 {
                let count = read(output, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                if count < 0 { return }
                if count == 0 { return hasEnded() }
                var rest = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                while let end = rest.firstIndex(of: 0x0a) {
                    answerBytes.append(contentsOf: rest[..<end])
                    rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
                    let line = answerBytes
                    answerBytes.removeAll(keepingCapacity: true)
                    guard take(line, isLast: rest.isEmpty) else { return }
                }
                answerBytes.append(contentsOf: rest)
                if answerBytes.count > Limits.scorerLineBytes { return refuse("it answered with too long a line") }
            }
        }
    }

    /// Takes one line; false when the program had to be ended for it.
    private func take(_ line: [UInt8], isLast: Bool) -> Bool {
        guard let question else {
            refuse("it printed a line that nobody had asked for")
            return false
        }
        guard line.count <= Limits.scorerLineBytes else {
            refuse("it answered with too long a line")
            return false
        }
        guard let answer = line.withUnsafeBytes({ ScorerLines.answer($0) }) else {
            refuse("it answered with a line that is not JSON: \(String(decoding: line.prefix(200), as: UTF8.self))")
            return false
        }
        answers.append(answer)
        guard answers.count == question.count else { return true }
        guard isLast, written == question.lines.count else {
            refuse("it printed more lines than it was asked")
            return false
        }
        settle(.success(answers))
        return true
    }

    /// Ends a program that does not keep to what was agreed.
    private func refuse(_ reason: String) {
        kill()
        let what = "the scoring program \(child.program.path) cannot be understood"
        settle(.failure(TriggerFaults.batch(what, reason: reason)))
    }

    private func readErrors() {
        withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 16) { buffer in
            while errors >= 0 {
                let count = read(errors, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                if count < 0 { return }
                if count == 0 {
                    close(errors)
                    errors = -1
                    break
                }
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                lastErrors.append(bytes)
                for byte in bytes {
                    if byte != 0x0a { errorBytes.append(byte) }
                    if byte == 0x0a || errorBytes.count >= Limits.scorerErrorLineBytes { passErrors() }
                }
            }
            if errors < 0, !errorBytes.isEmpty { passErrors() }
        }
    }

    private func passErrors() {
        child.onLine(String(decoding: errorBytes, as: UTF8.self))
        errorBytes.removeAll(keepingCapacity: true)
    }

    // MARK: The program

    /// Starts the program; 0 or an errno.
    private func start() -> Int32 {
        let program = child.program
        let texts = [program.path, program.directory] + program.arguments
        if (texts + program.environment.map { $0.key + $0.value }).contains(where: { $0.utf8.contains(0) }) {
            return EINVAL
        }
        guard let toChild = Pipe(), let fromChild = Pipe(), let complaints = Pipe() else { return errno }
        let strings = CStrings([program.path] + program.arguments)
        let variables = CStrings(program.environment.map { "\($0.key)=\($0.value)" })
        var started: pid_t = 0
        let error = clinux_spawn_bound(
            &started,
            program.path,
            strings.pointers,
            variables.pointers,
            program.directory,
            toChild.reading.raw,
            fromChild.writing.raw,
            complaints.writing.raw
        )
        if error != 0 { return error }
        let descriptor = clinux_pidfd_open(started)
        if descriptor < 0 {
            let error = errno
            Glibc.kill(-started, SIGKILL)
            _ = reap(started)
            return error
        }
        pid = started
        exit = descriptor
        input = fcntl(toChild.writing.raw, F_DUPFD_CLOEXEC, 3)
        output = fcntl(fromChild.reading.raw, F_DUPFD_CLOEXEC, 3)
        errors = fcntl(complaints.reading.raw, F_DUPFD_CLOEXEC, 3)
        for descriptor in [input, output, errors] { setNonBlocking(descriptor) }
        child.countStart()
        answerBytes = []
        lastErrors = LastBytes(limit: 2_048)
        return 0
    }

    /// The program has ended, or has closed its output.
    private func hasEnded() {
        // The last answers may still be in the pipe.
        if output >= 0 { readLast() }
        guard pid != 0 else { return }
        // What it has not read of the question cannot be what ended it.
        let unread = input >= 0 ? Int(clinux_unread(input)) : 0
        let isUntouched = unread == written
        let status = kill()
        guard question != nil else { return }
        let how =
            status & 0x7f == 0
            ? "with exit code \(status >> 8 & 0xff)" : "by signal \(status & 0x7f)"
        let reason = lastErrors.text
        settle(
            .failure(
                ScorerFailure(
                    isUntouched ? .unavailable : .batch,
                    MartletError(
                        .scorerFailed,
                        "the scoring program \(child.program.path) ended \(how)",
                        reason: reason.isEmpty ? nil : reason
                    )
                )
            )
        )
    }

    private func readLast() {
        let descriptor = output
        // Its end must not bring it back here.
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            while output == descriptor {
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                for byte in buffer[..<count] {
                    if byte != 0x0a {
                        answerBytes.append(byte)
                        continue
                    }
                    let line = answerBytes
                    answerBytes = []
                    guard question != nil, take(line, isLast: true) else { return }
                }
            }
        }
    }

    private func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    /// Ends the program and all of its group by force, and closes what led to it; how it ended.
    @discardableResult
    private func kill() -> Int32 {
        guard pid != 0 else { return 0 }
        readErrors()
        // While the leader is not reaped, no one else can get its group's number.
        Glibc.kill(-pid, SIGKILL)
        let status = reap(pid)
        readErrors()
        if !errorBytes.isEmpty { passErrors() }
        pid = 0
        closeInput()
        for descriptor in [exit, output, errors] where descriptor >= 0 { close(descriptor) }
        (exit, output, errors) = (-1, -1, -1)
        return status
    }

    /// Ends the program: its input closes, SIGTERM, the grace period, SIGKILL.
    private func terminate() {
        guard pid != 0 else { return }
        settle(.failure(ProcessScorer.closed))
        closeInput()
        Glibc.kill(-pid, SIGTERM)
        Glibc.kill(-pid, SIGCONT)
        let end = clock.now + child.program.grace
        while clock.now < end {
            let left = clock.now.duration(to: end).microseconds / 1000 + 1
            var waits = [exit, output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            poll(&waits, nfds_t(waits.count), Int32(clamping: left))
            if waits[2].revents != 0 { readErrors() }
            if waits[1].revents != 0, !discard() {
                close(output)
                output = -1
            }
            if waits[0].revents != 0 { break }
        }
        kill()
    }

    /// Reads what it still prints, so that it can end; false at the end of it.
    private func discard() -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            while true {
                let count = read(output, buffer.baseAddress, buffer.count)
                if count > 0 || count < 0 && errno == EINTR { continue }
                return count < 0
            }
        }
    }

    private func reap(_ child: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1, errno == EINTR {}
        return status
    }
}
