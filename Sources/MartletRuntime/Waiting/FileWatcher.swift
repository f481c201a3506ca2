import CLinux
import Foundation
import Glibc
import MartletCore
import Synchronization

/// Tells waits when names come into the folders they look at: inotify(7), one descriptor and one thread for all.
///
/// A file counts as come when the one who writes it closes it, or when it is moved there; files that are only being
/// written wake nobody. File systems of other machines tell nothing, so waits go on looking by the clock.
final class FileWatcher: Sendable {
    private struct Watch {
        var folder: String
        /// The forms of names that each wait looks for; a wait without any here looks for all.
        var waits: [WaitKey: Set<NamePattern?>] = [:]
    }

    private struct State {
        var descriptor: Int32 = -1
        /// The watches by the kernel's number; two paths to one folder have one.
        var watches: [Int32: Watch] = [:]
        var wakers: [WaitKey: @Sendable () -> Void] = [:]
        /// The numbers of the watches that a wait is part of.
        var numbers: [WaitKey: Set<Int32>] = [:]
        /// Whether this system gives no watches at all.
        var isUseless = false
    }

    private let state = Shared()
    private let stop: StopSignal?

    /// What the thread and the watcher share, so that the thread does not keep the watcher.
    private final class Shared: Sendable { let state = Mutex(State()) }

    /// A watcher that starts its thread with the first folder.
    init() { stop = try? StopSignal() }

    deinit { stop?.send() }

    /// How many folders are watched.
    var count: Int { state.state.withLock { $0.watches.count } }

    /// Watches `places` for a wait, instead of those before.
    ///
    /// - Returns: whether a folder is watched that was not before: what came into it in the meantime was not told.
    func watch(_ places: Set<FileSearch.Place>, for key: WaitKey, wake: @escaping @Sendable () -> Void) -> Bool {
        state.state.withLock { state in
            guard let stop, start(&state, stop) else { return false }
            state.wakers[key] = wake
            var added = false
            var numbers: Set<Int32> = []
            for place in places {
                guard let number = number(for: place.folder, &state) else { continue }
                if state.watches[number]?.waits[key] == nil { added = true }
                if numbers.insert(number).inserted { state.watches[number]?.waits[key] = [] }
                state.watches[number]?.waits[key]?.insert(place.form)
            }
            for old in state.numbers[key] ?? [] where !numbers.contains(old) { Self.leave(old, key, &state) }
            state.numbers[key] = numbers
            return added
        }
    }

    /// Watches nothing any more for a wait.
    func forget(_ key: WaitKey) {
        state.state.withLock { state in
            state.wakers[key] = nil
            for number in state.numbers.removeValue(forKey: key) ?? [] { Self.leave(number, key, &state) }
        }
    }

    private static func leave(_ number: Int32, _ key: WaitKey, _ state: inout State) {
        state.watches[number]?.waits[key] = nil
        guard state.watches[number]?.waits.isEmpty == true else { return }
        state.watches[number] = nil
        inotify_rm_watch(state.descriptor, number)
    }

    /// The number of the watch on a folder, made now if there is none; nil when it is not there or there are too many.
    private func number(for folder: String, _ state: inout State) -> Int32? {
        let events = UInt32(
            IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR
        )
        // The kernel gives the same number for the same folder.
        let number = inotify_add_watch(state.descriptor, folder, events)
        guard number >= 0 else { return nil }
        if state.watches[number] != nil { return number }
        if state.watches.count >= Limits.watchedFolders {
            inotify_rm_watch(state.descriptor, number)
            return nil
        }
        state.watches[number] = Watch(folder: folder)
        return number
    }

    /// Opens the descriptor and starts the thread, once.
    private func start(_ state: inout State, _ stop: StopSignal) -> Bool {
        if state.descriptor >= 0 { return true }
        if state.isUseless { return false }
        let descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        let shared = self.state
        let error = descriptor < 0 ? errno : BlockingThread.start { Self.listen(descriptor, shared, stop) }
        if error != 0 {
            if descriptor >= 0 { close(descriptor) }
            state.isUseless = true
            return false
        }
        state.descriptor = descriptor
        return true
    }

    // MARK: - The thread

    private static func listen(_ descriptor: Int32, _ shared: Shared, _ stop: StopSignal) {
        var waits = [descriptor, stop.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            while true {
                poll(&waits, nfds_t(waits.count), -1)
                if waits[1].revents != 0 { break }
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                if count <= 0 { continue }
                let wakers = shared.state.withLock { woken(by: buffer[..<count], &$0) }
                for wake in wakers { wake() }
            }
        }
        shared.state.withLock { $0.descriptor = -1 }
        // Giving up a descriptor with watches takes the kernel milliseconds; nobody waits for this thread.
        close(descriptor)
    }

    private static func woken(
        by events: Slice<UnsafeMutableRawBufferPointer>,
        _ state: inout State
    ) -> [@Sendable () -> Void] {
        let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(events.base)[events.indices])
        var keys: Set<WaitKey> = []
        var position = 0
        while position + MemoryLayout<inotify_event>.size <= bytes.count {
            let event = bytes.loadUnaligned(fromByteOffset: position, as: inotify_event.self)
            let nameStart = position + MemoryLayout<inotify_event>.size
            position = nameStart + Int(event.len)
            guard position <= bytes.count else { break }
            if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { return Array(state.wakers.values) }
            guard let watch = state.watches[event.wd] else { continue }
            let name = String(decoding: bytes[nameStart..<position].prefix { $0 != 0 }, as: UTF8.self)
            if event.mask & UInt32(IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF) != 0 {
                // The folder is gone, or has another name; whoever looks again finds out which are there now.
                keys.formUnion(watch.waits.keys)
                state.watches[event.wd] = nil
                for key in watch.waits.keys { state.numbers[key]?.remove(event.wd) }
                if event.mask & UInt32(IN_IGNORED) == 0 { inotify_rm_watch(state.descriptor, event.wd) }
                continue
            }
            if event.mask & UInt32(IN_CREATE) != 0, !isComplete(name, event.mask, in: watch.folder) { continue }
            for (key, forms) in watch.waits where forms.contains(where: { $0?.matches(name) ?? true }) {
                keys.insert(key)
            }
        }
        return keys.compactMap { state.wakers[$0] }
    }

    /// Whether a name that was made is all there already: a folder or a link, which nobody has to close.
    private static func isComplete(_ name: String, _ mask: UInt32, in folder: String) -> Bool {
        if mask & UInt32(IN_ISDIR) != 0 { return true }
        var info = stat()
        guard lstat("\(folder)/\(name)", &info) == 0 else { return false }
        return info.st_mode & S_IFMT == S_IFLNK || info.st_nlink > 1
    }
}
