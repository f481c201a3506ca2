public import MartletCore

/// A place for results to be tested, and how to look into it.
public struct ResultStoreBench: Sendable {
    /// What stands in the place, as anybody else sees it.
    public struct Contents: Hashable, Sendable {
        /// Of each key and window the values of the last pane, as text.
        public var panes: [String: String]
        /// Records put aside: place and reason, and their value.
        public var rejected: [String: [UInt8]?]

        /// What stands there.
        public init(panes: [String: String] = [:], rejected: [String: [UInt8]?] = [:]) {
            self.panes = panes
            self.rejected = rejected
        }
    }

    /// A new store of the same place, as another process would open it.
    public var makeStore: @Sendable () throws -> any StreamResultStore
    /// Reads the place.
    public var contents: @Sendable () async throws -> Contents

    /// The columns of the results that are written.
    public static let key = [StreamField("name", .text), StreamField("number", .integer)]
    /// The columns of the values.
    public static let values = [
        StreamField("count", .integer), StreamField("mean", .double), StreamField("label", .text),
        StreamField("flag", .boolean), StreamField("seen", .timestamp),
    ]
    /// The topic that the stream reads.
    public var topic: String

    /// The partitions of the input.
    public var partitions: [TopicPartition] { [TopicPartition(topic, 0), TopicPartition(topic, 1)] }

    /// A place to be tested.
    public init(
        topic: String = "input",
        makeStore: @escaping @Sendable () throws -> any StreamResultStore,
        contents: @escaping @Sendable () async throws -> Contents
    ) {
        self.topic = topic
        self.makeStore = makeStore
        self.contents = contents
    }

    /// How a pane's key and window are told in ``Contents``, whatever the place.
    public static func identity(_ key: [StreamValue], _ window: StreamWindow) -> String {
        (key.map(text) + [text(.timestamp(window.start)), text(.timestamp(window.end))]).joined(separator: "|")
    }

    /// How values are told in ``Contents``: times as text, truths as 0 and 1.
    public static func text(_ value: StreamValue) -> String {
        switch value {
        case .null: "null"
        case .integer(let number): "\(number)"
        case .double(let number): "\(number)"
        case .text(let text): text
        case .boolean(let truth): truth ? "1" : "0"
        case .timestamp(let time): StreamTimeText().text(time)
        }
    }

    static func pane(
        _ name: String?,
        _ count: Int64,
        number: Int64 = 1,
        start: Int64 = 0,
        index: Int32 = 0,
        isRetraction: Bool = false
    ) -> Pane {
        Pane(
            key: [name.map { .text($0) } ?? .null, .integer(number)],
            window: StreamWindow(start: start, end: start + 1_500_000),
            values: [
                .integer(count), .double(0.5), .text("ü\"\\,\n"), .boolean(true), .timestamp(1_700_000_000_000_001),
            ],
            timing: .onTime,
            index: index,
            isLast: true,
            isRetraction: isRetraction
        )
    }

    func cut(_ number: Int64, _ offset: Int64? = nil, stateBytes: Int = 3) -> StreamCut {
        StreamCut(
            number: number,
            offsets: Dictionary(uniqueKeysWithValues: partitions.map { ($0, offset ?? number * 10) }),
            state: (0..<stateBytes).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ Int(number)) }
        )
    }

    func expected(_ panes: [Pane]) -> [String: String] {
        panes.reduce(into: [:]) {
            $0[Self.identity($1.key, $1.window)] = $1.values.map(Self.text).joined(separator: "|")
        }
    }
}
