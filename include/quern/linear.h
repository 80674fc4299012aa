/* linear.h: systems of linear equations by quantum algorithms, with their classical rivals and their bill.
 *
 * Every method solves A x = b with A / alpha given by a block-encoding. Three tiers give the same numbers: `gate` runs
 * the whole circuit, `operator` replaces the block-encoding by the sparse matrix, `spectral` uses the eigenvectors. */
#ifndef QUERN_LINEAR_H
#define QUERN_LINEAR_H

#include <quern/block_encoding.h>
#include <quern/ledger.h>
#include <quern/qsp.h>
#include <quern/sparse.h>

QN_BEGIN_DECLS

/** What every method works on; made by qn_linear_problem_create, to be read only. */
typedef struct qn_linear_problem {
    const qn_sparse *matrix;  /* square; complex when A or b is */
    const qn_sparse *adjoint; /* the matrix itself when it is Hermitian */
    bool gridded;             /* eigenvectors are those of `grid` */
    qn_grid_matrix grid;
    size_t dimension, width; /* width: doubles in a vector */
    double *b;               /* width doubles */
    double b_norm;
    qn_sparse_norms norms;
    qn_singular_values values; /* of A */
    double alpha;              /* A / alpha is encoded; at least the largest singular value */
    double kappa;              /* alpha * |A^-1|: condition number of what is encoded, not below the true one */
    double condition;          /* |A| |A^-1| */
    bool kappa_given;
    double cutoff; /* 0: none; else kappa is alpha * cutoff / |A|, and what lies under 1 / kappa is filtered off */
    qn_sparse *owned_matrix, *owned_adjoint;
} qn_linear_problem;

typedef struct qn_linear_problem_options {
    uint32_t size;
    double kappa; /* condition number to take for granted; 0: found out (qn_sparse_singular_values) */
    double alpha; /* sub-normalisation of the block-encoding; 0: the norm of A, the best that any encoding can do */
    uint64_t seed;
    const qn_grid_matrix *grid; /* the matrix is this one; NULL: no formula known */
    double cutoff; /* solve on singular values of at least |A| / cutoff alone (qn_hhl_filter), for a matrix that may be
                    * singular; hhl only, without `kappa`; at least 1, or 0: all of A */
} qn_linear_problem_options;
#define QN_LINEAR_PROBLEM_OPTIONS_INIT                                                                                 \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_linear_problem_options), 0, 0, 1, NULL, 0                                                  \
    }

/** `matrix` is borrowed, `b` (rows numbers; re, im pairs when b_complex; NULL: ones) is copied.
 * Errors: QN_ERR_SHAPE (not square), QN_ERR_NAN, QN_ERR_ARGUMENT (b = 0), QN_ERR_NUMERIC (singular to working
 * precision, and no cut-off), QN_ERR_RANGE (alpha under the norm of A; a cut-off under 1), QN_ERR_INTERRUPTED,
 * QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_linear_problem_create(const qn_context *context, const qn_sparse *matrix,
                                                      const double *b, bool b_complex,
                                                      const qn_linear_problem_options *options,
                                                      qn_linear_problem **out);
QN_API void qn_linear_problem_free(qn_linear_problem *problem);

typedef enum qn_linear_tier {
    QN_LINEAR_AUTO = 0,
    QN_LINEAR_GATE = 1,
    QN_LINEAR_OPERATOR = 2,
    QN_LINEAR_SPECTRAL = 3
} qn_linear_tier;
QN_API const char *qn_linear_tier_name(qn_linear_tier tier); /* "auto", "gate", … */

/** How the clock register of phase estimation begins: its tails decide HHL's error. */
typedef enum qn_window { QN_WINDOW_SINE = 0, QN_WINDOW_UNIFORM = 1, QN_WINDOW_KAISER = 2 } qn_window;

/** How the gate tier of HHL makes e^{iAt}. */
typedef enum qn_evolution {
    QN_EVOLUTION_EXACT = 0,    /* eigenvectors as circuits, phases between them */
    QN_EVOLUTION_TROTTER1 = 1, /* product formulas over Pauli strings (M. Suzuki, J. Math. Phys. 32, 400 (1991)) */
    QN_EVOLUTION_TROTTER2 = 2,
    QN_EVOLUTION_TROTTER4 = 3,
    QN_EVOLUTION_CHEBYSHEV = 4 /* cos + i sin as polynomials of a block-encoding, amplified; to 1e-11 */
} qn_evolution;

