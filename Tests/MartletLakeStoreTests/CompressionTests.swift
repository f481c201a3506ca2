import Testing

@testable import MartletLakeStore

struct CompressionTests {
    @Test func theLibraryIsThere() { #expect(Compression.libraryVersion.hasPrefix("1.")) }
}
