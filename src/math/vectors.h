/* vectors.h: operations on long vectors, over fixed chunks added up in order: the same bits for any number of threads.
 */
#ifndef QN_MATH_VECTORS_H
#define QN_MATH_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    QN__VECTOR_CHUNK = 2048, /* doubles a chunk: 16 KiB stay in the first cache while all basis vectors pass by */
    QN__VECTORS_MOST = 584   /* vectors that can be rotated at once; 16 rows of them lie on the stack */
};

/* Doubles of scratch for projections on up to `count` vectors of `width` doubles. */
uint64_t qn__vectors_scratch(uint64_t width, uint64_t count);

/* w -= V (V^H w) for `count` orthonormal vectors of `width` doubles, one after another in v. coefficients (2 * count:
 * re, im) gets V^H w. */
void qn__vectors_project(const double *v, size_t count, size_t width, bool is_complex, double *w, double *coefficients,
                         double *scratch, uint32_t threads);
/* Square of the 2-norm, scratch as above for one vector. */
double qn__vectors_norm2(const double *w, size_t width, double *scratch, uint32_t threads);
/* Real part of v^H w; scratch as above for one vector. */
double qn__vectors_dot(const double *v, const double *w, size_t width, double *scratch, uint32_t threads);
/* w -= alpha v + beta u in one pass (u may be NULL); the square of the norm of what is left. Scratch as above. */
double qn__vectors_recur(double *w, double alpha, const double *v, double beta, const double *u, size_t width,
                         double *scratch, uint32_t threads);
void qn__vectors_scale(double *w, double factor, size_t width, uint32_t threads);
/* w -= factor * x */
void qn__vectors_subtract(double *w, double factor, const double *x, size_t width, uint32_t threads);
/* The first `kept` vectors become V S, S the `count` x count column-major matrix's first columns; in place. */
void qn__vectors_rotate(double *v, size_t count, size_t width, const double *s, size_t kept, uint32_t threads);

#endif
