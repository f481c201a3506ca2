import CLinux
import Foundation
import Glibc
import MartletCore

/// One child process from its start to its end: output to the log, messages to the caller, signals from it.
///
/// It runs on a thread of its own that waits in `poll(2)` for the output pipe, the frames, the message file, the end
/// of the process, and a wake-up for cancellation; nothing here is asked over and over.
final class ProcessSession {
    /// A step that ends before has its messages read at its end only.
    private static let beforeWatching = Duration.milliseconds(50)

    private let spec: ProcessSpec
    private let report: @Sendable (StepMessage) -> Void
    private let stop: StopSignal
    private var log: OutputLog
    private var lastOutput = LastBytes(limit: 2_048)
    /// Output on its way through the mask; nil when there is nothing to mask, and then it costs nothing.
    private var masking: SecretMask.Stream?
    private var messages: MessageFile?
    private var frames = FrameDecoder()
    private var framesBroken = false
    private var rejected = 0

    private init(
        _ spec: ProcessSpec,
        log: consuming OutputLog,
        stop: StopSignal,
        report: @escaping @Sendable (StepMessage) -> Void
    ) {
        self.spec = spec
        self.log = log
        self.stop = stop
        self.report = report
        masking = spec.mask.map { SecretMask.Stream($0) }
    }

