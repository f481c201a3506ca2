import MartletCore
import Testing

@testable import MartletLake

/// Whatever bytes a node has, reading it gives files or an error.
struct MalformedNodeTests {
    @Test(arguments: 0..<4) func changedNodesAreReadOrRefused(seed: Int) throws {
        var maker = FileMaker(seed: seed)
        let objects = InMemoryObjects()
        let root = try TreeWriter.build(maker.files(300, choices: 900), objects)
        let other = try TreeWriter.build(maker.files(300, choices: 900), objects)
        for _ in 0..<120 {
            var bytes = try objects.object(root)
            for _ in 0..<maker.number(1..<4) {
                let index = maker.number(0..<bytes.count)
                switch maker.number(0..<4) {
                case 0: bytes.removeLast(min(bytes.count - 1, maker.number(1..<50)))
                case 1: bytes.insert(UInt8(maker.number(0..<256)), at: index)
                case 2: bytes[index] ^= 1 << maker.number(0..<8)
                default: bytes[index] = [0, 0x7f, 0x80, 0xff][maker.number(0..<4)]
                }
            }
            let damaged = try objects.put(bytes, as: .node)
            let tree = TreeReader(root: damaged, objects: objects)
            attempt { _ = try tree.files() }
            attempt { _ = try tree.count(within: Array("d1".utf8)) }
            attempt { _ = try TreeDiff(from: damaged, to: other, objects: objects).all() }
            attempt { _ = try TreeWriter.apply(edits(maker.changes(20, choices: 900)), to: damaged, objects) }
        }
    }

    @Test(arguments: 0..<4) func randomBytesAreRefused(seed: Int) throws {
        var maker = FileMaker(seed: seed)
        let objects = InMemoryObjects()
        for _ in 0..<200 {
            let noise = (0..<maker.number(0..<200)).map { _ in UInt8(maker.number(0..<256)) }
            for header in ["", "martlet tree 1\n", "martlet tree 1\n\u{0}", "martlet tree 1\n\u{1}"] {
                let id = try objects.put(Array(header.utf8) + noise, as: .node)
                attempt { _ = try TreeReader(root: id, objects: objects).files() }
                attempt { _ = try ChunkList(encoded: Array("martlet chunks 1\n".utf8) + noise, id: id) }
            }
        }
    }

    @Test func aNodeThatIsNotWhatItsParentSaysIsRefused() throws {
        var maker = FileMaker(seed: 5)
        let objects = InMemoryObjects()
        let root = try TreeWriter.build(maker.files(3_000, choices: 9_000), objects)
        let leaf = try TreeWriter.build(maker.files(20, choices: 900), objects)
        var bytes = try objects.object(root)
        let child = try #require(TreeNode(encoded: bytes, id: root).children.first?.id)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: child.bytes) })
        bytes.replaceSubrange(place..<place + 32, with: leaf.bytes)
        let damaged = try objects.put(bytes, as: .node)
        let error = #expect(throws: MartletError.self) { try TreeReader(root: damaged, objects: objects).files() }
        #expect(error?.code == .lakeObjectMalformed)
    }

    private func attempt(_ body: () throws -> Void) {
        do { try body() } catch {
            #expect(
                [.lakeObjectMalformed, .fileAndFolder, .internalFault, ErrorCode(3030)].contains(
                    (error as? MartletError)?.code
                )
            )
        }
    }
}
