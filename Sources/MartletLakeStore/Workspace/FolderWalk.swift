internal import Glibc
internal import MartletCore
internal import MartletLake

/// Looks through folders for what can be in the lake, in the order of its keys.
///
/// Memory is that of the listings of the folders on the way, and of the next two. Links to folders are not followed.
final class FolderWalk {
    /// Something a walk has come by that is no folder.
    enum Found: Hashable {
        case file(WorkStamp)
        /// A link to a file inside the root, whose key is `target`.
        case link(WorkStamp, target: [UInt8])
        /// What cannot be in the lake.
        case refused(Refusal)

        /// The stamp of the file, or of the link's target.
        var stamp: WorkStamp? {
            switch self {
            case .file(let stamp), .link(let stamp, _): stamp
            case .refused: nil
            }
        }
    }

    /// Why something cannot be in the lake.
    enum Refusal: Hashable {
        case brokenLink, linkToFolder, linkOutside, notAFile
        case unreadable(Int32)
        case pathTooLong
    }

    /// The key of what was found last.
    private(set) var path: [UInt8] = []
    /// Whether a rule of a `.martletignore` has hidden something.
    private(set) var hasIgnored = false

    private let root: FolderRoot
    private var scopes: ArraySlice<WalkScope>
    private var frames: [Frame] = []

    /// A folder on the way to where the walk is.
    private final class Frame {
        let descriptor: Int32
        let listing: FolderListing
        let rules: IgnoreRules
        /// The bytes of the folder's path, with the slash after it.
        let base: Int
        var next = 0
        /// Folders below that are being listed, by their place.
        var ahead: [(place: Int, folder: FolderPrefetch)] = []
        var aheadFrom = 0

        init(_ descriptor: Int32, _ listing: FolderListing, _ rules: IgnoreRules, base: Int) {
            self.descriptor = descriptor
            self.listing = listing
            self.rules = rules
            self.base = base
        }

        deinit {
            for (_, folder) in ahead {
                _ = folder.take()
                close(folder.descriptor)
            }
            close(descriptor)
        }
    }

    /// A walk over `scopes` below `root`.
    init(_ root: FolderRoot, scopes: [WalkScope]) {
        self.root = root
        self.scopes = scopes[...]
    }

    /// Goes on to the next file; nil at the end.
    ///
    /// - Throws: ``MartletError`` MT3051 when a folder cannot be read.
    func next() throws(MartletError) -> Found? {
        while true {
            guard let frame = frames.last else {
                guard let scope = scopes.popFirst() else { return nil }
                if let found = try begin(scope) { return found }
                continue
            }
            guard frame.next < frame.listing.items.count else {
                frames.removeLast()
                continue
            }
            let place = frame.next
            frame.next += 1
            if let found = try visit(place, in: frame) { return found }
        }
    }

    private func begin(_ scope: WalkScope) throws(MartletError) -> Found? {
        path = scope.path
        switch scope.kind {
        case .missing: return nil
        case .file: return found(atPath: scope.path, AT_FDCWD, root.path + [0x2f] + scope.path)
        case .folder:
            let absolute = scope.path.isEmpty ? root.path : root.path + [0x2f] + scope.path
            let descriptor = RawPath.open(absolute, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            if descriptor < 0 {
                // One that was removed since it was looked for holds nothing.
                if errno == ENOENT || errno == ENOTDIR { return nil }
                throw unreadable(errno)
            }
            try enter(descriptor, FolderListing.read(descriptor), scope.rules)
            return nil
        }
    }

    private func visit(_ place: Int, in frame: Frame) throws(MartletError) -> Found? {
        let item = frame.listing.items[place]
        path.removeSubrange(frame.base...)
        path.append(contentsOf: frame.listing.name(of: item))
        if isLeftOut(item, in: frame) { return nil }
        if path.count > 4_095 { return .refused(.pathTooLong) }
        switch item.kind {
        case .file: return item.stamp.map(Found.file)
        case .folder:
            try enter(place, of: frame)
            return nil
        case .link, .other:
            return found(atPath: path, frame.descriptor, Array(frame.listing.name(of: item)))
        }
    }

    private func isLeftOut(_ item: FolderListing.Item, in frame: Frame) -> Bool {
        let isFolder = item.kind == .folder
        let name = frame.listing.name(of: item)
        if isFolder || item.kind == .file, IgnoreRules.isReserved(name) || name.starts(with: Self.temporary) {
            return true
        }
        if frame.rules.isEmpty { return false }
        guard frame.rules.pattern(ignoring: path, isFolder: isFolder) != nil else { return false }
        hasIgnored = true
        return true
    }

    // MARK: Folders

    private func enter(_ place: Int, of frame: Frame) throws(MartletError) {
        let start = path
        lookAhead(in: frame, from: place)
        path = start
        guard let index = frame.ahead.firstIndex(where: { $0.place == place }) else { return }
        let folder = frame.ahead.remove(at: index).folder
        try enter(folder.descriptor, folder.take(), frame.rules)
    }

    /// Begins to list this folder and the one that will come after it.
    private func lookAhead(in frame: Frame, from place: Int) {
        frame.aheadFrom = max(frame.aheadFrom, place)
        while frame.ahead.count < Self.foldersAhead, frame.aheadFrom < frame.listing.items.count {
            let next = frame.aheadFrom
            frame.aheadFrom += 1
            let item = frame.listing.items[next]
            guard item.kind == .folder else { continue }
            path.removeSubrange(frame.base...)
            path.append(contentsOf: frame.listing.name(of: item))
            if isLeftOut(item, in: frame) { continue }
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
            let descriptor = RawPath.open(Array(frame.listing.name(of: item)), flags, at: frame.descriptor)
            // What cannot be opened is told when its turn comes.
            if descriptor < 0, next > place {
                frame.aheadFrom = next
                return
            }
            frame.ahead.append((next, FolderPrefetch(descriptor)))
        }
    }

    private func enter(
        _ descriptor: Int32,
        _ result: Result<FolderListing, SystemFault>,
        _ rules: IgnoreRules
    ) throws(MartletError) {
        switch result {
        case .success(let listing):
            if !path.isEmpty { path.append(0x2f) }
            let own = listing.items.contains {
                $0.kind == .file && listing.name(of: $0).elementsEqual(IgnoreRules.fileName)
            }
            let base = path.count
            let file = own ? RawPath.contents(IgnoreRules.fileName, at: descriptor) : nil
            frames.append(Frame(descriptor, listing, file.map { rules.adding($0, base: base) } ?? rules, base: base))
        case .failure(let fault):
            if descriptor >= 0 { close(descriptor) }
            // One that was removed meanwhile holds nothing.
            if fault.number == ENOENT { return }
            throw unreadable(fault.number)
        }
    }

    private func unreadable(_ number: Int32) -> MartletError {
        MartletError(
            .pathUnaddable,
            "the folder \(path.isEmpty ? "of the project" : DisplayBytes.text(of: path)) cannot be read",
            reason: SystemFault(number: number).text,
            remedy: "make it readable, or name it in .martletignore"
        )
    }

    /// How names of files begin that replace others when they are complete.
    private static let temporary = Array(Lake.temporaryFilePrefix.utf8)

    /// Folders that are listed before their turn, the next one included.
    private static let foldersAhead = 2

    // MARK: Links

    /// What a name that may be a link stands for.
    private func found(atPath key: [UInt8], _ folder: Int32, _ name: [UInt8]) -> Found? {
        root.look(at: name, in: folder)
    }
}
