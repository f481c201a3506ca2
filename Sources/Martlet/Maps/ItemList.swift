/// A type that is a list in JSON, so that a ``Value`` of it can be mapped over.
public protocol ItemList: Codable {
    /// What an instance is given.
    associatedtype Item: Codable
}

extension Array: ItemList where Element: Codable {
    /// An element.
    public typealias Item = Element
}

extension Dictionary: ItemList where Key == String, Value: Codable {
    /// A key and its value.
    public typealias Item = ItemEntry<Value>
}

/// A member of a dictionary that is mapped over.
public struct ItemEntry<Value: Codable>: Codable {
    /// The member's name.
    public let key: String
    /// What it is.
    public let value: Value
}

extension ItemEntry: Sendable where Value: Sendable {}
extension ItemEntry: Equatable where Value: Equatable {}

/// A file of a dataset that is mapped over.
public struct ItemFile: Codable, Hashable, Sendable {
    /// The file's name.
    public let name: String
    /// Where it is; absolute.
    public let path: String
}

/// An element of each of two lists.
public struct ItemPair<First: Codable & Sendable, Second: Codable & Sendable>: Codable, Sendable {
    /// The element of the first list.
    public let first: First
    /// The element of the second list.
    public let second: Second
}

extension ItemPair: Equatable where First: Equatable, Second: Equatable {}
