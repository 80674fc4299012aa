/* bench_machine.h: what this machine could do at best: a pass over memory, and arithmetic. Times of circuits are shown
 * as multiples of these. */
#ifndef CLI_BENCH_MACHINE_H
#define CLI_BENCH_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

/* Seconds of the wall clock. */
double bench_now(void);

/* Seconds of one pass over an array of `bytes` bytes: every number read, multiplied and written back in place, by
 * `threads` threads with a share each (by one, where that is quicker), in huge pages where the system gives them. The
 * median over about `seconds`.
 * Negative when there is no memory. */
double bench_pass_seconds(uint64_t bytes, uint32_t threads, double seconds);

/* Fused multiply-adds a second of `threads` threads at once with the widest vectors of this processor (a multiplication
 * and an addition each, where there is no fused one). */
double bench_fmadd_rate(bool single_precision, uint32_t threads);

#endif
