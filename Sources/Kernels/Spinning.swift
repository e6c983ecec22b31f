import CInstructionSet

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Waits until `condition` holds, for what another thread is about to finish.
///
/// Awake at first; then other threads go before, as the awaited one may have been put aside.
func spin(until condition: () -> Bool) {
    var spins = 0
    while !condition() {
        spins &+= 1
        if spins < 4_000 { martlet_spin_hint() } else { sched_yield() }
    }
}
