import Foundation
import MartletCore
import MartletScheduling
import MartletTestKit
import Testing

@testable import MartletRuntime

/// Files that come while a step waits for them.
///
/// The clock stands still here, so that only the kernel can have told.
@Suite(.timeLimit(.minutes(30))) struct FileWatchTests {
    let scratch: Scratch
    private let clock = ManualClock(epoch: SystemTime().now)
    private let endings = Endings()

    init() throws { scratch = try Scratch() }

    private func request(_ path: String, step: String = "w", minBytes: Int = 0) -> WaitRequest {
        let wait = FileWait(path: path, minBytes: minBytes)
        let now = clock.wallTime.now
        return waitRequest(.file(wait), step: step, project: scratch.path, startedAt: now)
    }

    /// Runs `body` once the first look at each wait has found nothing.
    private func waiting(_ requests: [WaitRequest], _ body: (FileProbe) throws -> Void) async throws -> [String] {
        let probe = FileProbe(time: clock.wallTime)
        let service = WaitService(probe: probe, time: clock.wallTime, clock: clock)
        return try await withService(service) {
            for request in requests { service.start(request, endings) }
            while requests.contains(where: { service.status(of: $0.key)?.reason == nil }) { await Task.yield() }
            try body(probe)
            var ended: [String] = []
            for _ in requests { if let next = await endings.next() { ended.append(next.step) } }
            #expect(probe.watchedFolders == 0)
            return ended.sorted()
        }
    }

    private func write(_ name: String, _ text: String = "text") throws {
        try FileSystem.create("\(scratch.path)/\(name)", Array(text.utf8))
    }

    @Test func aFileThatIsWrittenIsNoticed() async throws {
        _ = try await waiting([request("arrival.csv")]) { _ in try write("arrival.csv") }
    }

    @Test func aFileThatIsMovedThereIsNoticed() async throws {
        _ = try await waiting([request("arrival.csv")]) { _ in
            try write("part")
            #expect(rename("\(scratch.path)/part", "\(scratch.path)/arrival.csv") == 0)
        }
    }

    @Test(arguments: [false, true]) func aLinkIsNoticed(isHard: Bool) async throws {
        try write("other")
        _ = try await waiting([request("arrival.csv")]) { _ in
            let (from, to) = ("\(scratch.path)/other", "\(scratch.path)/arrival.csv")
            #expect((isHard ? link(from, to) : symlink(from, to)) == 0)
        }
    }

    @Test func aFileInAFolderThatIsNotThereYetIsNoticed() async throws {
        _ = try await waiting([request("a/b/*/arrival-?.csv")]) { _ in
            try FileSystem.makeFolder("\(scratch.path)/a/b/c")
            try write("a/b/c/arrival-1.csv")
        }
    }

    @Test func aFileThatGrowsIsNoticedWhenItIsLargeEnough() async throws {
        try write("arrival.csv", "short")
        _ = try await waiting([request("arrival.csv", minBytes: 10)]) { _ in try write("arrival.csv", "long enough") }
    }

    @Test func aFolderThatIsMovedThereIsNoticed() async throws {
        try FileSystem.makeFolder("\(scratch.path)/other")
        try write("other/arrival.csv")
        _ = try await waiting([request("a/*.csv")]) { _ in
            #expect(rename("\(scratch.path)/other", "\(scratch.path)/a") == 0)
        }
    }

    @Test func aFolderThatIsMadeAnewIsNoticed() async throws {
        try FileSystem.makeFolder("\(scratch.path)/a")
        _ = try await waiting([request("a/x.csv")]) { _ in
            #expect(rmdir("\(scratch.path)/a") == 0)
            try FileSystem.makeFolder("\(scratch.path)/a")
            try write("a/x.csv")
        }
    }

    @Test func manyWaitsShareTheWatches() async throws {
        let requests = (0..<100).map { request("\($0).csv", step: "s\($0)") } + [request("5*.csv", step: "fifties")]
        let ended = try await waiting(requests) { probe in
            #expect(probe.watchedFolders == 1)
            for number in (0..<100).reversed() { try write("\(number).csv") }
        }
        #expect(ended.count == 101)
    }

    /// A file that someone has opened for writing does not count as come by being told of.
    @Test func whatIsBeingWrittenWakesNobody() throws {
        let watcher = FileWatcher()
        let key = request("x").key
        let woken = Counter(1)
        let folder = FileSearch.Place(folder: scratch.path, form: NamePattern("*.csv"))
        let told = DispatchSemaphore(value: 0)
        #expect(watcher.watch([folder], for: key) { if woken.take() { told.signal() } })
        #expect(!watcher.watch([folder], for: key) { if woken.take() { told.signal() } })
        let file = open("\(scratch.path)/a.csv", O_WRONLY | O_CREAT, 0o644)
        try write("b.txt")
        #expect(told.wait(timeout: .now() + .milliseconds(50)) == .timedOut)
        close(file)
        told.wait()
        watcher.forget(key)
        #expect(watcher.count == 0)
    }

    @Test func aFolderThatIsNotThereIsNotWatched() {
        let watcher = FileWatcher()
        let place = FileSearch.Place(folder: "\(scratch.path)/no", form: nil)
        #expect(!watcher.watch([place], for: request("x").key) {})
        #expect(watcher.count == 0)
    }

    @Test func aPatternThatReachesTooFarFailsForGood() async throws {
        for number in 0..<3 { try FileSystem.makeFolder("\(scratch.path)/\(number)") }
        var wait = request("**/**/**/**/**/**/**/**/**/**/*")
        for number in 0..<300 { try write("0/\(number)", "") }
        if case .file(var file) = wait.subject {
            file.minBytes = 5
            wait.subject = .file(file)
        }
        guard case .failed(let error, retryable: false) = await FileProbe(time: clock.wallTime).probe(wait) else {
            Issue.record("it was searched to the end")
            return
        }
        #expect(error.code == .waitImpossible)
    }
}
