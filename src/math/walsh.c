/* walsh.c: the Walsh-Hadamard transform of real numbers. */
#include "math/walsh.h"

void qn__walsh_hadamard(uint32_t bits, double *a)
{
    const uint64_t size = UINT64_C(1) << bits;
    for (uint64_t half = 1; half < size; half *= 2) {
        for (uint64_t block = 0; block < size; block += 2 * half) {
            for (uint64_t i = block; i < block + half; i++) {
                const double sum = a[i] + a[i + half], difference = a[i] - a[i + half];
                a[i] = sum;
                a[i + half] = difference;
            }
        }
    }
}