    /// Runs the process to its end.
    ///
    /// Cancelling the calling task ends it: SIGTERM, the grace period, SIGKILL.
    ///
    /// - Throws: ``MartletError`` MT2004 when it cannot be started, MT8005 when its log cannot be written.
    static func run(
        _ spec: ProcessSpec,
        report: @escaping @Sendable (StepMessage) -> Void
    ) async throws(MartletError) -> ProcessEnd {
        let stop = try StopSignal()
        let result: Result<ProcessEnd, MartletError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let error = BlockingThread.start {
                    continuation.resume(returning: start(spec, stop: stop, report: report))
                }
                if error != 0 { continuation.resume(returning: .failure(noThread(error))) }
            }
        } onCancel: {
            stop.send()
        }
        return try result.get()
    }

    private static func start(
        _ spec: ProcessSpec,
        stop: StopSignal,
        report: @escaping @Sendable (StepMessage) -> Void
    ) -> Result<ProcessEnd, MartletError> {
        guard let log = OutputLog(path: spec.log) else {
            return .failure(FileSystem.unwritable(spec.log, errno))
        }
        let session = ProcessSession(spec, log: log, stop: stop, report: report)
        do throws(MartletError) {
            return .success(try session.run())
        } catch {
            return .failure(error)
        }
    }

    private static func noThread(_ error: Int32) -> MartletError {
        MartletError(
            .launchFailed,
            "cannot start a step: no further thread can be made",
            reason: systemMessage(error),
            remedy: "raise the limit on processes (ulimit -u), or lower max_parallel_steps"
        )
    }

    private func run() throws(MartletError) -> ProcessEnd {
        if let path = spec.messages { messages = MessageFile(path: path) }
        guard let output = Pipe() else { throw launchFailure(errno) }
        var child: pid_t = 0
        let framesEnd = try spawn(&child, output: output)
        let reading = output.closingWriter()
        setNonBlocking(reading.raw)
        guard let exit = OwnedDescriptor(clinux_pidfd_open(child)) else {
            let error = errno
            kill(-child, SIGKILL)
            reap(child)
            throw launchFailure(error)
        }
        return follow(child, output: reading, frames: framesEnd, exit: exit)
    }

    /// Starts the process; returns the end that its frames arrive at.
    private func spawn(_ child: inout pid_t, output: borrowing Pipe) throws(MartletError) -> OwnedDescriptor? {
        guard let payload = spec.firstFrame else {
            try spawn(&child, output: output.writing.raw, framesIn: -1, framesOut: -1)
            return nil
        }
        guard let toChild = Pipe(), let fromChild = Pipe() else { throw launchFailure(errno) }
        try spawn(&child, output: output.writing.raw, framesIn: toChild.reading.raw, framesOut: fromChild.writing.raw)
        let writer = toChild.closingReader()
        let reader = fromChild.closingWriter()
        setNonBlocking(reader.raw)
        // The pipe's buffer takes a usual frame whole; one that does not fit must not hold up the session.
        let frame = Frame.encode(payload)
        if frame.count <= 60_000 {
            _ = frame.withUnsafeBytes { writer.write($0) }
        } else {
            let raw = dup(writer.raw)
            let error = BlockingThread.start {
                guard let descriptor = OwnedDescriptor(raw) else { return }
                _ = frame.withUnsafeBytes { descriptor.write($0) }
            }
            // The step then finds its frame cut short and says so.
            if error != 0 { close(raw) }
        }
        return reader
    }

    private func spawn(_ child: inout pid_t, output: Int32, framesIn: Int32, framesOut: Int32) throws(MartletError) {
        var environment = spec.environment
        if framesIn >= 0 { environment[Frame.environmentKey] = "3,4" }
        if let cut = ([spec.program] + spec.arguments + environment.values).first(where: { $0.utf8.contains(0) }) {
            throw MartletError(
                .launchFailed,
                "cannot start \(spec.program): an argument or variable holds a NUL character",
                reason: "it begins \(cut.prefix { $0 != "\0" }.prefix(80))",
                remedy: "remove it; programs cannot be given one"
            )
        }
        let strings = CStrings([spec.program] + spec.arguments)
        let variables = CStrings(environment.map { "\($0.key)=\($0.value)" })
        let error = clinux_spawn(
            &child,
            spec.program,
            strings.pointers,
            variables.pointers,
            spec.directory,
            output,
            framesIn,
            framesOut
        )
        if error != 0 { throw launchFailure(error) }
    }

    private func launchFailure(_ error: Int32) -> MartletError {
        var isFolder: ObjCBool = false
        let hasFolder =
            FileManager.default.fileExists(atPath: spec.directory, isDirectory: &isFolder) && isFolder.boolValue
        if !hasFolder {
            return MartletError(
                .launchFailed,
                "cannot start \(spec.program): its working directory \(spec.directory) is not a folder",
                remedy: "correct working_directory, or create the folder"
            )
        }
        let remedy =
            switch error {
            case ENOENT: "check the name and that the program is installed; a path is relative to \(spec.directory)"
            case EACCES: "make it executable (chmod +x), or name its interpreter"
            case ENOEXEC: "give it a first line such as #!/bin/sh, or name its interpreter"
            case E2BIG: "pass large values in files instead of arguments"
            default: "see the reason"
            }
        return MartletError(
            .launchFailed,
            "cannot start \(spec.program)",
            reason: systemMessage(error),
            remedy: remedy
        )
    }

    // MARK: - Following

    private func follow(
        _ child: pid_t,
        output: borrowing OwnedDescriptor,
        frames: consuming OwnedDescriptor?,
        exit: borrowing OwnedDescriptor
    ) -> ProcessEnd {
        let clock = ContinuousClock()
        var cause = ProcessEnd.Cause.itself
        var timeoutAt = spec.timeout.map { clock.now + $0 }
        var silentAt = spec.heartbeat.map { clock.now + $0 }
        var killAt: ContinuousClock.Instant?
        var watchAt = messages == nil ? nil : Optional(clock.now + Self.beforeWatching)
        let framesDescriptor: Int32 = frames?.raw ?? -1
        var waits = [
            exit.raw, output.raw, framesDescriptor, -1, stop.descriptor,
        ].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while true {
            let next = [timeoutAt, silentAt, killAt, watchAt].compactMap(\.self).min()
            poll(&waits, nfds_t(waits.count), next.map { milliseconds(clock.now.duration(to: $0)) } ?? -1)
            if waits[1].revents != 0, drain(output) { waits[1].fd = -1 }
            if waits[2].revents != 0, drainFrames(framesDescriptor) { waits[2].fd = -1 }
            if waits[3].revents != 0 { readMessages() }
            if waits[0].revents != 0 { break }
            let now = clock.now
            let isHeard = waits[1].revents != 0 || waits[2].revents != 0 || waits[3].revents != 0
            if isHeard, silentAt != nil { silentAt = spec.heartbeat.map { now + $0 } }
            if let at = watchAt, now >= at {
                watchAt = nil
                messages?.watch()
                waits[3].fd = messages?.descriptor ?? -1
                readMessages()
            }
            if waits[4].revents != 0 {
                waits[4].fd = -1
                if killAt == nil {
                    cause = .cancelled
                    (timeoutAt, silentAt) = (nil, nil)
                    killAt = terminate(child, clock)
                }
            }
            if let at = timeoutAt, now >= at {
                cause = .timeout
                (timeoutAt, silentAt) = (nil, nil)
                killAt = terminate(child, clock)
            }
            if let at = silentAt, now >= at {
                cause = .silence
                (timeoutAt, silentAt) = (nil, nil)
                killAt = terminate(child, clock)
            }
            if let at = killAt, now >= at {
                kill(-child, SIGKILL)
                killAt = now + .seconds(3600)
            }
            for index in waits.indices { waits[index].revents = 0 }
        }
        return end(child, cause, outputEnded: waits[1].fd < 0, output: output, framesDescriptor: framesDescriptor)
    }

    private func terminate(_ child: pid_t, _ clock: ContinuousClock) -> ContinuousClock.Instant {
        kill(-child, SIGTERM)
        // A stopped process could not act on the signal.
        kill(-child, SIGCONT)
        return clock.now + spec.grace
    }

    private func milliseconds(_ duration: Duration) -> Int32 {
        Int32(clamping: max(0, duration.microseconds / 1000 + 1))
    }

    private func end(
        _ child: pid_t,
        _ cause: ProcessEnd.Cause,
        outputEnded: Bool,
        output: borrowing OwnedDescriptor,
        framesDescriptor: Int32
    ) -> ProcessEnd {
        // While the leader is not reaped, no one else can get its group's number.
        clinux_peek_exit(child)
        // Only where someone still holds the output is it worth looking who; the whole group goes in any case. (A child
        // that is being started at this moment holds it too, until its exec.)
        let leftBehind = !outputEnded && !drain(output) && ProcessTable.hasMembers(of: child)
        kill(-child, SIGKILL)
        let status = reap(child)
        _ = drain(output)
        masking?.finish { keep($0) }
        if framesDescriptor >= 0 { _ = drainFrames(framesDescriptor) }
        readMessages(atEnd: true)
        if let path = spec.messages { spec.mask?.apply(toFile: path) }
        if leftBehind { log.append(line: "[martlet: processes that outlived the step were ended]") }
        rejected += messages?.rejected ?? 0
        if rejected > 0 {
            let reason = messages?.firstRejection.map { "; the first: \($0)" } ?? ""
            let line = "[martlet: \(rejected) messages were not understood and left out\(reason)]"
            log.append(line: spec.mask?.masked(line) ?? line)
        }
        log.finish()
        let signal = status & 0x7f
        return ProcessEnd(
            exitCode: signal == 0 ? Int(status >> 8 & 0xff) : nil,
            signal: signal == 0 ? nil : Int(signal),
            cause: cause,
            lastOutput: lastOutput.text,
            leftBehind: leftBehind,
            rejectedMessages: rejected,
            logFailure: log.failure
        )
    }

    @discardableResult
    private func reap(_ child: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1, errno == EINTR {}
        return status
    }

    /// Reads the output that is there; true at its end.
    private func drain(_ output: borrowing OwnedDescriptor) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            while let count = output.read(into: buffer) {
                if count == 0 { return true }
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                if masking == nil { keep(bytes) } else { masking?.feed(bytes) { keep($0) } }
                if count < buffer.count { return false }
            }
            return false
        }
    }

    private func keep(_ bytes: UnsafeRawBufferPointer) {
        log.append(bytes)
        lastOutput.append(bytes)
    }

    private func drainFrames(_ descriptor: Int32) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            while true {
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                if count == 0 { return true }
                if count < 0 { return errno != EAGAIN && errno != EINTR }
                if framesBroken { continue }
                do throws(OversizedFrame) {
                    for payload in try frames.feed(buffer[..<count]) { receive(payload) }
                } catch {
                    framesBroken = true
                    rejected += 1
                }
            }
        }
    }

    private func receive(_ payload: [UInt8]) {
        if let message = try? StepMessage(reading: payload) {
            deliver(message)
        } else {
            rejected += 1
        }
    }

    private func readMessages(atEnd: Bool = false) {
        for message in messages?.read(atEnd: atEnd) ?? [] { deliver(message) }
    }

    private func deliver(_ told: StepMessage) {
        guard let message = spec.mask == nil ? told : spec.mask?.masked(told) else {
            log.append(line: "[martlet: a message whose name holds a secret was left out]")
            return
        }
        if case .log(let level, let text) = message { log.append(line: level == "info" ? text : "\(level): \(text)") }
        report(message)
    }
}
