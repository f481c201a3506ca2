/// A dataset that a step is going to write, with the name the step knows it by.
///
/// Made by ``DatasetContent/to(_:as:format:)``.
public struct OutputPort<Content: DatasetContent> {
    let dataset: String
    let name: String
    let format: DatasetFormat?
}

extension DatasetContent {
    /// This content, written to the dataset `dataset`: `Features.to("flights/features")`.
    ///
    /// - Parameters:
    ///   - dataset: the dataset's name.
    ///   - name: the name the step knows the output by; the last part of the dataset's name by default.
    ///   - format: another format than the content's own.
    /// - Returns: the output, for `writes:`.
    public static func to(_ dataset: String, as name: String? = nil, format: DatasetFormat? = nil) -> OutputPort<Self> {
        OutputPort(dataset: dataset, name: name ?? PortName.derived(from: dataset), format: format ?? Self.format)
    }
}

extension PortName {
    /// A name for a port, from the last part of a dataset's name: `report` from `out/report.html`.
    static func derived(from dataset: String) -> String {
        let last = dataset.split(separator: "/").last ?? ""
        let stem = last.prefix { $0 != "." }
        let word = String(stem.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        return PortName(rawValue: word) == nil ? "_\(word)" : word
    }
}
