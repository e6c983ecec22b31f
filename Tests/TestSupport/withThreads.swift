import Tensor

/// Runs `body` with a pool of `threads` threads, then goes back to as many as before.
public func withThreads<Result>(_ threads: Int, _ body: () -> Result) -> Result {
    let before = Engine.threads
    Engine.useThreads(threads)
    defer { Engine.useThreads(before) }
    return body()
}
