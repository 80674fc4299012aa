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
 * Errors: QN_ERR_SHAPE (empty), QN_ERR_NAN, QN_ERR_ARGUMENT (A B = 0, or gate with STATE), QN_ERR_RANGE (epsilon; a
 * largest entry outside of 1e-60 to 1e60),
 * QN_ERR_TOO_LARGE, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_product_run(qn_context *context, const double *a, const double *b, size_t rows,
                                            size_t inner, size_t columns, const qn_product_options *options,
                                            qn_product **out);
QN_API void qn_product_free(qn_product *product);
/** Fill a ledger (workload "matmul"). Gates of one run: counted on the circuit of the largest row and column up to 2^10
 * inner numbers, by formula elsewhere. */
QN_API QN_MUST_USE qn_status qn_product_ledger(const qn_context *context, const qn_product *product, const double *a,
                                               const double *b, qn_ledger *ledger);

/* ---- amplification ---- */

enum { QN_AMPLIFICATION_MOST_DEGREE = 1 << 20 };
/** An odd polynomial p = sum c_k T_k with p(x) = gamma x within `error` where |x| <= (1 - margin) / gamma, and |p| <=
 * `largest` on [-1, 1], which is below 1 for epsilon below the margin (A. Gilyen et al., arXiv:1806.01838, theorem 30):
 * a block-encoding's small singular values become large ones in `degree` calls of it. Read only. */
typedef struct qn_amplification {
    double gamma, margin;
    uint32_t degree;
    double *coefficients;  /* degree + 1; even ones are 0 */
    double error, largest; /* of the polynomial that was made, on 201 and 802 points */
} qn_amplification;
/** `epsilon` bounds the error, 1e-9 to below 1. Errors: QN_ERR_RANGE, QN_ERR_TOO_LARGE (gamma above
 * qn_amplification_largest_gamma), QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_amplification_create(double gamma, double margin, double epsilon,
                                                     qn_amplification **out);
QN_API void qn_amplification_free(qn_amplification *amplification);
QN_API double qn_amplification_value(const qn_amplification *amplification, double x); /* |x| <= 1 */
QN_API double qn_amplification_largest_gamma(double margin);

/* ---- an attention head ---- */

/** softmax(x Q (x K)^T / sqrt(head)) x V of `tokens` rows x; all row-major and borrowed. */
typedef struct qn_attention_input {
    size_t tokens, width, head;
    const double *x;                   /* tokens x width */
    const double *query, *key, *value; /* width x head */
    bool causal;                       /* a token sees itself and those before it */
} qn_attention_input;

typedef struct qn_attention_options {
    uint32_t size;
    uint32_t degree; /* of the softmax polynomial; 0: the least whose weights are off by at most `epsilon` */
    double epsilon;  /* sum over a row of |w' - w|, largest over rows; 0: 0.01 */
    double readout;  /* wanted error of an output row over its norm, which sets the runs; 0: 0.1 */
    double margin;   /* scores are amplified to at most 1 - margin; 0: 0.1 */
} qn_attention_options;
#define QN_ATTENTION_OPTIONS_INIT                                                                                      \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_attention_options), 0, 0.0, 0.0, 0.0                                                       \
    }

enum { QN_ATTENTION_CURVE = 48 };
/** An attention head as in N. Guo et al., arXiv:2402.16714, at operator tier: block-encodings by their matrices.
 *
 * Scores S are block-encoded as a product, alpha = |x|^2 |Q| |K| / sqrt(head) in Frobenius norms. A row of S / alpha is
 * the diagonal of a block-encoding (A. Rattew, P. Rebentrost, arXiv:2309.09839), moved by a multiple of the identity so
 * that its largest score comes to half the widest spread s of a row (which takes knowing that score; finding it is not
 * billed), amplified to t = (1 - margin) (S - shift) / (s / 2) and turned into P(t) ~ e^{beta (t - 1)}, beta = s / 2 /
 * (1 - margin), by QSVT; on a uniform superposition of the tokens that are seen it leaves amplitudes in proportion to
 * the softmax's weights. x V comes as one more block-encoding. */
