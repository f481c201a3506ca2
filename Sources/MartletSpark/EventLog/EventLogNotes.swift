internal import MartletCore

/// What was found about a log itself while it was read: how much, what was passed over and where it broke off.
package struct EventLogNotes: Sendable, Equatable, Codable {
    /// The names of the files that were read, in order.
    package var files: [String] = []
    /// Bytes of all lines after decompression.
    package var bytes = 0
    /// Lines with an event that was understood, or known and not needed.
    package var events = 0
    /// Lines that are not an event.
    package var corruptLines = 0
    /// Where the first corrupt lines are.
    package var corruptPlaces: [Place] = []
    /// Events of unknown kinds, by name.
    package var unknown: [String: Int] = [:]
    /// Files that break off within a line or a compressed frame.
    package var truncatedFiles: [String] = []
    /// Files whose compressed bytes are damaged; what follows the damage was not read.
    package var damagedFiles: [Place] = []
    /// Numbers of rolled files that are not there.
    package var missingFiles: [Int] = []
    /// Whether the application was still running when the log was read, or died without closing it.
    package var isInProgress = false
    /// Values and plans that were dropped because there were more than the limits allow.
    package var dropped = 0

    /// A place in a file.
    package struct Place: Sendable, Equatable, Codable {
        /// The name of the file.
        package var file: String
        /// The offset: of the line in the plain bytes, or of the damage in the compressed ones.
        package var offset: Int
    }

    /// Nothing read yet.
    package init() {}

    /// Whether the log tells all of the application.
    package var isWhole: Bool {
        corruptLines == 0 && truncatedFiles.isEmpty && damagedFiles.isEmpty && missingFiles.isEmpty && !isInProgress
    }

    mutating func corrupt(_ file: String, _ offset: Int) {
        corruptLines += 1
        if corruptPlaces.count < Limits.sparkCorruptPlaces { corruptPlaces.append(Place(file: file, offset: offset)) }
    }
}
