/// Asks a person; meanwhile no process and no slot is held.
public struct ApproveAction: Hashable, Codable, Sendable {
    /// What is asked; a template.
    public var message: String
    /// The answers to choose from.
    public var options: [String]
    /// Those of the answers that refuse: the step does not succeed then.
    public var refusals: [String]
    /// The answer taken when nobody gives one in time; nil takes none.
    public var defaultOption: String?
    /// Longest wait for an answer; nil waits for ever.
    public var timeoutSeconds: Double?
    /// What becomes of the step when the time is over and no default is set.
    public var onTimeout: WaitEnding
    /// What becomes of the step when the answer refuses.
    public var onRefusal: WaitEnding
    /// Who may answer, in words for people; Martlet does not check it.
    public var approvers: String?
    /// The notifiers that are told of the question.
    public var notify: [NotifierID]

    /// A question with the answers `approve` and `reject` unless told otherwise.
    public init(
        message: String,
        options: [String] = ["approve", "reject"],
        refusals: [String] = ["reject"],
        defaultOption: String? = nil,
        timeoutSeconds: Double? = nil,
        onTimeout: WaitEnding = .fail,
        onRefusal: WaitEnding = .skip,
        approvers: String? = nil,
        notify: [NotifierID] = []
    ) {
        self.message = message
        self.options = options
        self.refusals = refusals
        self.defaultOption = defaultOption
        self.timeoutSeconds = timeoutSeconds
        self.onTimeout = onTimeout
        self.onRefusal = onRefusal
        self.approvers = approvers
        self.notify = notify
    }

    enum CodingKeys: String, CodingKey {
        case message, options, refusals
        case defaultOption = "default"
        case timeoutSeconds = "timeout_seconds"
        case onTimeout = "on_timeout"
        case onRefusal = "on_refusal"
        case approvers, notify
    }
}
