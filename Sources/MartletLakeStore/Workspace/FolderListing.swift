internal import Dispatch
internal import Glibc

/// The names in one folder, in the order of the lake's keys, and what stat(2) says of its files.
struct FolderListing: Sendable {
    /// What a name stands for.
    enum Kind: UInt8, Sendable { case file, folder, link, other }

    /// A name: a range of ``names``.
    struct Item: Sendable {
        var start: Int32
        var length: Int32
        var kind: Kind
        /// The stamp of a file; nil when it went away meanwhile, and for what is no file.
        var stamp: WorkStamp?
    }

    /// All names, one after the other, each with a zero after it.
    private(set) var names: [UInt8] = []
    /// What is in the folder.
    private(set) var items: [Item] = []

    /// The bytes of a name.
    func name(of item: Item) -> ArraySlice<UInt8> { names[Int(item.start)..<Int(item.start + item.length)] }

    /// Reads the folder that is open as `descriptor`, which stays open.
    ///
    /// - Returns: the listing, or the number of the system's error.
    static func read(_ descriptor: Int32) -> Result<FolderListing, SystemFault> {
        let copy = dup(descriptor)
        guard copy >= 0, let folder = fdopendir(copy) else {
            let number = errno
            if copy >= 0 { close(copy) }
            return .failure(SystemFault(number: number))
        }
        defer { closedir(folder) }
        var listing = FolderListing()
        errno = 0
        while let entry = readdir(folder) {
            listing.append(entry, descriptor)
            errno = 0
        }
        if errno != 0 { return .failure(SystemFault(number: errno)) }
        listing.sort()
        listing.stampFiles(descriptor)
        return .success(listing)
    }

    private mutating func append(_ entry: UnsafeMutablePointer<dirent>, _ descriptor: Int32) {
        let start = names.count
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            let text = UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt8.self)
            var length = 0
            while text[length] != 0 { length += 1 }
            names.append(contentsOf: UnsafeBufferPointer(start: text, count: length + 1))
        }
        let length = names.count - start - 1
        let isDots = names[start] == 0x2e && (length == 1 || length == 2 && names[start + 1] == 0x2e)
        if isDots {
            names.removeSubrange(start...)
            return
        }
        let kind = Self.kind(entry.pointee.d_type) ?? Self.kind(ofNameAt: start, in: names, descriptor)
        items.append(Item(start: Int32(start), length: Int32(length), kind: kind, stamp: nil))
    }

    private static func kind(_ type: UInt8) -> Kind? {
        switch Int(type) {
        case DT_REG: .file
        case DT_DIR: .folder
        case DT_LNK: .link
        case DT_UNKNOWN: nil
        default: .other
        }
    }

    /// Some file systems do not say what a name is when they list it.
    private static func kind(ofNameAt start: Int, in names: [UInt8], _ descriptor: Int32) -> Kind {
        guard let info = names.withUnsafeBytes({ status(descriptor, $0, start) }) else { return .other }
        switch info.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        case S_IFLNK: return .link
        default: return .other
        }
    }

    /// Orders names as their keys are: a folder's has a slash after it.
    private mutating func sort() {
        names.withUnsafeBytes { bytes in
            items.sort { left, right in
                let shared = Int(min(left.length, right.length))
                if let names = bytes.baseAddress {
                    let order = memcmp(names + Int(left.start), names + Int(right.start), shared)
                    if order != 0 { return order < 0 }
                }
                return Self.byte(after: shared, of: left, bytes) < Self.byte(after: shared, of: right, bytes)
            }
        }
    }

    private static func byte(after count: Int, of item: Item, _ bytes: UnsafeRawBufferPointer) -> Int {
        if count < Int(item.length) { return Int(bytes[Int(item.start) + count]) }
        return item.kind == .folder ? 0x2f : -1
    }

    /// Asks for all stamps, on two threads when there are many: most of the time of a walk goes into this.
    private mutating func stampFiles(_ descriptor: Int32) {
        let parts = items.count > Self.itemsPerPart ? 2 : 1
        let count = items.count
        names.withUnsafeBytes { bytes in
            items.withUnsafeMutableBufferPointer { items in
                // Each part writes to its own items only.
                nonisolated(unsafe) let items = items
                nonisolated(unsafe) let bytes = bytes
                DispatchQueue.concurrentPerform(iterations: parts) { part in
                    for index in (count * part / parts)..<(count * (part + 1) / parts) {
                        guard items[index].kind == .file else { continue }
                        let info = Self.status(descriptor, bytes, Int(items[index].start))
                        items[index].stamp = info.map { WorkStamp($0) }
                    }
                }
            }
        }
    }

    private static let itemsPerPart = 1_000

    /// lstat(2) of the name that starts at `start`; nil when it went away.
    private static func status(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, _ start: Int) -> stat? {
        guard let name = bytes.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self) else { return nil }
        var info = stat()
        return fstatat(descriptor, name, &info, AT_SYMLINK_NOFOLLOW) == 0 ? info : nil
    }
}

/// An error of the system, by its number.
struct SystemFault: Error, Hashable {
    let number: Int32

    /// What the system calls it.
    var text: String { String(cString: strerror(number)) }
}
