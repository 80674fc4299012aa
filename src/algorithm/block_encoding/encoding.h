/* encoding.h: what the files on block-encodings share. */
#ifndef QN_ALGORITHM_ENCODING_H
#define QN_ALGORITHM_ENCODING_H

#include <quern/block_encoding.h>

#include "base/status.h"

enum {
    QN__ENCODING_DENSE_BITS = 10,   /* qubits up to which all entries of a matrix are written out */
    QN__ENCODING_PAULI_BITS = 8,    /* and all Pauli strings prepared */
    QN__ENCODING_CIRCUIT_BITS = 20, /* 2^this data angles or table entries at most in one circuit */
    QN__ENCODING_BANDS = 32
};

/* A kind's two functions. `make` fills circuit, ancillas, alpha, error and the loading fields of cost of an encoding
 * whose system is set; `estimate` fills alpha, ancillas and all gates of a cost, t_count excepted. */
typedef struct qn__encoding_maker {
    qn_status (*make)(const qn_context *, const qn_sparse *, const qn_encoding_options *, qn_block_encoding *);
    qn_status (*estimate)(const qn_context *, const qn_sparse *, const qn_encoding_options *, qn_encoding_cost *);
} qn__encoding_maker;

#define QN__ENCODING_MAKER(kind)                                                                                       \
    QN_MUST_USE qn_status qn__encode_##kind(const qn_context *context, const qn_sparse *matrix,                        \
                                            const qn_encoding_options *options, qn_block_encoding *out);               \
    QN_MUST_USE qn_status qn__encode_##kind##_cost(const qn_context *context, const qn_sparse *matrix,                 \
                                                   const qn_encoding_options *options, qn_encoding_cost *out);
QN__ENCODING_MAKER(pauli)
QN__ENCODING_MAKER(sparse)
QN__ENCODING_MAKER(structured)
QN__ENCODING_MAKER(fable)
QN__ENCODING_MAKER(rows)
QN__ENCODING_MAKER(dilation)
#undef QN__ENCODING_MAKER

/* Qubits of a vector: ceil(log2 rows), at least 1. */
uint32_t qn__encoding_bits(const qn_sparse *matrix);

/* All entries, row-major in 2^bits rows, zeros behind the matrix; the caller's. QN_ERR_TOO_LARGE over DENSE_BITS. */
QN_MUST_USE qn_status qn__encoding_dense(const qn_context *context, const qn_sparse *matrix, qn_complex **out);

/* Appends all gates of `from` with qubit q at map[q] (NULL: at q), under more controls. QN_ERR_UNSUPPORTED for anything
 * that cannot be controlled. */
QN_MUST_USE qn_status qn__append_mapped(qn_circuit *to, const qn_circuit *from, const uint32_t *map,
                                        const uint32_t *controls, uint32_t ncontrols, uint64_t control_state);
/* Appends all gates of `from` from qubit `first` on. */
QN_MUST_USE qn_status qn__append_at(qn_circuit *to, const qn_circuit *from, uint32_t first);
/* A gate without parameters, or with one. */
QN_MUST_USE qn_status qn__append_gate(qn_circuit *to, qn_gate gate, uint32_t qubit);
QN_MUST_USE qn_status qn__append_turn(qn_circuit *to, qn_gate gate, uint32_t qubit, double angle);

/* Two states of ceil(log2 count) qubits (at least 1): `right` has amplitudes sqrt(c_k / alpha) with c_k's phase,
 * `left_inverse` undoes sqrt(|c_k| / alpha). Between them select(k) U_k gives sum c_k U_k / alpha, alpha = sum |c|.
 * `sparse`: few of the c_k are not 0. */
typedef struct qn__encoding_pair {
    qn_circuit *right, *left_inverse;
    double alpha;
} qn__encoding_pair;
QN_MUST_USE qn_status qn__encoding_pair_make(const qn_context *context, const qn_complex *c, uint64_t count,
                                             bool sparse, qn__encoding_pair *out);
void qn__encoding_pair_free(qn__encoding_pair *pair);

/* Turns `flag` from |0> so that its |0> part has amplitude a[i] where the controls read i; |a| <= 1, 2^ncontrols
 * numbers. `angles`: as many doubles of scratch. Rotations up to `threshold` are left out. */
QN_MUST_USE qn_status qn__append_entries(qn_circuit *circuit, uint32_t flag, const uint32_t *controls,
                                         uint32_t ncontrols, const qn_complex *a, double threshold, double *angles);

/* Amplitudes 0 ... count - 1 of the state that a circuit makes from |start>. */
QN_MUST_USE qn_status qn__circuit_amplitudes(const qn_context *context, const qn_circuit *circuit, uint64_t start,
                                             size_t count, qn_complex *out);

/* The bill of the circuit, loading fields kept. */
QN_MUST_USE qn_status qn__encoding_count(qn_block_encoding *encoding, double synthesis_error);
/* What of one call reads data: look-ups, and rotations by angles that are data. */
qn_data_gates qn__encoding_loading(const qn_encoding_cost *cost);
double qn__encoding_t_per_rotation(const qn_encoding_options *options);

static inline double qn__complex_size(qn_complex a)
{
    return a.im == 0 ? (a.re < 0 ? -a.re : a.re) : __builtin_hypot(a.re, a.im);
}

#endif
