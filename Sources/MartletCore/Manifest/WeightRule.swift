/// How the priority of a step follows from the weights in its pipeline.
public enum WeightRule: String, Hashable, Codable, Sendable, CaseIterable {
    /// The step's own weight.
    case absolute
    /// Its own weight and those of all steps that wait for it, directly or not, each once: early steps go first.
    case downstream
    /// Its own weight and those of all steps it waits for, directly or not, each once: late steps go first.
    case upstream
}
