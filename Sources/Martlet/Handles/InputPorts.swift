/// The datasets that a step with a process or an engine of its own reads, and the names it knows them by.
///
/// Written as a dictionary, `["raw_flights": flights]`, or as a list when the names of their writers will do,
/// `[features, model]`.
public struct InputPorts: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    let ports: [(name: String?, dataset: any DatasetReference)]

    /// Datasets under the names that their writers gave them.
    public init(arrayLiteral datasets: any DatasetReference...) {
        ports = datasets.map { (nil, $0) }
    }

    /// Datasets under names given here.
    public init(dictionaryLiteral elements: (String, any DatasetReference)...) {
        ports = elements.map { ($0, $1) }
    }
}
