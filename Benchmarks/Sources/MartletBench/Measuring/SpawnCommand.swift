import Glibc

/// A program and its arguments as C strings, ready to be spawned any number of times.
final class SpawnCommand {
    private let program: String
    private let arguments: [UnsafeMutablePointer<CChar>?]

    init(_ words: [String]) {
        program = words.first ?? ""
        arguments = words.map { strdup($0) } + [nil]
    }

    deinit { for argument in arguments { free(argument) } }

    /// Starts the program with this process's environment and descriptors, and whatever `actions` change.
    ///
    /// - Throws: ``BenchProblem`` when it cannot be started.
    func spawn(_ actions: UnsafePointer<posix_spawn_file_actions_t>? = nil) throws(BenchProblem) -> pid_t {
        var child: pid_t = 0
        let error = posix_spawn(&child, program, actions, nil, arguments, environ)
        if error != 0 {
            let reason = String(cString: strerror(error))
            throw BenchProblem("cannot start \(program): \(reason)", remedy: "check the path and that it is executable")
        }
        return child
    }
}
