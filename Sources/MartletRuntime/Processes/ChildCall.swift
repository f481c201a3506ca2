import CLinux
import Foundation
import Glibc
package import MartletCore

/// A short program that is given bytes and answers with bytes: a request to a server, a notice to people.
///
/// It has a thread of its own while it runs, as steps have. Its input is a file in memory, so that a program that does
/// not read it holds up nobody.
package struct ChildCall: Sendable {
    /// Where a program prints.
    package enum Channel: Sendable { case output, errors }

    /// A path, or a name that is looked up in PATH.
    package var program: String
    package var arguments: [String]
    /// The whole environment.
    package var environment: [String: String]
    package var directory: String
    /// What it reads from its standard input.
    var input: [UInt8] = []
    /// How much of its standard output is kept.
    var outputLimit: Int
    /// Is told each line of its standard output and error as it comes, from a thread of its own; nil tells nobody.
    ///
    /// A line also ends where a program goes back to its beginning (carriage return), and at 64 KiB.
    package var onLine: (@Sendable (Channel, String) -> Void)?
    /// Whether the kernel ends it (SIGKILL) when this process ends, in whatever way.
    package var endsWithCaller = false
    /// Whether it is ended once it has printed more than is kept.
    var endsAtLimit = false
    /// Longest run time.
    package var timeout: Duration
    /// Between SIGTERM and SIGKILL.
    package var grace: Duration = .seconds(2)

    /// A call of `program` whose output is told by line or kept up to `outputLimit` bytes.
    package init(
        program: String,
        arguments: [String],
        environment: [String: String],
        directory: String,
        input: [UInt8] = [],
        outputLimit: Int = 0,
        endsAtLimit: Bool = false,
        timeout: Duration = .seconds(100 * 365 * 86_400),
        grace: Duration = .seconds(2)
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.input = input
        self.outputLimit = outputLimit
        self.endsAtLimit = endsAtLimit
        self.timeout = timeout
        self.grace = grace
    }

    /// What the program came to.
    package struct Answer: Sendable {
        /// Why it ended when it did.
        package enum Cause: Sendable { case itself, timeout, cancelled, limit }

        package var cause: Cause
        package var exitCode: Int?
        package var signal: Int?
        package var output: [UInt8]
        /// Whether there was more output than is kept.
        package var isCut: Bool
        /// The last it printed to its standard error.
        package var errors: String
        fileprivate var lines = LineCutter()
        fileprivate var errorLines = LineCutter()
    }

    /// Runs the program to its end; cancelling the calling task ends it.
    ///
    /// - Throws: ``MartletError`` MT2004 when it cannot be started.
    package func run() async throws(MartletError) -> Answer {
        let stop = try StopSignal()
        let result: Result<Answer, MartletError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let error = BlockingThread.start { continuation.resume(returning: follow(stop)) }
                if error != 0 { continuation.resume(returning: .failure(failure(error))) }
            }
        } onCancel: {
            stop.send()
        }
        return try result.get()
    }

    private func follow(_ stop: StopSignal) -> Result<Answer, MartletError> {
        do throws(MartletError) {
            return .success(try start(stop))
        } catch {
            return .failure(error)
        }
    }

    private func start(_ stop: StopSignal) throws(MartletError) -> Answer {
        if let cut = ([program] + arguments + environment.values).first(where: { $0.utf8.contains(0) }) {
            throw MartletError(
                .launchFailed,
                "cannot start \(program): an argument or variable holds a NUL character",
                reason: "it has \(cut.utf8.count) bytes"
            )
        }
        let file = input.withUnsafeBytes { clinux_memory_file($0.baseAddress, $0.count) }
        guard let file = OwnedDescriptor(file), let output = Pipe(), let errors = Pipe() else { throw failure(errno) }
        let strings = CStrings([program] + arguments)
        let variables = CStrings(environment.map { "\($0.key)=\($0.value)" })
        var child: pid_t = 0
        let spawn = endsWithCaller ? clinux_spawn_bound : clinux_spawn_filter
        let error = spawn(
            &child,
            program,
            strings.pointers,
            variables.pointers,
            directory,
            file.raw,
            output.writing.raw,
            errors.writing.raw
        )
        if error != 0 { throw failure(error) }
        let outputEnd = output.closingWriter()
        let errorsEnd = errors.closingWriter()
        setNonBlocking(outputEnd.raw)
        setNonBlocking(errorsEnd.raw)
        guard let exit = OwnedDescriptor(clinux_pidfd_open(child)) else {
            let error = errno
            kill(-child, SIGKILL)
            reap(child)
            throw failure(error)
        }
        return listen(to: child, exit: exit, output: outputEnd, errors: errorsEnd, stop)
    }

    private func listen(
        to child: pid_t,
        exit: borrowing OwnedDescriptor,
        output: borrowing OwnedDescriptor,
        errors: borrowing OwnedDescriptor,
        _ stop: StopSignal
    ) -> Answer {
        let clock = ContinuousClock()
        var answer = Answer(cause: .itself, output: [], isCut: false, errors: "")
        var complaints = LastBytes(limit: Limits.shownOutputBytes)
        var endAt = clock.now + timeout
        var waits = [exit.raw, output.raw, errors.raw, stop.descriptor]
            .map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        func end(_ cause: Answer.Cause) {
            // The second time is by force.
            let isFirst = answer.cause == .itself
            if isFirst { answer.cause = cause }
            kill(-child, isFirst ? SIGTERM : SIGKILL)
            kill(-child, SIGCONT)
            endAt = clock.now + (isFirst ? grace : .seconds(3600))
        }
        while true {
            let left = clock.now.duration(to: endAt).microseconds / 1000 + 1
            poll(&waits, nfds_t(waits.count), Int32(clamping: max(0, left)))
            if waits[1].revents != 0, drain(output, into: &answer) { waits[1].fd = -1 }
            if waits[2].revents != 0, drain(errors, into: &complaints, &answer) { waits[2].fd = -1 }
            if waits[0].revents != 0 { break }
            if waits[3].revents != 0 {
                waits[3].fd = -1
                end(.cancelled)
            }
            if answer.isCut, endsAtLimit, answer.cause == .itself { end(.limit) }
            if clock.now >= endAt { end(.timeout) }
            for index in waits.indices { waits[index].revents = 0 }
        }
        // While the leader is not reaped, no one else can get its group's number.
        clinux_peek_exit(child)
        kill(-child, SIGKILL)
        let status = reap(child)
        _ = drain(output, into: &answer)
        _ = drain(errors, into: &complaints, &answer)
        if let onLine {
            answer.lines.end { onLine(.output, $0) }
            answer.errorLines.end { onLine(.errors, $0) }
        }
        let signal = status & 0x7f
        answer.exitCode = signal == 0 ? Int(status >> 8 & 0xff) : nil
        answer.signal = signal == 0 ? nil : Int(signal)
        answer.errors = complaints.text
        return answer
    }

    /// Reads what is there, at most a few times the limit; true at the end.
    private func drain(_ descriptor: borrowing OwnedDescriptor, into answer: inout Answer) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            for _ in 0..<64 {
                guard let count = descriptor.read(into: buffer) else { return false }
                if count == 0 { return true }
                if let onLine { answer.lines.cut(buffer[..<count]) { onLine(.output, $0) } }
                let kept = min(count, outputLimit - answer.output.count)
                answer.output.append(contentsOf: buffer[..<kept])
                if kept < count, onLine == nil { answer.isCut = true }
                if answer.isCut, endsAtLimit { return false }
            }
            return false
        }
    }

    private func drain(
        _ descriptor: borrowing OwnedDescriptor,
        into last: inout LastBytes,
        _ answer: inout Answer
    ) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 16) { buffer in
            for _ in 0..<64 {
                guard let count = descriptor.read(into: buffer) else { return false }
                if count == 0 { return true }
                last.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                if let onLine { answer.errorLines.cut(buffer[..<count]) { onLine(.errors, $0) } }
            }
            return false
        }
    }

    @discardableResult
    private func reap(_ child: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1, errno == EINTR {}
        return status
    }

    private func failure(_ error: Int32) -> MartletError {
        MartletError(
            .launchFailed,
            "cannot start \(program)",
            reason: systemMessage(error),
            remedy: error == ENOENT
                ? "check that it is installed; a path is relative to \(directory)" : "see the reason"
        )
    }
}
