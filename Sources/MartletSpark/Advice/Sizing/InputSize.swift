internal import Foundation
package import MartletCore

/// The size of a job's input: said, or measured.
package enum InputSize {
    /// A size with its unit, as `200GB`, where units are binary as in Spark.
    ///
    /// - Throws: `MT7033` when it is none.
    package static func parse(_ text: String, _ option: String) throws(MartletError) -> Int {
        guard let bytes = SparkSize.bytes(text), bytes > 0 else {
            throw MartletError(
                .sparkSizingInvalid,
                "\(text) after \(option) is not a size",
                remedy: "give a number with its unit, as 200GB or 512MB"
            )
        }
        return bytes
    }

    /// The size that a text says, or that of the file or folder it names.
    ///
    /// Files whose names begin with `_` or `.` do not count, as Spark does not read them.
    ///
    /// - Parameters:
    ///   - text: a size, or a path.
    ///   - resolve: makes an absolute path of a name.
    /// - Returns: bytes, at least one.
    /// - Throws: `MT7033` when it is neither, or the folder holds nothing.
    package static func measure(
        _ text: String,
        resolve: (String) throws(MartletError) -> String
    ) throws(MartletError) -> Int {
        if let bytes = SparkSize.bytes(text), bytes > 0 { return bytes }
        let path = try resolve(text)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw MartletError(
                .sparkSizingInvalid,
                "\(text) after --input is neither a size nor a file",
                remedy: "give a size with its unit, as 200GB, or the path of the input"
            )
        }
        let bytes = isFolder.boolValue ? walk(path) : size(path)
        guard bytes > 0 else {
            throw MartletError(
                .sparkSizingInvalid,
                "\(text) is empty",
                remedy: "give the path of the input, or its size"
            )
        }
        return bytes
    }

    private static func walk(_ folder: String) -> Int {
        var total = 0
        let files = FileManager.default.enumerator(atPath: folder)
        while let name = files?.nextObject() as? String {
            let last = name.split(separator: "/").last ?? ""
            if last.hasPrefix("_") || last.hasPrefix(".") {
                files?.skipDescendants()
                continue
            }
            total += size("\(folder)/\(name)")
        }
        return total
    }

    /// The size of a file; nothing for what is none.
    private static func size(_ path: String) -> Int {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            attributes[.type] as? FileAttributeType == .typeRegular
        else { return 0 }
        return (attributes[.size] as? NSNumber)?.intValue ?? 0
    }
}
