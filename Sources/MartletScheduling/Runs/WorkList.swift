/// Small numbers waiting to be looked at: first in, first out, each at most once; every operation in constant time.
struct WorkList: Sendable {
    private var numbers: [Int] = []
    private var next = 0
    private var isWaiting: [Bool] = []

    mutating func append(_ number: Int) {
        while isWaiting.count <= number { isWaiting.append(false) }
        if isWaiting[number] { return }
        isWaiting[number] = true
        numbers.append(number)
    }

    mutating func remove(_ number: Int) {
        if isWaiting.indices.contains(number) { isWaiting[number] = false }
    }

    mutating func popFirst() -> Int? {
        while next < numbers.count {
            let number = numbers[next]
            next += 1
            // One that was taken out and put in again stands twice; the first place counts.
            if isWaiting[number] {
                isWaiting[number] = false
                return number
            }
        }
        numbers.removeAll(keepingCapacity: true)
        next = 0
        return nil
    }
}
