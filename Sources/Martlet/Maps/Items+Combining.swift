extension Items {
    /// Every element of one list with every element of the other: `Items.product(rates, depths)`.
    public static func product<First: ItemSource, Second: ItemSource>(_ first: First, _ second: Second) -> Self
    where Element == ItemPair<First.Element, Second.Element>, First.Element: Sendable, Second.Element: Sendable {
        combined(["first": first, "second": second], .product)
    }

    /// The first elements of both lists together, then the second ones; the lists must be of one length.
    public static func zip<First: ItemSource, Second: ItemSource>(_ first: First, _ second: Second) -> Self
    where Element == ItemPair<First.Element, Second.Element>, First.Element: Sendable, Second.Element: Sendable {
        combined(["first": first, "second": second], .zip)
    }

    /// Every element of each list with every element of the others.
    ///
    /// ```swift
    /// struct Trial: Codable { var rate: Double; var depth: Int; var seed: Int }
    /// let trials = Items<Trial>.product(["rate": rates, "depth": depths, "seed": [1, 2, 3]])
    /// ```
    ///
    /// - Parameter lists: the lists, by the member of `Element` that holds an element of each.
    /// - Returns: items with a member for each list.
    public static func product(_ lists: KeyValuePairs<String, any ItemSource>) -> Self { combined(lists, .product) }

    /// The first elements of all lists together, then the second ones; the lists must be of one length.
    ///
    /// - Parameter lists: the lists, by the member of `Element` that holds an element of each.
    /// - Returns: items with a member for each list.
    public static func zip(_ lists: KeyValuePairs<String, any ItemSource>) -> Self { combined(lists, .zip) }

    private static func combined(
        _ lists: KeyValuePairs<String, any ItemSource>,
        _ combination: MapCombination
    ) -> Self {
        var all = Items([], combine: combination)
        func add(_ list: some ItemSource, as name: String) {
            let items = list.items
            if !items.isPlain {
                all.failure = "list \(name) is combined, chosen from or named already; do that to the combination"
            }
            all.failure = all.failure ?? items.failure
            all.reads += items.reads
            all.append(items, as: name)
        }
        for (name, list) in lists { add(list, as: name) }
        return all
    }
}
