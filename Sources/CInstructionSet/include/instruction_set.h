/// Which instructions the vector code was compiled for, and which of them this machine lacks.
///
/// Compiled for the baseline, so that it may run on any machine before the vector code does.
#ifndef MARTLET_INSTRUCTION_SET_H
#define MARTLET_INSTRUCTION_SET_H

/// The names of the missing instruction sets; empty when none is missing.
const char *martlet_missing_instructions(void);

/// The name of the instruction set that the vector code was compiled for: `x86-64-v3 (AVX2, FMA)`.
const char *martlet_instruction_set(void);

/// Whether this machine has the 512-bit vectors of x86-64-v4, whatever the build is for.
int martlet_has_wide_vectors(void);

/// Tells the processor that this thread spins.
static inline void martlet_spin_hint(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// Asks for the cache line at an address; any address will do.
static inline void martlet_prefetch(const void *address) {
    __builtin_prefetch(address, 0, 2);
}

/// Swift's `SIMD8<Float>`.
typedef float martlet_float8 __attribute__((ext_vector_type(8)));

/// Writes eight floats to an address that is a multiple of 32 bytes, past the caches.
static inline void martlet_stream(martlet_float8 value, float *address) {
    __builtin_nontemporal_store(value, (martlet_float8 *)address);
}

/// What was written past the caches before is seen by every thread that sees a write after.
static inline void martlet_stream_fence(void) {
#if defined(__x86_64__)
    __builtin_ia32_sfence();
#endif
}

#endif
