/* rows.h: many rows of parameters of one small program: spread over threads, each with a copy of what a row changes. */
#ifndef QN_STATEVECTOR_ROWS_H
#define QN_STATEVECTOR_ROWS_H

#include "engine/statevector/program.h"
#include "engine/statevector/rows_simd.h"

/* Does row `row` of `job` with this program, which no one else uses meanwhile. */
typedef qn_status (*qn__sv_row_function)(qn__sv_program *program, size_t row, void *job);

/* `count` rows from `first` on. */
typedef void (*qn__sv_batch_function)(qn__sv_batch *batch, size_t first, size_t count, void *job);

/* Rows as lanes of machine vectors, as far as that pays: *done rows, 0 .. rows. What it needs is made as below. */
qn_status qn__sv_each_batch(qn__sv_program *program, size_t rows, bool gradient, qn__sv_batch_function function,
                            void *job, size_t *done);
/* Rows from `first` on; which thread does a row does not change its result. The failure of the lowest row that failed
 * is reported. Copies of the program are made at the first call that pays for them, within the context's memory limit,
 * and stay until release; without them, rows come one after the other. `gradient`: rows need a second state. */
qn_status qn__sv_each_row(qn__sv_program *program, size_t first, size_t rows, bool gradient,
                          qn__sv_row_function function, void *job);
void qn__sv_workers_free(qn__sv_program *program);

#endif
