/// The item of an instance, where a mapped step is described.
///
/// In a template it stands for itself, `"./fetch.sh \(city)"`; in a condition it is compared, `rate > 0.1`; as the
/// input of a Swift step within a mapped group it arrives as `Content`.
public struct Item<Content: Codable & Sendable> {
    /// The members to walk through from the item.
    let members: [String]

    init(_ members: [String] = []) { self.members = members }

    /// A member of the item: `trial.member("rate", \.rate)`.
    ///
    /// - Parameters:
    ///   - name: the member's name in JSON.
    ///   - keyPath: the same member in Swift; it gives the type.
    /// - Returns: the handle of the member.
    public func member<Member: Codable & Sendable>(
        _ name: String,
        _ keyPath: KeyPath<Content, Member>
    ) -> Item<Member> {
        Item<Member>(members + [name])
    }

    /// The item's name in templates, as in `item.rate`.
    var templateName: String { (["item"] + members).joined(separator: ".") }
}

/// A handle belongs to the building of a pipeline; the body of a step is given the item itself instead.
@available(*, unavailable)
extension Item: Sendable {}

extension Item: CustomStringConvertible {
    /// The item as a template, as in `{{ item }}`.
    public var description: String { "{{ \(templateName) }}" }
}

extension Item: ConditionTerm where Content: ConditionScalar {
    /// It is compared with its own type.
    public typealias Scalar = Content
    /// The name in the language of templates.
    public var expression: ConditionText { ConditionText(templateName) }
}

extension Item: StepInput {
    /// The item itself, as a step's body sees it.
    public func wire(_ wiring: inout StepWiring) -> @Sendable (StepContextDocument) throws -> Content {
        wiring.useItem()
        let (members, path) = (members, templateName)
        return { document in
            guard let value = members.reduce(document.map?.item, { $0?[$1] }) else {
                throw MartletError(
                    .valueMissing,
                    "step \(document.step) was not given \(path)",
                    reason: document.map == nil
                        ? "the attempt is not one of a mapped step" : "the item has no such member",
                    remedy: "run the step with a Martlet that described this very program"
                )
            }
            do {
                return try JSONText.decode(Content.self, from: JSONText.data(value))
            } catch {
                throw MartletError(
                    .valueInvalid,
                    "\(path) is not a \(Content.self)",
                    reason: "it is \(value.jsonText.prefix(200))",
                    remedy: "make the type in Swift fit the elements of the list",
                    cause: String(describing: error)
                )
            }
        }
    }
}

extension Item where Content == ItemFile {
    /// The file's name.
    public var name: Item<String> { member("name", \.name) }
    /// The file's place.
    public var path: Item<String> { member("path", \.path) }
}

/// An item of two lists; ``ItemPair`` is the only one.
public protocol PairedItem: Codable, Sendable {
    /// What the first list holds.
    associatedtype First: Codable & Sendable
    /// What the second list holds.
    associatedtype Second: Codable & Sendable
    /// The element of the first list.
    var first: First { get }
    /// The element of the second list.
    var second: Second { get }
}

extension ItemPair: PairedItem {}

extension Item where Content: PairedItem {
    /// The element of the first list.
    public var first: Item<Content.First> { member("first", \.first) }
    /// The element of the second list.
    public var second: Item<Content.Second> { member("second", \.second) }
}
