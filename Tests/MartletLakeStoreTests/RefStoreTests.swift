import Foundation
import MartletCore
import MartletLake
import Testing

@testable import MartletLakeStore

struct RefStoreTests {
    let one = ObjectID(hashing: [1])
    let two = ObjectID(hashing: [2])

    @Test func aBranchMovesOnlyFromWhereItIs() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        let branch = BranchName(trusted: "run/a-1")
        try lake.move(branch: branch, from: nil, to: one, by: "ada", why: "first", at: instant(1))
        #expect(try scratch.names(in: "lake/refs/branches") == ["run%2Fa-1"])
        for wrong in [nil, two] {
            let error = #expect(throws: MartletError.self) {
                try lake.move(branch: branch, from: wrong, to: two, by: "ada", why: "no", at: instant(2))
            }
            #expect(error?.code == .refMoved)
        }
        try lake.move(branch: branch, from: one, to: two, by: "ada", why: "second", at: instant(3))
        #expect(lake.refs.branch(branch) == two)
        try lake.move(branch: branch, from: two, to: nil, by: "ada", why: "gone", at: instant(4))
        #expect(lake.refs.branch(branch) == nil)
        #expect(try lake.refs.moves().map(\.why) == ["first", "second", "gone"])
        #expect(try lake.refs.moves(since: instant(3)).map(\.from) == [one, two])
    }

    @Test func ofManyMovesAtOnceOneWins() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        try Parallel.run(on: 8) { number throws(MartletError) in
            for round in 0..<20 {
                while true {
                    let before = lake.refs.branch(.main)
                    let next = ObjectID(hashing: (before ?? .zero).bytes + [UInt8(number), UInt8(round)])
                    do throws(MartletError) {
                        try lake.move(branch: .main, from: before, to: next, by: "x", why: "", at: instant())
                        break
                    } catch {
                        guard error.code == .refMoved else { throw error }
                    }
                }
            }
        }
        let moves = try lake.refs.moves()
        #expect(moves.count == 160)
        // Each move begins where the one before ended: none was lost.
        #expect(moves.first?.from == nil)
        for (before, after) in zip(moves, moves.dropFirst()) { #expect(before.to == after.from) }
        #expect(moves.last?.to == lake.refs.branch(.main))
    }

    @Test func tagsAndBranchesAreListedByName() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        for name in ["main", "a/b", "a"] {
            try lake.move(branch: BranchName(trusted: name), from: nil, to: one, by: "x", why: "", at: instant())
        }
        try lake.move(tag: TagName(trusted: "v1"), from: nil, to: two, by: "x", why: "", at: instant())
        #expect(try lake.refs.branches().map(\.name.rawValue) == ["a", "a/b", "main"])
        #expect(try lake.refs.tags().map(\.name.rawValue) == ["v1"])
        #expect(lake.refs.tag(TagName(trusted: "v1")) == two)
        #expect(try lake.refs.names() == ["a", "a/b", "main", "v1"])
    }

    @Test func aDamagedRefAndATornJournalAreNamedAndPassed() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        try lake.move(branch: .main, from: nil, to: one, by: "x", why: "1", at: instant(1))
        try scratch.write(Array("12".utf8), to: "lake/refs/branches/main")
        let error = #expect(throws: MartletError.self) { try lake.refs.head(of: .branch(.main)) }
        #expect(error?.code == .lakeDamaged)
        try scratch.write(Array("\(one)\n".utf8), to: "lake/refs/branches/main")
        let journal = try scratch.read("lake/moves.jsonl")
        try scratch.write(journal + Array("{\"at\":".utf8), to: "lake/moves.jsonl")
        try lake.move(branch: .main, from: one, to: two, by: "x", why: "2", at: instant(2))
        #expect(try lake.refs.moves().map(\.why) == ["1", "2"])
    }
}
