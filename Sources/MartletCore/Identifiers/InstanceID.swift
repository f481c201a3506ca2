/// Names one instance of a step within a run: the step itself, or one copy of a mapped step.
///
/// As text `train` or, for the copy with index 3 of a mapped step, `train[3]`.
public struct InstanceID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The step.
    public let step: StepID
    /// Which copy of a mapped step, from 0; nil for a step that is not mapped, or not yet expanded.
    public let index: Int?

    /// The instance of `step` with `index`, or the step itself.
    public init(_ step: StepID, _ index: Int? = nil) {
        self.step = step
        self.index = index
    }

    /// Reads `train` or `train[3]`; nil when `text` is neither.
    public init?(_ text: String) {
        guard text.hasSuffix("]"), let open = text.firstIndex(of: "[") else {
            guard let step = StepID(rawValue: text) else { return nil }
            self.init(step)
            return
        }
        let digits = text[text.index(after: open)...].dropLast()
        guard let step = StepID(rawValue: String(text[..<open])), let index = Int(digits), String(index) == digits,
            index >= 0
        else { return nil }
        self.init(step, index)
    }

    /// The text, as in `train[3]`.
    public var description: String { index.map { "\(step)[\($0)]" } ?? step.rawValue }

    /// Orders by step, then by index; the unexpanded step comes first.
    public static func < (left: Self, right: Self) -> Bool {
        (left.step, left.index ?? -1) < (right.step, right.index ?? -1)
    }
}

extension InstanceID: Codable {
    /// Decodes `train[3]` and its like.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = InstanceID(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\"\(text)\" is not a step")
        }
        self = id
    }

    /// Encodes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
