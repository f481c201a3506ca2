// As JSON `"work"`, `"setup"` or `{"teardown": {"setups": [...], "fails_run": false}}`.
extension StepRole {
    private enum CodingKeys: String, CodingKey { case teardown }

    /// Decodes a word, or an object with the member `teardown`.
    public init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: CodingKeys.self) {
            self = .teardown(try container.decode(TeardownSpec.self, forKey: .teardown))
            return
        }
        let container = try decoder.singleValueContainer()
        switch try container.decode(String.self) {
        case "work": self = .work
        case "setup": self = .setup
        case let other:
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "\"\(other)\" is not a role; use work, setup or an object with teardown"
            )
        }
    }

    /// Encodes a word, or an object with the member `teardown`.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .work, .setup:
            var container = encoder.singleValueContainer()
            try container.encode(self == .setup ? "setup" : "work")
        case .teardown(let spec):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(spec, forKey: .teardown)
        }
    }
}
