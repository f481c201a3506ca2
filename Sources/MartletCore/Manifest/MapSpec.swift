/// What a step, or a group of steps, is run once for each of.
public struct MapSpec: Hashable, Codable, Sendable {
    /// Where items come from; with one source without a name, an item is an element itself.
    public var sources: [MapSource]
    /// How several sources make one list.
    public var combine: MapCombination
    /// A template; items for which it is not true are left out.
    public var filter: String?
    /// A template that names an instance on screens.
    public var label: String?
    /// Most items; more fail the step.
    public var limit: Int

    /// A map over `sources`.
    public init(
        _ sources: [MapSource],
        combine: MapCombination = .product,
        filter: String? = nil,
        label: String? = nil,
        limit: Int = Limits.mapItems
    ) {
        self.sources = sources
        self.combine = combine
        self.filter = filter
        self.label = label
        self.limit = limit
    }
}

/// One list that items are made of.
public struct MapSource: Hashable, Codable, Sendable {
    /// The member of the item that holds its element; nil when the element is the item.
    public var name: PortName?
    /// Where the list comes from.
    public var list: MapList

    /// A source with the member `name` of each item.
    public init(_ list: MapList, name: PortName? = nil) {
        self.name = name
        self.list = list
    }
}

/// Where a list comes from.
public enum MapList: Hashable, Codable, Sendable {
    /// The list itself.
    case values([JSONValue])
    /// A template that gives a list when it is evaluated; an object gives `{"key", "value"}` for each member.
    case expression(String)
    /// The files in a dataset that is a folder, by name: items are `{"name", "path"}`.
    case files(MapFiles)
}

/// The files of a dataset.
public struct MapFiles: Hashable, Codable, Sendable {
    /// The dataset, which the step must have as an input.
    public var dataset: DatasetID
    /// A pattern that names of files must fit, with `*` and `?`; nil takes all.
    public var pattern: String?

    /// The files of `dataset` that fit `pattern`.
    public init(dataset: DatasetID, pattern: String? = nil) {
        self.dataset = dataset
        self.pattern = pattern
    }
}

/// How several lists make one.
public enum MapCombination: String, Codable, Hashable, Sendable, CaseIterable {
    /// Every element of one with every element of the others.
    case product
    /// The first elements together, then the second ones; lists of one length only.
    case zip
}
