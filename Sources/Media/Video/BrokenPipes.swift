#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Makes writing to a program that has ended an error instead of the end of this process.
///
/// Changes the process's disposition for SIGPIPE where it is the default; a handler that somebody has set stays.
func ignoreBrokenPipes() { _ = once }

private let once: Void = {
    var current = sigaction()
    guard sigaction(SIGPIPE, nil, &current) == 0 else { return }
    #if canImport(Glibc)
    let handler = current.__sigaction_handler.sa_handler
    #else
    let handler = current.__sigaction_u.__sa_handler
    #endif
    if handler == nil { signal(SIGPIPE, SIG_IGN) }
}()
