/* attention.h: matrix products and an attention head by quantum algorithms, beside the product of a BLAS.
 *
 * Inner products by swap and Hadamard tests, whole products as states of a block-encoding, an attention head of
 * transformers by block-encodings and a polynomial for its softmax, and layers of orthogonal weights. */
#ifndef QUERN_ATTENTION_H
#define QUERN_ATTENTION_H

#include <quern/circuit.h>
#include <quern/context.h>
#include <quern/ledger.h>

QN_BEGIN_DECLS

/* ---- inner products ---- */

/** Two tests on loaded vectors. Their last qubit shows 0 with probability (1 + <x|y>^2) / 2 (SWAP: H. Buhrman,
 * R. Cleve, J. Watrous, R. de Wolf, arXiv:quant-ph/0102001), or (1 + <x|y>) / 2 (HADAMARD). */
typedef enum qn_overlap_test { QN_OVERLAP_SWAP = 0, QN_OVERLAP_HADAMARD = 1 } qn_overlap_test;
/** Circuit of a test on real vectors of `count` numbers, which it normalises: 2 ceil(log2 count) + 1 qubits (SWAP), or
 * ceil(log2 count) + 1. Errors: QN_ERR_ARGUMENT for a zero vector, QN_ERR_NAN, QN_ERR_TOO_LARGE. */
QN_API QN_MUST_USE qn_status qn_overlap_circuit(const qn_context *context, qn_overlap_test test, const double *x,
                                                const double *y, size_t count, qn_circuit **out);
/** The law: probability of 0 at this overlap. */
QN_API double qn_overlap_probability(qn_overlap_test test, double overlap);

/* ---- products ---- */

typedef enum qn_product_method {
    QN_PRODUCT_STATE = 0,    /* "product": the state sum c_ij |i,j> / |C| from a block-encoding of A, sampled */
    QN_PRODUCT_SWAP = 1,     /* "swap": a swap test an entry; sizes without signs */
    QN_PRODUCT_HADAMARD = 2, /* "hadamard": a Hadamard test an entry */
    QN_PRODUCT_ESTIMATE = 3  /* "estimate": amplitude estimation of the Hadamard test, an entry */
} qn_product_method;
QN_API const char *qn_product_method_name(qn_product_method method); /* static; NULL when out of range */
QN_API QN_MUST_USE qn_status qn_product_method_from_name(const char *name, qn_product_method *out);

typedef struct qn_product_options {
    uint32_t size;
    qn_product_method method;
    double epsilon; /* STATE: of |C' - C| / |C| (Frobenius); others: of an entry over |a_i| |b_j|; (0, 1); 0: 0.01 */
    bool gate;      /* probabilities from the circuits on the engine, not from the law; STATE: has none of its own */
    uint64_t seed;
} qn_product_options;
#define QN_PRODUCT_OPTIONS_INIT                                                                                        \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_product_options), QN_PRODUCT_STATE, 0.0, false, 1                                          \
    }

typedef struct qn_product {
    size_t rows, inner, columns;
    qn_product_method method;
    double epsilon;
    double *quantum; /* rows x columns: what was read out; SWAP: sizes */
    double *exact;   /* by BLAS */
    /* alpha: A and B by their rows, so Frobenius norms */
    double alpha_a, alpha_b, norm; /* norm: |C| */
    double success_probability;    /* that the ancillas of one run show 0; 1 for tests, which have none */
    double shots_per_entry;        /* mean; STATE: over all entries */
    double shots_total;            /* runs, failed ones included */
    double queries_total;          /* loads of a vector or a matrix, all runs */
    double steps_mean;             /* ESTIMATE: Grover steps of a run, on average */
    /* how far off */
    double error_frobenius; /* |C' - C| / |C|; SWAP: of sizes */
    double error_largest;   /* of an entry, over |a_i| |b_j| */
    double error_rms;
    /* the rival, and its check: random signs r, |A (B r) - C r|, rounds times (R. Freivalds 1977) */
    double gemm_seconds, gemm_flops; /* best of repeated products; 2 m n k over it */
    uint32_t freivalds_rounds;
    double freivalds_seconds;
    double freivalds_exact, freivalds_quantum; /* largest |A (B r) - C r| over |A| |B| |r|: of BLAS and of C' */
    double simulator_seconds;
    bool interrupted; /* entries not reached are 0 */
} qn_product;
/** C = A B by quantum means, simulated: A rows x inner, B inner x columns, row-major, real. Deterministic for a seed
 * but for the seconds. `gate` runs each circuit: sizes up to 64 x 64 x 64 take seconds.
 * Errors: QN_ERR_SHAPE (empty), QN_ERR_NAN, QN_ERR_ARGUMENT (A B = 0, or gate with STATE), QN_ERR_RANGE (epsilon),
 * QN_ERR_TOO_LARGE, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_product_run(qn_context *context, const double *a, const double *b, size_t rows,
                                            size_t inner, size_t columns, const qn_product_options *options,
                                            qn_product **out);
QN_API void qn_product_free(qn_product *product);
/** Fill a ledger (workload "matmul"). Gates of one run: counted on the circuit of the largest row and column up to 2^10
 * inner numbers, by formula elsewhere. */
QN_API QN_MUST_USE qn_status qn_product_ledger(const qn_context *context, const qn_product *product, const double *a,
                                               const double *b, qn_ledger *ledger);

QN_END_DECLS
#endif