typedef struct qn_linear_options {
    uint32_t size;
    const char *method; /* a name of qn_linear_method_describe */
    qn_linear_tier tier;
    double epsilon;      /* wanted |x - x~| / |x|; 0: 1e-6 */
    uint32_t clock_bits; /* HHL; 0: from epsilon and kappa */
    qn_window window;    /* HHL */
    double window_shape; /* Kaiser's parameter; 0: 8 */
    uint64_t seed;
    double max_seconds;                /* refuse (QN_ERR_TOO_LARGE) when more is foreseen; 0: no limit */
    const qn_block_encoding *encoding; /* gate tier: this one, its alpha the problem's; NULL: Halmos' dilation */
    const qn_encoding_cost *price;     /* of one query, for the ledger; NULL: a model */
    uint32_t layers;                   /* vqls: of the ansatz; 0: some more angles than unknowns */
    bool local_cost;                   /* vqls: train on C_L in place of C_G */
    qn_evolution evolution;            /* hhl, gate tier */
    uint32_t evolution_steps;          /* of a product formula, for each unit of clock; 0: 1 */
} qn_linear_options;
#define QN_LINEAR_OPTIONS_INIT                                                                                         \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_linear_options), "qsvt", QN_LINEAR_AUTO, 0, 0, QN_WINDOW_SINE, 0, 1, 0, NULL, NULL, 0,     \
            false, QN_EVOLUTION_EXACT, 0                                                                               \
    }

/** The clock of HHL: 2^bits evolution times, outcomes k for eigenvalues 2 pi k / time, rotation by min(1, constant /
 * |eigenvalue|) where that is at least `cut`, and none below; `filtered`: by qn_hhl_filter, in place of that. */
typedef struct qn_hhl_clock {
    uint32_t bits;
    qn_window window;
    double window_shape;
    double time;    /* t0; largest eigenvalue times t0 / 2 pi must stay under 2^(bits - 1), or 2^bits when not signed */
    bool is_signed; /* the upper half of the outcomes stands for negative eigenvalues */
    double constant, cut;
    bool filtered; /* two flag qubits; `cut` is not used */
} qn_hhl_clock;
/** HHL's filter functions (arXiv:0811.3171, appendix A, with kappa' = 2 kappa) of an eigenvalue l: with c =
 * 1 / (2 kappa) well = c / l from |l| = 2c on, sign(l) sin(pi/2 (|l| - c) / c) / 2 between c and 2c, and 0 below; ill =
 * 0, cos(same) / 2 and 1/2. The flag is left in sqrt(1 - well^2 - ill^2) |nothing> + well |well> + ill |ill>. */
QN_API void qn_hhl_filter(double c, double lambda, double *well, double *ill);
/** What the clock makes of eigenvalues, exactly: first[j] = sum_k |alpha_k(lambda_j)|^2 f_k, the factor of component j
 * when the clock has come back to its start, and second[j] = sum_k |alpha_k|^2 f_k^2, its success probability. One
 * Fourier transform for all eigenvalues, whatever the window. Errors: QN_ERR_RANGE, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_hhl_response(const qn_context *context, const qn_hhl_clock *clock, size_t count,
                                             const double *lambda, double *first, double *second);

/** Probabilities that a filtered clock leaves the flag at "ill" and at "nothing"; that of "well" is the second mean of
 * qn_hhl_response. Errors: QN_ERR_ARGUMENT (the clock is not filtered), QN_ERR_RANGE, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_hhl_flag_response(const qn_context *context, const qn_hhl_clock *clock, size_t count,
                                                  const double *lambda, double *ill, double *nothing);

/** One row of the table of methods. */
typedef struct qn_linear_method {
    const char *name, *title, *help;
    bool tier[4]; /* by qn_linear_tier */
} qn_linear_method;
QN_API size_t qn_linear_method_count(void);
QN_API const qn_linear_method *qn_linear_method_describe(size_t index); /* static; NULL behind the last */