typedef struct qn_attention {
    size_t tokens, head;
    double *exact_weights, *weights; /* tokens x tokens; 0 where nothing is seen */
    double *exact_output, *output;   /* tokens x head */
    double *success;                 /* of a row's output state, a run; tokens */
    double *argmax_shots; /* measurements of a row's weights, failed runs included, after which the largest leads the
                             second at 95 percent; infinite for ties, 1 / success for a single one; tokens */
    bool *argmax_agrees;  /* largest weight at the same token; tokens */
    /* alpha */
    double alpha_x, alpha_query, alpha_key, alpha_value, alpha_scores, score_most;
    double score_spread;  /* widest range of scores in a row */
    double shift_most;    /* largest |shift|, which adds to alpha */
    double amplification; /* (alpha_scores + shift_most) / beta */
    double powers_log10;  /* of alpha when the exponential is made from Hadamard powers of S: e^alpha_scores */
    /* the polynomial */
    double beta;
    uint32_t degree;
    double polynomial_error; /* largest |P(t) - e^{beta (t - 1)}| on [-1, 1]: sum of the coefficients left out */
    double softmax_error;    /* largest sum over a row of |w' - w| */
    double softmax_bound;    /* of the same, from polynomial_error; infinite when it says nothing */
    double output_error;     /* |O' - O| / |O|, Frobenius */
    size_t curve_count;      /* softmax error against degree */
    double curve_degree[QN_ATTENTION_CURVE], curve_error[QN_ATTENTION_CURVE], curve_bound[QN_ATTENTION_CURVE];
    /* the bill of one run */
    double amplification_degree; /* of a polynomial that was made to 1e-3; where `amplification_made` is false, of one
                                  * with a smaller gamma, times the ratio of both */
    bool amplification_made;
    double amplification_error; /* measured: largest |p(x) - gamma x| */
    double amplified_error;     /* softmax_error with scores that went through the polynomial; NaN when it was not made,
                                 * or would take more than 1e9 steps to evaluate */
    double score_calls;         /* of the block-encoding of S: 2 degree * amplification_degree */
    double loads;               /* of a matrix: four a call (x twice, Q, K), then x and V */
    double success_mean, success_least;
    size_t agreeing;                               /* rows of argmax_agrees */
    double argmax_shots_median, argmax_shots_most; /* over rows that see two tokens at least */
    double readout;
    double shots_per_row;     /* head / readout^2 successful runs */
    double shots_total;       /* over all rows, failed runs included */
    double classical_seconds; /* the exact head by BLAS, best of repeated ones */
    double simulator_seconds;
} qn_attention;
/** Errors: QN_ERR_SHAPE, QN_ERR_NAN, QN_ERR_ARGUMENT (all scores are 0), QN_ERR_RANGE (options; scores spread over more
 * than 1000), QN_ERR_TOO_LARGE, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_attention_run(const qn_context *context, const qn_attention_input *input,
                                              const qn_attention_options *options, qn_attention **out);
QN_API void qn_attention_free(qn_attention *attention);
/** Fill a ledger (workload "attention") for all rows of the head; gates by the formulas of block-encodings by rows. */
QN_API QN_MUST_USE qn_status qn_attention_ledger(const qn_context *context, const qn_attention_input *input,
                                                 const qn_attention *attention, qn_ledger *ledger);

/** P: Chebyshev coefficients 0 ... degree of e^{beta (t - 1)}, e^-beta I_0(beta) and 2 e^-beta I_k(beta); all positive.
 * beta from 0 to 600, degree up to 4000. Gives the sum of those left out, which is the largest error on [-1, 1]. */
QN_API QN_MUST_USE qn_status qn_softmax_polynomial(double beta, uint32_t degree, double *coefficients, double *left);

/* ---- orthogonal layers ---- */

/* A layer of reconfigurable beam splitters on the states of one excitation: I. Kerenidis, J. Landman, N. Mathur,
 * arXiv:2106.07198. Gate k of the pyramid turns neighbouring wires (i, i + 1) by theta_k: x_i' = c x_i + s x_{i+1},
 * x_{i+1}' = c x_{i+1} - s x_i; O(n^2) to simulate, so no quantum advantage. */
/** Gates of a pyramid on n wires: n (n - 1) / 2. */
QN_API size_t qn_rbs_count(size_t n);
/** Angles and the sign of the last wire (+-1, its determinant) of an orthogonal matrix, row-major. Errors:
 * QN_ERR_ARGUMENT when M^T M is off the identity by more than 1e-9, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_rbs_angles(size_t n, const double *matrix, double *angles, double *last_sign);
/** x becomes M x, in place. */
QN_API void qn_rbs_apply(size_t n, const double *angles, double last_sign, double *x);
/** The same as a circuit on n qubits: amplitude of |2^i> is x_i. */
QN_API QN_MUST_USE qn_status qn_rbs_circuit(size_t n, const double *angles, double last_sign, qn_circuit **out);
/** Unary loader: sum x_i |2^i> / |x| from |0...0>, n - 1 beam splitters. Angles a_i = acos(x_i / sqrt(sum_{j >= i}
 * x_j^2)), the last one with the sign of x_{n-1}. Errors: QN_ERR_ARGUMENT for the zero vector, QN_ERR_NAN. */
QN_API QN_MUST_USE qn_status qn_unary_angles(size_t n, const double *x, double *angles);
QN_API QN_MUST_USE qn_status qn_unary_circuit(size_t n, const double *x, qn_circuit **out);

QN_END_DECLS
#endif
