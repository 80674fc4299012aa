/* block_encoding.h: matrices as corners of unitary circuits.
 *
 * A circuit U on `system` + `ancillas` qubits is a block-encoding of A when alpha <0|U|0> = A, the ancillas being 0
 * before and after: A. Gilyen, Y. Su, G. H. Low, N. Wiebe, arXiv:1806.01838. Every algorithm for linear systems pays
 * alpha |A^-1| / |A| times the calls that a perfect encoding would take, so alpha is the price of the encoding. */
#ifndef QUERN_BLOCK_ENCODING_H
#define QUERN_BLOCK_ENCODING_H

#include <quern/circuit.h>
#include <quern/sparse.h>

QN_BEGIN_DECLS

typedef enum qn_encoding_kind {
    QN_ENCODING_AUTO = 0,       /* least alpha * (T gates of a call) among those that are possible */
    QN_ENCODING_PAULI = 1,      /* linear combination of Pauli strings: alpha = sum |c| */
    QN_ENCODING_SPARSE = 2,     /* s-sparse access, tables by QROM: alpha = s max|a|, s non-zeros a row or column */
    QN_ENCODING_STRUCTURED = 3, /* bands and grids by shifts: alpha = sum of |a| over the bands */
    QN_ENCODING_FABLE = 4,      /* one rotation an entry: alpha = 2^n max|a| */
    QN_ENCODING_ROWS = 5,       /* rows and their norms as prepared states: alpha = Frobenius norm */
    QN_ENCODING_DILATION = 6,   /* Halmos' dilation, alpha = |A|: for tests, 4^n gates found by diagonalisation */
    QN_ENCODING_COMPOSED = 7    /* made from others by the operations below */
} qn_encoding_kind;
/** "auto", "pauli", "sparse", "structured", "fable", "rows", "dilation", "composed"; static, NULL when out of range. */
QN_API const char *qn_encoding_name(qn_encoding_kind kind);
/** Errors: QN_ERR_NAME with the nearest name. */
QN_API QN_MUST_USE qn_status qn_encoding_from_name(const char *name, qn_encoding_kind *out);

/** Gates that carry data: T gates are all of them, 7 for each Toffoli and those of rotations by angles that are data.
 */
typedef struct qn_data_gates {
    double toffoli, t_count;
} qn_data_gates;

/** What one call of an encoding costs. */
typedef struct qn_encoding_cost {
    qn_encoding_kind kind;
    uint32_t system, ancillas;
    double alpha;
    double cx, rotations, toffoli; /* two-qubit gates, arbitrary rotations, Toffoli gates of look-ups and controls */
    double t_count;                /* with rotations at the synthesis error asked for */
    double loading_toffoli;        /* part of `toffoli` that reads the matrix's entries */
    double loading_rotations;      /* rotations by angles that are data */
    bool counted;                  /* on the circuit; else from formulas */
} qn_encoding_cost;

/** Read only. */
typedef struct qn_block_encoding {
    qn_encoding_kind kind;
    uint32_t system;   /* qubits 0 ... system - 1 hold the vector */
    uint32_t ancillas; /* the qubits behind it */
    double alpha;
    double error;        /* |A - alpha <0|U|0>| is at most this, beside rounding: what compression left out */
    qn_circuit *circuit; /* gates without symbols, no matrices and no Pauli rotations, so that it can be controlled */
    qn_encoding_cost cost;
} qn_block_encoding;

typedef struct qn_encoding_options {
    uint32_t size;
    qn_encoding_kind kind;
    const qn_grid_matrix *grid; /* the matrix is this one; NULL: bands are looked for */
    double compression;         /* FABLE: rotations by angles up to this are left out; PAULI: terms up to this */
    double synthesis_error;     /* of one rotation, for T counts; 0: 1e-10 */
} qn_encoding_options;
#define QN_ENCODING_OPTIONS_INIT                                                                                       \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_encoding_options), QN_ENCODING_AUTO, NULL, 0, 0                                            \
    }

/** Encode a square matrix; dimensions between powers of two are filled up with zeros. One unknown is not encoded.
 * Errors: QN_ERR_SHAPE, QN_ERR_ARGUMENT (the zero matrix), QN_ERR_UNSUPPORTED (the kind does not suit the matrix; the
 * message says why), QN_ERR_TOO_LARGE, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_block_encoding_create(const qn_context *context, const qn_sparse *matrix,
                                                      const qn_encoding_options *options, qn_block_encoding **out);
/** Encode a sum of Pauli strings. */
QN_API QN_MUST_USE qn_status qn_block_encoding_of_paulis(const qn_context *context, const qn_pauli_sum *sum,
                                                         const qn_encoding_options *options, qn_block_encoding **out);
QN_API void qn_block_encoding_free(qn_block_encoding *encoding);

/** The bill alone, at sizes whose circuits nobody would build: alpha and gates by formulas that hold for the circuits
 * (AUTO: of the best kind). Errors as qn_block_encoding_create. */
QN_API QN_MUST_USE qn_status qn_block_encoding_estimate(const qn_context *context, const qn_sparse *matrix,
                                                        const qn_encoding_options *options, qn_encoding_cost *out);

/** alpha <0|U|0>, 2^system square and row-major, by running the circuit on every basis state. */
QN_API QN_MUST_USE qn_status qn_block_encoding_matrix(const qn_context *context, const qn_block_encoding *encoding,
                                                      qn_complex *out);
/** The spectral norm of A - alpha <0|U|0>. */
QN_API QN_MUST_USE qn_status qn_block_encoding_distance(const qn_context *context, const qn_block_encoding *encoding,
                                                        const qn_sparse *matrix, double *out);

/* Operations; each makes a new encoding and leaves its inputs alone. */
/** A^H; alpha stays. */
QN_API QN_MUST_USE qn_status qn_block_encoding_adjoint(const qn_block_encoding *a, qn_block_encoding **out);
/** factor A; alpha grows by |factor|. */
QN_API QN_MUST_USE qn_status qn_block_encoding_scale(const qn_block_encoding *a, qn_complex factor,
                                                     qn_block_encoding **out);
/** A B: alpha and ancillas of both, multiplied and added. */
QN_API QN_MUST_USE qn_status qn_block_encoding_product(const qn_block_encoding *a, const qn_block_encoding *b,
                                                       qn_block_encoding **out);
/** p A + q B: alpha = |p| alpha_A + |q| alpha_B; the ancillas are shared, with one more. */
QN_API QN_MUST_USE qn_status qn_block_encoding_sum(qn_complex p, const qn_block_encoding *a, qn_complex q,
                                                   const qn_block_encoding *b, qn_block_encoding **out);
/** A (x) B, entry (i k, j l) = A_ij B_kl with B's index the less significant one. */
QN_API QN_MUST_USE qn_status qn_block_encoding_kronecker(const qn_block_encoding *a, const qn_block_encoding *b,
                                                         qn_block_encoding **out);
/** Entry by entry, A_ij B_ij. */
QN_API QN_MUST_USE qn_status qn_block_encoding_hadamard(const qn_block_encoding *a, const qn_block_encoding *b,
                                                        qn_block_encoding **out);

/** All 4^n coefficients of a dense matrix (row-major, 2^n square) in Pauli strings, those above `cutoff`, in
 * O(n 4^n): one Walsh-Hadamard transform for each set of flipped bits. */
QN_API QN_MUST_USE qn_status qn_pauli_sum_from_matrix(uint32_t nqubits, const qn_complex *matrix, double cutoff,
                                                      qn_pauli_sum **out);

QN_END_DECLS
#endif
