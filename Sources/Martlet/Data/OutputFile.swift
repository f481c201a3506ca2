public import Foundation

/// A dataset that the body of a step writes; the step fails when it ends without having written it.
public struct OutputFile<Content: DatasetContent>: Hashable, Sendable {
    /// The name the step knows it by.
    public let name: PortName
    /// The dataset's name.
    public let dataset: DatasetID
    /// The file to write; absolute.
    public let path: String
    /// How it is to be written, when that was said.
    public let format: DatasetFormat?

    /// The file to write.
    public var url: URL { URL(filePath: path) }

    /// Writes these bytes.
    ///
    /// - Throws: `MartletError` MT8005 when the file cannot be written.
    public func write(_ data: Data) throws(MartletError) {
        do {
            try data.write(to: url, options: .atomic)
        } catch {
            throw MartletError(
                .fileUnwritable,
                "cannot write dataset \(dataset) at \(path)",
                cause: String(describing: error)
            )
        }
    }

    /// Writes this text.
    ///
    /// - Throws: `MartletError` MT8005 when the file cannot be written.
    public func write(_ text: String) throws(MartletError) { try write(Data(text.utf8)) }

    /// Finds the output called `name` in the context of an attempt.
    static func resolver(_ name: String) -> @Sendable (StepContextDocument) throws -> OutputFile {
        { document in
            guard let output = document.outputs[name] else {
                throw MartletError(
                    .outputMissing,
                    "step \(document.step) was not told where to write its output \(name)",
                    remedy: "run the step with a Martlet that described this very program"
                )
            }
            return OutputFile(
                name: PortName(trusted: name),
                dataset: output.dataset,
                path: output.path,
                format: output.format ?? Content.format
            )
        }
    }
}

extension OutputFile where Content: Encodable & JSONLinesContent {
    /// Writes rows as JSON lines.
    ///
    /// - Throws: `MartletError` MT8005 when the file cannot be written; what a row throws when it is encoded.
    public func write(rows: some Sequence<Content>) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var data = Data()
        for row in rows {
            data += try encoder.encode(row)
            data.append(UInt8(ascii: "\n"))
        }
        try write(data)
    }
}
