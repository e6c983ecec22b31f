/// Which instructions of x86-64-v3 this machine lacks.
///
/// Compiled for the baseline, so that it may run on any machine before the vector code does.
#ifndef MARTLET_INSTRUCTION_SET_H
#define MARTLET_INSTRUCTION_SET_H

/// The names of the missing instruction sets, separated by ", "; empty when none is missing.
const char *martlet_missing_instructions(void);

/// Tells the processor that this thread spins.
static inline void martlet_spin_hint(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#endif
