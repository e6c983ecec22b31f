#include "instruction_set.h"

const char *martlet_missing_instructions(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    int avx2 = __builtin_cpu_supports("avx2") != 0;
    int fma = __builtin_cpu_supports("fma") != 0;
    int bmi2 = __builtin_cpu_supports("bmi2") != 0;
    if (avx2 && fma && bmi2) return "";
    if (!avx2 && !fma) return "AVX2, FMA";
    if (!avx2) return "AVX2";
    if (!fma) return "FMA";
    return "BMI2";
#else
    return "";
#endif
}
