import Synchronization

/// Passes elements from one task to another and makes the sender wait while `capacity` of them are
/// waiting: a pipe between tasks with bounded memory.
///
/// One task sends, one task receives. Either side may end it.
package final class Handover<Element: Sendable>: Sendable {
    private struct State {
        var waiting: [Element] = []
        var outcome: Result<Void, any Error>?
        var isAbandoned = false
        var receiver: CheckedContinuation<Void, Never>?
        var sender: CheckedContinuation<Void, Never>?

        mutating func takeReceiver() -> CheckedContinuation<Void, Never>? {
            defer { receiver = nil }
            return receiver
        }

        mutating func takeSender() -> CheckedContinuation<Void, Never>? {
            defer { sender = nil }
            return sender
        }
    }

    private let capacity: Int
    private let state = Mutex(State())

    package init(capacity: Int) { self.capacity = max(1, capacity) }

    /// Hands `element` over, when there is room. False where nobody will receive it any more.
    package func send(_ element: Element) async -> Bool {
        while true {
            let step: (accepted: Bool?, receiver: CheckedContinuation<Void, Never>?) =
                state.withLock { state in
                    if state.isAbandoned || state.outcome != nil { return (false, nil) }
                    if state.waiting.count >= capacity { return (nil, nil) }
                    state.waiting.append(element)
                    return (true, state.takeReceiver())
                }
            step.receiver?.resume()
            if let accepted = step.accepted { return accepted }
            await waitForRoom()
        }
    }

    /// The next element; nil, or the error, after the last one.
    package func receive() async throws -> Element? {
        while true {
            let step:
                (
                    element: Element?, outcome: Result<Void, any Error>?,
                    sender: CheckedContinuation<Void, Never>?
                ) = state.withLock { state in
                    if !state.waiting.isEmpty {
                        return (state.waiting.removeFirst(), nil, state.takeSender())
                    }
                    if state.isAbandoned { return (nil, .success(()), nil) }
                    return (nil, state.outcome, nil)
                }
            step.sender?.resume()
            if let element = step.element { return element }
            if let outcome = step.outcome {
                try outcome.get()
                return nil
            }
            await waitForElement()
        }
    }

    /// Ends the sequence: the receiver sees what is waiting, then `outcome`.
    package func finish(_ outcome: Result<Void, any Error>) {
        let (receiver, sender) = state.withLock { state in
            if state.outcome == nil { state.outcome = outcome }
            return (state.takeReceiver(), state.takeSender())
        }
        receiver?.resume()
        sender?.resume()
    }

    /// Tells the sender that nobody receives any more, and drops what is waiting.
    package func abandon() {
        let (receiver, sender) = state.withLock { state in
            state.isAbandoned = true
            state.waiting = []
            return (state.takeReceiver(), state.takeSender())
        }
        receiver?.resume()
        sender?.resume()
    }

    private func waitForRoom() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    let canGoOn =
                        state.waiting.count < capacity || state.isAbandoned || state.outcome != nil
                    if !canGoOn { state.sender = continuation }
                    return canGoOn
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            abandon()
        }
    }

    private func waitForElement() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    let canGoOn =
                        !state.waiting.isEmpty || state.isAbandoned || state.outcome != nil
                    if !canGoOn { state.receiver = continuation }
                    return canGoOn
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            abandon()
        }
    }
}
