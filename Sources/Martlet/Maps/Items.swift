/// What a step, or a group of steps, is run once for each of.
///
/// A list that a step reports, an array, or the files of a dataset can stand for their items by themselves, as in
/// `p.step("measure", map: names) { ... }`. Through this type items are chosen, named and combined:
///
/// ```swift
/// let trials = Items.product(rates, depths).where { $0.first < 0.5 }.labelled { "rate \($0.first)" }
/// ```
public struct Items<Element: Codable> {
    private var list: MapSpec
    /// What must hold for an item to be taken.
    private var conditions: [ConditionText] = []
    /// The datasets whose files are items.
    var reads: [any DatasetReference]
    /// Whether null stands for an instance that reported nothing, and is no item.
    var skipsNull = false
    /// Why an element cannot be written into the manifest.
    var failure: String?

    init(_ sources: [MapSource], reads: [any DatasetReference] = [], combine: MapCombination = .product) {
        list = MapSpec(sources, combine: combine)
        self.reads = reads
    }

    /// What the manifest says.
    var spec: MapSpec {
        var spec = list
        let all = (conditions + (skipsNull ? [ConditionText("item != null", binding: .comparison)] : [])).map {
            $0.text(inside: .and)
        }
        if !all.isEmpty { spec.filter = "{{ \(all.joined(separator: " and ")) }}" }
        return spec
    }

    /// Whether it is a single list as it is, which can be combined with others.
    var isPlain: Bool {
        list.sources.count == 1 && conditions.isEmpty && list.label == nil && list.limit == Limits.mapItems
    }

    /// Takes the list of `other` as the member `name`.
    mutating func append(_ other: Items<some Codable>, as name: String) {
        list.sources += other.spec.sources.map { MapSource($0.list, name: PortName(trusted: name)) }
    }

    mutating func require(_ condition: some ConditionTerm<Bool>) { conditions.append(condition.expression) }

    /// The elements of `list`.
    public init(_ list: some ItemSource<Element>) { self = list.items }

    /// Fails the step when there are more items than `count`, instead of 1024.
    public func limited(to count: Int) -> Self { changed { $0.limit = count } }

    func changed(_ change: (inout MapSpec) -> Void) -> Self {
        var items = self
        change(&items.list)
        return items
    }
}

extension Items where Element: Sendable {
    /// Leaves out the items for which `condition` does not hold.
    public func `where`(_ condition: (Item<Element>) -> some ConditionTerm<Bool>) -> Self {
        var items = self
        items.require(condition(Item()))
        return items
    }

    /// Names instances on screens: `.labelled { "city \($0)" }`.
    public func labelled(_ text: (Item<Element>) -> String) -> Self { changed { $0.label = text(Item()) } }
}

/// Handles in it belong to the building of a pipeline.
@available(*, unavailable)
extension Items: Sendable {}

/// Something whose elements a step can be run once for each of.
public protocol ItemSource<Element> {
    /// What an instance is given.
    associatedtype Element: Codable
    /// The items.
    var items: Items<Element> { get }
}

extension Items: ItemSource {
    /// The items themselves.
    public var items: Self { self }
}

extension Array: ItemSource where Element: Codable {
    /// The elements, in order.
    public var items: Items<Element> {
        do {
            return Items([MapSource(.values(try map { try JSONValue(encoding: $0) }))])
        } catch {
            var items = Items<Element>([MapSource(.values([]))])
            items.failure = String(describing: error)
            return items
        }
    }
}

extension Value: ItemSource where Content: ItemList {
    /// An instance is given an element of the list.
    public typealias Element = Content.Item
    /// The elements that the step reports.
    public var items: Items<Content.Item> {
        var items = Items<Content.Item>([MapSource(.expression(description))])
        items.skipsNull = gathering == .nothing
        if gathering != nil, !members.isEmpty {
            items.failure = "\(path) is a member of what each instance reports; map over what they report instead"
        }
        return items
    }
}

extension Dataset {
    /// The files in the dataset's folder, by name, to run a step once for each of.
    ///
    /// - Parameter pattern: what names must fit, with `*` and `?`; nil takes all files.
    /// - Returns: the files as items.
    public func files(_ pattern: String? = nil) -> Items<ItemFile> {
        Items([MapSource(.files(MapFiles(dataset: id, pattern: pattern)))], reads: [self])
    }
}