/** What a run will take, before it is made. */
typedef struct qn_linear_plan {
    qn_linear_tier tier;
    char reason[256];      /* why this tier, and what the next one up would need */
    double degree;         /* of the polynomial; NaN: none */
    double queries;        /* calls of the block-encoding or its adjoint in one run of the circuit */
    double queries_before; /* foreseen: calls spent on what the run must know (qn_linear_result); 0: none */
    double clock_bits;     /* NaN: no clock */
    double seconds;        /* foreseen for this machine, from a measured product where that decides; NaN: not known */
    double bytes;          /* beside the problem */
    double rounding;       /* relative residual that double precision may leave, an estimate; NaN: not known */
} qn_linear_plan;
/** Errors: QN_ERR_NAME (method), QN_ERR_UNSUPPORTED (the method lacks the tier), QN_ERR_TOO_LARGE (the asked tier
 * cannot hold the problem), QN_ERR_NUMERIC (the condition number is hopeless for double precision). */
QN_API QN_MUST_USE qn_status qn_linear_plan_make(const qn_context *context, const qn_linear_problem *problem,
                                                 const qn_linear_options *options, qn_linear_plan *out);

/** Outcomes of the flag in one run, of sum 1, and what they say of b. */
typedef struct qn_linear_filter {
    double well, ill, nothing;
    double b_well; /* 1 - 4 ill: the part of |b|^2 on singular values of at least |A| / cutoff, with weights falling as
                    * sin^2 to 0 at half of that */
} qn_linear_filter;

typedef struct qn_linear_result {
    qn_linear_plan plan;
    char method[16];
    size_t dimension;
    bool is_complex;
    double *x; /* as many doubles as the problem's vectors: the state that the circuit leaves, with its norm */
    double solution_norm;       /* from the success probability, as an experiment would get it */
    double residual;            /* |b - A x| / |b|, recomputed classically */
    double success_probability; /* with a cut-off: of "well" */
    qn_linear_filter filter;    /* NaN without a cut-off; with one, x, its norm and state_error are those of its part */
    double amplification_rounds; /* ceil(pi / (4 asin sqrt p) - 1/2); 0 where repeating 1/p times is cheaper */
    double queries;              /* calls in one run of the circuit */
    double queries_amplified;    /* until success: queries * (2 rounds + 1), or queries / p where that is less */
    double queries_before;       /* calls spent on what the run must know, the norm of x: shortcut; else 0 */
    double error_bound;          /* proven for |x - x~| / |x|; NaN: none */
    double residual_bound;       /* and for the residual; NaN: epsilon, as when 1/lambda is right to epsilon */
    double state_error;          /* | x~/|x~| - x/|x| |; spectral tier, else NaN */
    double leakage;              /* after success: probability that the clock is not back at its start; NaN: no clock */
    double qubits;               /* counted at gate tier, else at least these */
    qn_circuit_cost cost;        /* gate tier only; gates 0: not counted */
    qn_data_gates loading;       /* gate tier: part of them that carries the matrix and b; NaN: not counted */
    double cost_global, cost_local; /* vqls: C_G and C_L at the end; NaN for others */
    double phase_residual;          /* gate tier: of the phase factors; NaN: none */
    double seconds;
    bool interrupted; /* x is the shorter polynomial's */
} qn_linear_result;
/** Errors as qn_linear_plan_make, and QN_ERR_NUMERIC when the residual shows that rounding has eaten the answer. */
QN_API QN_MUST_USE qn_status qn_linear_solve(const qn_context *context, const qn_linear_problem *problem,
                                             const qn_linear_options *options, qn_linear_result **out);
QN_API void qn_linear_result_free(qn_linear_result *result);

