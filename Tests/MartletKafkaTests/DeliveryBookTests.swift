import MartletCore
import Testing

@testable import MartletKafka

@Suite(.timeLimit(.minutes(30)))
struct DeliveryBookTests {
    private let place = TopicPartition("t", 0)

    private func done(_ index: Int, _ offset: Int64) -> DeliveryBook.Outcome {
        DeliveryBook.Outcome(index: index, partition: place, offset: offset, failure: nil)
    }

    @Test func reportsWhenAllIsSettled() async {
        let book = DeliveryBook()
        let (first, second) = (book.begin(3), book.begin(1))
        #expect(book.open == 4)
        async let report = book.report(on: first)
        book.settle(first, [done(2, 9), done(0, 7)])
        // Neither a second report on a record nor one on none counts.
        book.settle(first, [done(0, 70), done(3, 80), done(-1, 90)])
        book.settle(99, [done(0, 1)])
        #expect(book.open == 2)
        book.settle(first, [DeliveryBook.Outcome(index: 1, partition: place, offset: -1, failure: .cancelled)])
        #expect(await report == DeliveryReport(count: 3, failures: [1: .cancelled], lastOffsets: [place: 9]))
        book.settle(second, [done(0, 10)])
        #expect(await book.report(on: second).lastOffsets == [place: 10])
        #expect(book.open == 0)
    }

    @Test func givesUpExactlyWhatIsOpen() async {
        let book = DeliveryBook()
        let (first, second) = (book.begin(3), book.begin(2))
        book.settle(first, [done(1, 5)])
        let seen = book.rooms
        book.abandon(.closed)
        #expect(await book.report(on: first).failures == [0: .closed, 2: .closed])
        #expect(await book.report(on: second).failures == [0: .closed, 1: .closed])
        #expect(await book.report(on: book.begin(1)).failures == [0: .closed])
        #expect(book.open == 0)
        await book.waitForRoom(after: seen)
    }
}
