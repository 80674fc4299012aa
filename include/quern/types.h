/* types.h: the plain types and export macros that every other public header uses. */
#ifndef QUERN_TYPES_H
#define QUERN_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define QN_BEGIN_DECLS extern "C" {
#define QN_END_DECLS }
#else
#define QN_BEGIN_DECLS
#define QN_END_DECLS
#endif

#if defined(__GNUC__)
#define QN_API __attribute__((visibility("default")))
#define QN_MUST_USE __attribute__((warn_unused_result))
#define QN_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#else
#define QN_API
#define QN_MUST_USE
#define QN_PRINTF(fmt, first)
#endif

/** A complex number; layout-compatible with C's double _Complex and C++'s std::complex<double>. */
typedef struct qn_complex {
    double re, im;
} qn_complex;

#endif
