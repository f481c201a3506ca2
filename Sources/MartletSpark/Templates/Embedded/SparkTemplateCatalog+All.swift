// Made by Files/embed.py: change what is there, and run it again.
// swift-format-ignore-file
extension SparkTemplateCatalog {
    /// All templates, the most used first.
    package static let all: [SparkTemplate] = [.incrementalLoad, .pointInTimeJoin, .skewSafeJoin, .trainingSet, .deduplication, .sessionisation, .windowedAggregates, .compaction, .backfill, .embeddingInference]
}
