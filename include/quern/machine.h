/* machine.h: what this machine can do, measured: the classical side of every comparison. */
#ifndef QUERN_MACHINE_H
#define QUERN_MACHINE_H

#include <quern/context.h>

QN_BEGIN_DECLS

/** Rates of one machine. Arrays are larger than its caches; all threads work unless said.
 *  copy_bytes_s         bytes read and written a second while an array is copied (as STREAM counts: two a byte copied)
 *  fma_f64_s, fma_f32_s floating-point operations a second, two a multiply-add, from registers: the peak
 *  gemm_f64_s, …        2 n^3 over the time of a square matrix product (OpenBLAS, with `blas_threads` threads)
 *  cg_s_per_nonzero     seconds of one iteration of conjugate gradients over the nonzeros of its matrix (5-point
 * Laplacian, compressed rows, double precision) monte_carlo_paths_s  one normal draw, one step of geometric Brownian
 * motion and one payoff each, a second scan_bytes_s         bytes a second of a search through an unsorted table of
 * 64-bit keys hash_probe_s         seconds of one probe of a hash table, each waiting for the one before; one thread */
typedef struct qn_machine {
    uint32_t size; /* sizeof(qn_machine) */
    uint32_t threads, blas_threads;
    char date[24]; /* of the measurement, UTC: "2026-11-30T12:00:00Z" */
    char cpu[104]; /* the processor's own name; "unknown" where the system does not tell */
#define MACHINE_RATE(name, label, unit, least, most) double name;
#include <quern/machine.def>
#undef MACHINE_RATE
} qn_machine;
#define QN_MACHINE_INIT                                                                                                \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_machine), 0, 0, "", "", 0, 0, 0, 0, 0, 0, 0, 0, 0                                          \
    }

/** The rates as data, in the order of the struct. */
typedef struct qn_machine_rate {
    const char *name, *label, *unit;
    double least, most; /* what can be true of a machine */
} qn_machine_rate;
QN_API size_t qn_machine_rate_count(void);
QN_API const qn_machine_rate *qn_machine_rate_at(size_t index); /* NULL behind the last */
QN_API double qn_machine_rate_get(const qn_machine *machine, size_t index);

/** Measure: the median of a few repetitions of each, about `seconds` in all (0.01 to 3600; a rate takes at least three
 * repetitions, however long). Reports progress stage by stage. `out->size` is to be set (QN_MACHINE_INIT).
 *  Errors: QN_ERR_ARGUMENT, QN_ERR_INTERRUPTED, QN_ERR_TOO_LARGE (the context's limit is under 64 MiB), QN_ERR_MEMORY.
 */
QN_API QN_MUST_USE qn_status qn_machine_measure(const qn_context *context, double seconds, qn_machine *out);

/** Read what was stored, "-" is standard input. Refuses members that are unknown, missing or of another type, and
 * rates outside of their range, with file:line:column (QN_ERR_PARSE); QN_ERR_IO, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_machine_read(const char *path, qn_machine *out);
QN_API QN_MUST_USE qn_status qn_machine_parse(const char *name, const char *text, size_t length, qn_machine *out);
/** Write as JSON ("quern.machine/1"), whole or not at all; the folder must be there. */
QN_API QN_MUST_USE qn_status qn_machine_write(const char *path, const qn_machine *machine);

/** Seconds of one pass over `bytes` bytes: every number read, multiplied and written back in place, by `threads`
 * threads with a share each (by one, where that is quicker), in huge pages where the system gives them; the median over
 * about `seconds`. Errors: QN_ERR_ARGUMENT, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_machine_pass(uint64_t bytes, uint32_t threads, double seconds, double *out);
/** Multiply-adds a second of `threads` threads with the widest vectors of this processor (a multiplication and an
 * addition each, where there is no fused one). */
QN_API double qn_machine_fma_rate(bool single_precision, uint32_t threads);

QN_END_DECLS
#endif
