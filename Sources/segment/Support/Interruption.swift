import Dispatch
import FileAccess
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Makes Ctrl-C and its relatives end the program at once, leaving nothing half-written.
///
/// The signal handler only writes one byte to a pipe. A thread of its own reads it, undoes what is
/// unfinished, and ends the program with the code that shells expect (130 for Ctrl-C): it need not wait
/// for the forward pass that is under way.
enum Interruption {
    private static let undos = Mutex<[(id: Int, undo: @Sendable () -> Void)]>([])
    private static let ending = Atomic<Bool>(false)
    private static let nextID = Atomic<Int>(0)
    private nonisolated(unsafe) static var pipeEnds: (read: Int32, write: Int32) = (-1, -1)

    /// Starts to listen for SIGINT, SIGTERM and SIGHUP. Called once, before anything is written: what is unfinished
    /// then is discarded after whatever else is registered.
    static func listen() {
        _ = whenInterrupted { Unfinished.discardAll() }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipeEnds = (ends[0], ends[1])
        startListener()
        for number in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(number) {
            var action = sigaction()
            #if canImport(Darwin)
            action.__sigaction_u.__sa_handler = { Interruption.notify($0) }
            #else
            action.__sigaction_handler.sa_handler = { Interruption.notify($0) }
            #endif
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESTART))
            sigaction(number, &action, nil)
        }
    }

    /// Whether whoever started the program wants it to outlive the signal, as `nohup` does.
    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        #if canImport(Darwin)
        let handler = action.__sigaction_u.__sa_handler
        #else
        let handler = action.__sigaction_handler.sa_handler
        #endif
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Has `undo` called when the program is interrupted, the latest registration first.
    ///
    /// - Returns: what `forget(_:)` takes once there is nothing to undo any more.
    static func whenInterrupted(_ undo: @escaping @Sendable () -> Void) -> Int {
        let id = nextID.add(1, ordering: .relaxed).newValue
        undos.withLock { $0.append((id, undo)) }
        return id
    }

    /// Withdraws a registration.
    static func forget(_ id: Int) {
        undos.withLock { $0.removeAll { $0.id == id } }
    }

    /// Whether the program is about to end because of a signal: errors that follow from it stay unsaid.
    static var isUnderWay: Bool { ending.load(ordering: .acquiring) }

    /// Runs asynchronous work from an `undo`, for at most two seconds.
    static func wait(_ work: @escaping @Sendable () async -> Void) {
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            await work()
            done.signal()
        }
        _ = done.wait(timeout: .now() + 2)
    }

    private static func notify(_ number: Int32) {
        let saved = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(pipeEnds.write, &byte, 1)
        errno = saved
    }

    private static func startListener() {
        #if canImport(Darwin)
        var thread: pthread_t?
        #else
        var thread = pthread_t()
        #endif
        pthread_create(
            &thread, nil,
            { _ in
                Interruption.awaitSignal()
                return nil
            }, nil)
    }

    private static func awaitSignal() {
        var number: UInt8 = 0
        while read(pipeEnds.read, &number, 1) != 1 {
            guard errno == EINTR else { return }
        }
        ending.store(true, ordering: .releasing)
        let registered = undos.withLock { $0 }
        for entry in registered.reversed() { entry.undo() }
        Console.note("segment: interrupted, nothing is left half-written")
        _exit(128 + Int32(number))
    }
}
