internal import Glibc
package import MartletCore
internal import MartletLake

extension WorkingTree {
    /// The key that a path stands for, as seen from a folder; empty for the project's folder.
    ///
    /// Links on the way are followed; a link that the path ends in is the thing itself. What is not there any more is
    /// found by its name alone.
    ///
    /// - Throws: ``MartletError`` MT3001 when it is outside the project.
    package func key(_ path: [UInt8], from directory: String) throws(MartletError) -> [UInt8] {
        let absolute = path.first == 0x2f ? path : Array(directory.utf8) + [0x2f] + path
        var parts: [[UInt8]] = []
        for part in absolute.split(separator: 0x2f) where !part.elementsEqual([0x2e]) {
            if part.elementsEqual([0x2e, 0x2e]) { _ = parts.popLast() } else { parts.append(Array(part)) }
        }
        func joined(_ parts: some Sequence<[UInt8]>) -> [UInt8] { parts.flatMap { [0x2f] + $0 } }
        var found = joined(parts)
        // The folder above says where it is; of what is not there, the nearest one that is.
        for count in stride(from: parts.count - 1, through: 0, by: -1) {
            let above = count == 0 ? [0x2f] : joined(parts[..<count])
            guard let real = RawPath.resolved(above) else { continue }
            found = (real == [0x2f] ? [] : real) + joined(parts[count...])
            break
        }
        if found == root.path || RawPath.resolved(found) == root.path, found.count <= root.path.count { return [] }
        if RawPath.resolved(found) == root.path { return [] }
        guard found.starts(with: root.path + [0x2f]) else {
            throw MartletError(
                .lakePathInvalid,
                "\(DisplayBytes.text(of: path)) is outside the project",
                reason: "the project is \(DisplayBytes.text(of: root.path))",
                remedy: "name a file or folder of the project; a copy of data from elsewhere, say"
            )
        }
        return try LakePath(validating: found[(root.path.count + 1)...]).bytes
    }
}
