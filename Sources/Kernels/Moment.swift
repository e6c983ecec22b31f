#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A point in time of the thread that asks.
package struct Moment: Sendable {
    /// By the clock on the wall.
    package let instant: ContinuousClock.Instant
    /// How long the thread has worked. What other threads and programs take meanwhile does not count.
    package let work: Duration

    package static var now: Moment {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Moment(
            instant: .now,
            work: .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec)))
    }
}
