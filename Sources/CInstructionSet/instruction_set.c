#include "instruction_set.h"

// MARTLET_X86_LEVEL is the level of x86-64 (1 to 4) that the vector code is compiled for.
#ifndef MARTLET_X86_LEVEL
#define MARTLET_X86_LEVEL 3
#endif

const char *martlet_missing_instructions(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
#if MARTLET_X86_LEVEL >= 2
    if (!__builtin_cpu_supports("ssse3")) return "SSSE3";
    if (!__builtin_cpu_supports("sse4.2")) return "SSE4.2";
    if (!__builtin_cpu_supports("popcnt")) return "POPCNT";
#endif
#if MARTLET_X86_LEVEL >= 3
    int avx2 = __builtin_cpu_supports("avx2") != 0;
    int fma = __builtin_cpu_supports("fma") != 0;
    if (!avx2 && !fma) return "AVX2 and FMA";
    if (!avx2) return "AVX2";
    if (!fma) return "FMA";
    if (!__builtin_cpu_supports("bmi")) return "BMI1";
    if (!__builtin_cpu_supports("bmi2")) return "BMI2";
#endif
#if MARTLET_X86_LEVEL >= 4
    if (!__builtin_cpu_supports("avx512f")) return "AVX-512F";
    if (!__builtin_cpu_supports("avx512bw")) return "AVX-512BW";
    if (!__builtin_cpu_supports("avx512cd")) return "AVX-512CD";
    if (!__builtin_cpu_supports("avx512dq")) return "AVX-512DQ";
    if (!__builtin_cpu_supports("avx512vl")) return "AVX-512VL";
#endif
#endif
    return "";
}

const char *martlet_instruction_set(void) {
#if defined(__x86_64__)
#if MARTLET_X86_LEVEL >= 4
    return "x86-64-v4 (AVX-512)";
#elif MARTLET_X86_LEVEL == 3
    return "x86-64-v3 (AVX2, FMA)";
#elif MARTLET_X86_LEVEL == 2
    return "x86-64-v2 (SSE4.2)";
#else
    return "x86-64 (SSE2)";
#endif
#elif defined(__aarch64__)
    return "arm64 (NEON)";
#else
    return "generic";
#endif
}

int martlet_has_wide_vectors(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
#else
    return 0;
#endif
}
