/* bench_machine.h: `quern bench machine`. */
#ifndef CLI_BENCH_MACHINE_H
#define CLI_BENCH_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

/* Measures, shows, stores at `path` (NULL: the user's cache folder); gives the exit code. */
int bench_machine(uint32_t threads, double seconds, const char *path, bool json, bool quiet);

#endif