/** The classical rival of a problem with a cut-off: all eigenvectors (of the dilation when A is not Hermitian), the
 * same filter on exact eigenvalues. x: as many doubles as the problem's vectors. `outcome`: seconds, and the residual,
 * which is what the filter leaves out of b. `filter`: the flag of a perfect clock; NULL: not wanted. Errors:
 * QN_ERR_ARGUMENT (no cut-off), QN_ERR_TOO_LARGE (over dimension 4,096, no formula), QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_linear_solve_filtered(const qn_context *context, const qn_linear_problem *problem,
                                                      double *x, qn_linear_filter *filter, qn_sparse_outcome *outcome);

/** How the answer leaves the machine. */
typedef enum qn_readout_kind {
    QN_READOUT_VECTOR = 0, /* all of x to `epsilon`: at least dimension / epsilon^2 samples */
    QN_READOUT_SAMPLES = 1,
    QN_READOUT_TOP = 2,   /* the k largest |x_i|^2 */
    QN_READOUT_SCALAR = 3 /* <x|M|x> of the normalised state */
} qn_readout_kind;
typedef struct qn_readout {
    uint32_t size;
    qn_readout_kind kind;
    uint64_t shots;              /* samples; TOP: 0 for 10,000 */
    uint64_t top;                /* k */
    double epsilon;              /* VECTOR and SCALAR: wanted error */
    const qn_sparse *observable; /* SCALAR: Hermitian, of the problem's dimension */
    uint64_t seed;
} qn_readout;
#define QN_READOUT_INIT                                                                                                \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_readout), QN_READOUT_VECTOR, 0, 10, 1e-2, NULL, 1                                          \
    }
typedef struct qn_readout_result {
    size_t count; /* of index and probability: distinct samples, or k */
    uint64_t *index;
    double *probability;         /* |x_i|^2 / |x|^2 as sampled */
    double scalar, scalar_error; /* <x|M|x> exact, and the standard error of `shots` samples of M's eigenvalues */
    double shots;                /* successful runs that the read-out needs or has used */
    double shots_amplified;      /* SCALAR: with amplitude estimation, pi / epsilon runs */
} qn_readout_result;
QN_API QN_MUST_USE qn_status qn_linear_read(const qn_context *context, const qn_linear_problem *problem,
                                            const qn_linear_result *result, const qn_readout *readout,
                                            qn_readout_result **out);
QN_API void qn_readout_result_free(qn_readout_result *result);

/** Fill a ledger from the plan alone (result NULL), or from a run: its circuit is the amplified one, of
 * result->queries_amplified calls, where amplifying is cheaper than repeating. Calls spent before (queries_before) are
 * dealt out over the repetitions, with their gates, so that queries times shots_total is all that is called.
 * `rival`: the best classical solve, or NULL. `readout`: NULL counts one successful run. */
QN_API QN_MUST_USE qn_status qn_linear_ledger(const qn_linear_problem *problem, const qn_linear_options *options,
                                              const qn_linear_plan *plan, const qn_linear_result *result,
                                              const qn_readout_result *readout, const char *rival_name,
                                              const qn_sparse_outcome *rival, qn_ledger *ledger);

/** QSVT circuit of odd real f with symmetric phases (Wx convention, qn_qsp_phases) on a block-encoding of A: qubits
 * 0 … system - 1 hold the vector, the other qubits of `encoding` are its ancillas; then comes the qubit that takes the
 * real part and, when the encoding has more than one ancilla, one for the reflections. From ancillas all 0 to all 0 the
 * circuit acts as f(A^H / alpha) on singular vectors; `encoding` must have no symbols. */
QN_API QN_MUST_USE qn_status qn_qsvt_circuit(const qn_circuit *encoding, uint32_t system, const double *phases,
                                             uint64_t degree, qn_circuit **out);
/** Any unitary of n qubits (row-major, 2^n square) as multi-controlled gates by elimination of its columns: a test
 * oracle, 4^n gates. QN_ERR_ARGUMENT when it is not unitary to 1e-9. `columns` < 2^n: only the first ones are right. */
QN_API QN_MUST_USE qn_status qn_unitary_circuit(uint32_t nqubits, const qn_complex *matrix, uint64_t columns,
                                                qn_circuit **out);
/** [[A, sqrt(1 - A A^H)], [sqrt(1 - A^H A), -A^H]] of a dense A (row-major, 2^n square, norm at most 1) as a circuit of
 * n + 1 qubits: Halmos' dilation, a block-encoding with alpha = 1 that only a test can afford. */
QN_API QN_MUST_USE qn_status qn_halmos_circuit(uint32_t nqubits, const qn_complex *matrix, qn_circuit **out);

QN_END_DECLS
#endif
