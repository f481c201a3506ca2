import MartletCore

/// How tumbling and hopping windows are cut into slices: a record is added to one slice, whatever the overlap.
struct SliceLayout: Hashable, Sendable {
    /// The length of a window.
    let size: Int64
    /// How far apart windows start.
    let slide: Int64
    /// The length of a slice: the greatest that divides both.
    let slice: Int64
    /// Where the grid stands, from 0 to less than `slide`.
    let offset: Int64

    init(size: Int64, slide: Int64, offset: Int64) {
        self.size = max(1, size)
        self.slide = max(1, slide)
        self.offset = offset % max(1, slide)
        var (larger, smaller) = (max(1, size), max(1, slide))
        while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
        slice = larger
    }

    /// Where the slice of `time` starts.
    @inline(__always)
    func sliceStart(_ time: Int64) -> Int64 { EventTime.floor(time, step: slice, offset: offset) }

    /// Where the last window with this slice starts.
    @inline(__always)
    func lastWindow(_ slice: Int64) -> Int64 { EventTime.floor(slice, step: slide, offset: offset) }

    /// Where the first window with this slice starts.
    @inline(__always)
    func firstWindow(_ slice: Int64) -> Int64 { firstWindow(after: slice + self.slice - size - 1) }

    /// Where the first window that starts after `time` starts.
    func firstWindow(after time: Int64) -> Int64 { EventTime.floor(time, step: slide, offset: offset) + slide }
}
