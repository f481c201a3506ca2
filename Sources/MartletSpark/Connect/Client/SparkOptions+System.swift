internal import Foundation

extension SparkOptions {
    /// Options with the clock, the random numbers and the ids of the system.
    package static var system: SparkOptions {
        SparkOptions(
            sleep: { try await Task.sleep(for: $0) },
            random: { Double.random(in: 0..<1) },
            makeID: { UUID().uuidString.lowercased() }
        )
    }
}
