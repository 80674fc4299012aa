/* load.h: getting classical data into a quantum computer, and what it costs. Tables by look-up circuits, vectors as the
 * amplitudes of a state, and memory that is asked in superposition. */
#ifndef QUERN_LOAD_H
#define QUERN_LOAD_H

#include <quern/classical.h>
#include <quern/context.h>
#include <quern/ledger.h>

QN_BEGIN_DECLS

/* Look-up: |x>|t> -> |x>|t xor table[x]>. */

/** A table and the qubits it is looked up with. All pointers are borrowed for the call. */
typedef struct qn_lookup {
    uint32_t size;
    const uint64_t *table;   /* entry x: words 64-bit words from table[x * words] on, bit 0 first, words =
                                ceil(data_bits / 64) */
    uint64_t length;         /* entries, at least 1; addresses length .. 2^naddress - 1 must not occur in the state */
    uint32_t data_bits;      /* of an entry, at least 1 */
    const uint32_t *address; /* ceil(log2 length) qubits, least significant first */
    uint32_t naddress;
    const uint32_t *target; /* data_bits qubits (SELECT-SWAP: lambda * data_bits) */
    uint32_t ntargets;
    const uint32_t *ancilla; /* clean qubits, clean again afterwards; as many as ..._ancillas says, or more */
    uint32_t nancillas;
    const uint32_t *control; /* one qubit that switches the look-up on, or NULL: always on */
    bool measured;           /* uncompute each AND by a measurement and a CZ (Gidney, arXiv:1709.06648): half the
                                Toffoli gates, but the circuit is dynamic and has no qn_circuit_inverse; the look-up is
                                its own inverse all the same: append it again */
} qn_lookup;
#define QN_LOOKUP_INIT                                                                                                 \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_lookup), NULL, 0, 1, NULL, 0, NULL, 0, NULL, 0, NULL, false                                \
    }

/** Qubits that an address takes: ceil(log2 length); 0 for one entry. */
QN_API uint32_t qn_load_address_bits(uint64_t length);

/** QROM by unary iteration (Babbush et al., arXiv:1805.03662, section III): a tree of ANDs walks through all addresses,
 *  one-hot control by one-hot control, and CNOTs write the entry. Its own inverse. Toffoli gates: length - 2, with a
 *  control length - 1 (none below 0), twice that when not `measured`; ancillas: naddress - 1, with a control naddress.
 *  Errors: QN_ERR_SHAPE (numbers of qubits), QN_ERR_RANGE, QN_ERR_ARGUMENT (a qubit in two roles), QN_ERR_MEMORY. */
QN_API uint32_t qn_load_qrom_ancillas(uint64_t length, bool controlled);
QN_API uint64_t qn_load_qrom_toffoli(uint64_t length, bool controlled, bool measured);
QN_API QN_MUST_USE qn_status qn_load_qrom(qn_circuit *circuit, const qn_lookup *lookup);

/** SELECT-SWAP (Low, Kliuchnikov, Schaeffer, arXiv:1812.00954): `lambda` = 2^k entries are looked up at once into
 *  lambda registers of data_bits qubits (register r: target[r * data_bits ...], all in |0>), and the low k address bits
 *  swap the wanted one to register 0; the others are left with what depends on the address, until the call with
 *  `inverse` cleans all. Toffoli gates, one way: ceil(length / lambda) - 2 + (lambda - 1) data_bits (measured);
 *  ancillas: naddress - k - 1. lambda at most 2^naddress. No `control`. */
QN_API uint32_t qn_load_select_swap_ancillas(uint64_t length, uint64_t lambda);
QN_API uint64_t qn_load_select_swap_toffoli(uint64_t length, uint32_t data_bits, uint64_t lambda, bool measured);
/** The power of two with the fewest Toffoli gates, about sqrt(length / data_bits). */
QN_API uint64_t qn_load_select_swap_lambda(uint64_t length, uint32_t data_bits);
QN_API QN_MUST_USE qn_status qn_load_select_swap(qn_circuit *circuit, const qn_lookup *lookup, uint64_t lambda,
                                                 bool inverse);

/** Measured uncomputation of a look-up (Berry, Gidney, Motta, McClean, Babbush, arXiv:1902.02134, appendix C):
 *  |x>|table[x]> -> |x>|0>, the data measured in the X basis. Outcomes m leave the sign (-1)^(m . table[x]), a look-up
 * of one bit, which is repaired by another look-up of ceil(length / lambda) rows of `lambda` = 2^k entries against the
 * k low address bits in one-hot form. Its entries depend on m: each CNOT of it hangs on a parity of measured bits.
 *  Toffoli gates: qn_load_qrom_toffoli(ceil(length / lambda), false, true) + lambda - 2 (0 for lambda 1, 2), whatever
 *  data_bits is; best lambda about sqrt(length). Ancillas: lambda and those of the shorter look-up. The circuit is
 *  dynamic whatever `measured` says. No `control`. Errors as of qn_load_qrom. */
QN_API uint32_t qn_load_unlookup_ancillas(uint64_t length, uint64_t lambda);
QN_API uint64_t qn_load_unlookup_toffoli(uint64_t length, uint64_t lambda);
QN_API uint64_t qn_load_unlookup_lambda(uint64_t length); /* the power of two with the fewest Toffoli gates */
QN_API QN_MUST_USE qn_status qn_load_unlookup(qn_circuit *circuit, const qn_lookup *lookup, uint64_t lambda);

/** Alias sampling (Babbush et al., arXiv:1805.03662, section III D; Vose 1991): from |0> to sum_i a_i |i>|g_i>, a_i
 * real with squares rounded to multiples of 2^-(n + precision), |g_i> unit vectors of other qubits: what a weighted sum
 * of unitaries needs, where the |g_i> are undone by the inverse, and no state vector for algorithms that need the
 *  amplitudes alone. A table for n address bits; entries of missing numbers are 0. */
typedef struct qn_alias {
    uint32_t bits, precision; /* n address qubits; bits of a threshold, 1 .. 52 */
    uint64_t *keep;           /* 2^bits: item i stays i while a random number of `precision` bits is below keep[i], */
    uint32_t *other;          /* else it becomes other[i] */
    bool *negative;           /* a_i is negative */
    double fidelity;          /* (sum_i sqrt(p_i q_i))^2 of wanted probabilities p and those of the table q */
} qn_alias;
/** `count` amplitudes, not all 0, finite (QN_ERR_NAN, QN_ERR_ARGUMENT); precision 0: the least with a fidelity of
 *  1 - loss. bits + precision at most 52, bits at most 24 (QN_ERR_TOO_LARGE). */
QN_API QN_MUST_USE qn_status qn_alias_create(const double *amplitudes, uint64_t count, uint32_t precision, double loss,
                                             qn_alias **out);
QN_API void qn_alias_free(qn_alias *alias);
/** Qubits in this order: the index, other index, threshold, random number, two signs, "takes the other", carries, and
 *  the tree of the look-up: 2 bits + 3 precision + 2 + max(bits - 1, 0) in all. Toffoli gates: 2^bits - 2 for the
 * look-up (0 below), precision for the comparison, bits for the swaps; the ANDs of the first two twice when not
 * `measured`. */
QN_API uint32_t qn_alias_qubits(uint32_t bits, uint32_t precision);
QN_API uint64_t qn_alias_toffoli(uint32_t bits, uint32_t precision, bool measured);
QN_API QN_MUST_USE qn_status qn_alias_compile(const qn_alias *alias, bool measured, qn_circuit **out);

/* Loading a whole input, with the bill. */

/** Every way of loading. The first five make amplitudes (state preparation), the next four look a table up. */
typedef enum qn_load_method {
    QN_LOAD_MOTTONEN = 0, /* uniformly controlled rotations, one angle for each number */
    QN_LOAD_ISOMETRY = 1, /* Schmidt decomposition and quantum Shannon decomposition: fewer CNOTs */
    QN_LOAD_SPARSE = 2,   /* a few basis states, merged two by two */
    QN_LOAD_MPS = 3,      /* matrix product state, cut to a fidelity or a bond dimension */
    QN_LOAD_FUNCTION = 4, /* the same made from a function, without 2^n numbers */
    QN_LOAD_QROM = 5,     /* unary iteration */
    QN_LOAD_SELECT_SWAP = 6,
    QN_LOAD_BUCKET_BRIGADE = 7, /* a tree of routers, log-time and 2^n qubits */
    QN_LOAD_FANOUT = 8,         /* the older tree, whose routers all hang on each address bit */
    QN_LOAD_PHASE_LOOKUP = 9,   /* takes a look-up back: measured, signs repaired */
    QN_LOAD_ALIAS = 10,         /* amplitudes beside garbage: alias sampling */
    QN_LOAD_METHODS_
} qn_load_method;
QN_API const char *qn_load_method_name(qn_load_method method); /* "mottonen", "select-swap", …; static */
QN_API QN_MUST_USE qn_status qn_load_method_from_name(const char *name, qn_load_method *out);

typedef struct qn_load_options {
    uint32_t size;
    qn_load_method method;
    double fidelity; /* MPS, function, alias: at least this; 0: 1 - 1e-9, or what `bond` gives. Others are exact */
    uint32_t bond;   /* MPS, function: at most this; 0: no limit */
    uint64_t lambda; /* SELECT-SWAP, phase look-up: a power of two; 0: the best one */
    bool measured;   /* look-ups: uncompute ANDs by measurement */
    double synthesis_error; /* of each rotation, for the T count; 0: 1e-3 over the number of rotations */
} qn_load_options;
#define QN_LOAD_OPTIONS_INIT                                                                                           \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_load_options), QN_LOAD_MOTTONEN, 0.0, 0, 0, true, 0.0                                      \
    }

/** What a circuit costs; counted on it. */
typedef struct qn_load_cost {
    qn_load_method method;
    double fidelity;           /* |<wanted|prepared>|^2 */
    qn_source fidelity_source; /* exact, or sampled for functions on more than 12 qubits */
    uint32_t qubits, ancillas; /* ancillas are among the qubits; those of gates under many controls beside them */
    uint64_t gates, cnot, depth, rotations; /* cnot, depth over {one-qubit, CX}; T count by synthesis_error */
    uint64_t toffoli, t_count;              /* a measured AND counts 4 T, any other Toffoli 7 */
    double synthesis_error;
    uint64_t bond;      /* of the matrix product state that was loaded, else 0 */
    uint64_t lambda;    /* of SELECT-SWAP and the phase look-up, else 0 */
    uint32_t precision; /* of alias sampling: bits of a threshold; else 0 */
} qn_load_cost;

/** A circuit that makes amplitudes[i] / norm on |i> from |0...0> on ceil(log2 count) qubits (at least 1), phases
 *  included; missing entries are 0. Methods MOTTONEN, ISOMETRY, SPARSE and MPS; ALIAS for real amplitudes (beside
 * garbage, see qn_alias); else QN_ERR_ARGUMENT. Errors: QN_ERR_NAN, QN_ERR_ARGUMENT for the zero vector,
 * QN_ERR_TOO_LARGE before memory is asked for, QN_ERR_INTERRUPTED. `cost` may be NULL. */
QN_API QN_MUST_USE qn_status qn_load_prepare(const qn_context *context, const qn_complex *amplitudes, uint64_t count,
                                             const qn_load_options *options, qn_circuit **out, qn_load_cost *cost);

/** A real function on [0, 1). `evaluate` gets the structure itself. */
typedef struct qn_load_function {
    double (*evaluate)(const struct qn_load_function *self, double x);
    const void *user;
    double parameters[8];
    uint32_t nparameters;
} qn_load_function;
/** "gaussian:mean,sigma" (amplitudes whose squares are the bell curve), "exponential:rate" (squares exp(-rate x)),
 *  "lorentzian:mean,width", "sine:frequency,phase", "polynomial:c0,c1,...", "linear". QN_ERR_NAME, QN_ERR_ARGUMENT. */
QN_API QN_MUST_USE qn_status qn_load_function_from_text(const char *text, qn_load_function *out);
/** Amplitudes proportional to f(i / 2^n), i = 0 .. 2^n - 1, without a list of them: f must be smooth (QN_ERR_NUMERIC
 *  when polynomials on 256 points do not meet it). 2 to 62 qubits. */
QN_API QN_MUST_USE qn_status qn_load_smooth(const qn_context *context, const qn_load_function *f, uint32_t n,
                                            const qn_load_options *options, qn_circuit **out, qn_load_cost *cost);

/** A look-up of `length` entries of data_bits bits (as in qn_lookup) as a circuit of its own: address on qubits 0 ..
 *  n - 1, data on the next data_bits, the rest clean (SELECT-SWAP: with copies of other entries that the inverse
 *  clears). Methods QROM, SELECT_SWAP, BUCKET_BRIGADE and FANOUT (these two: 2 to 2^16 leaves), and
 *  PHASE_LOOKUP, which takes the data back to 0. */
QN_API QN_MUST_USE qn_status qn_load_table(const qn_context *context, const uint64_t *table, uint64_t length,
                                           uint32_t data_bits, const qn_load_options *options, qn_circuit **out,
                                           qn_load_cost *cost);

/** Seconds that copying these bytes in this machine's memory takes: the median of repeated copies. */
QN_API QN_MUST_USE qn_status qn_load_copy_seconds(const qn_context *context, const void *data, uint64_t bytes,
                                                  double *seconds);

/** Fills the fields of a ledger that loading is about: what the circuit costs against copying `data_bytes` in
 *  `copy_seconds`. */
QN_API void qn_load_ledger(const qn_load_cost *cost, uint64_t entries, uint64_t data_bytes, double copy_seconds,
                           qn_ledger *ledger);

/* Noise in a quantum memory. */

typedef struct qn_qram_options {
    uint32_t size;
    uint32_t levels;   /* 2^levels leaves, 1..22 */
    double noise;      /* chance of a random Pauli error on each qubit of the tree in each step, 0..1 */
    uint64_t shots;    /* random placements of errors; 0: 32 */
    uint64_t branches; /* addresses in the superposition that asks: all, or so many random ones; 0: 256 */
    uint64_t seed;
    bool fanout; /* the fan-out tree in place of the bucket brigade */
} qn_qram_options;
#define QN_QRAM_OPTIONS_INIT                                                                                           \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_qram_options), 8, 1e-4, 0, 0, 42, false                                                    \
    }

typedef struct qn_qram_result {
    double infidelity; /* 1 - F, F the fidelity of address and data, the tree traced out; mean over the shots */
    double std_error;
    double good;     /* mean part of the branches on whose path through the tree no router met an error */
    double bound;    /* 4 (1 - good): 1 - F <= 1 - (2 good - 1)^2 for each placement (Hann et al., bucket brigade) */
    uint64_t steps;  /* of one query: time in units of one layer of routers */
    uint64_t errors; /* placed, all shots */
    uint64_t shots, branches;
    double seconds;
    bool interrupted; /* fewer shots than asked; the rest holds */
} qn_qram_result;

/** What a query of a tree of 2^levels leaves costs, by formulas that tests hold against counted circuits
 * (levels 1..30): 8 (N - n - 1) + 4 (N - 1) data_bits Toffoli gates on 5 N - 4 + n + data_bits qubits; fan-out: the
 * second term alone. `cost->depth` is in layers of routers, other counts that need the circuit are 0. */
QN_API QN_MUST_USE qn_status qn_qram_cost(uint32_t levels, uint32_t data_bits, bool fanout, qn_load_cost *cost);

/** One query of a random table of bits in superposition, with random Pauli errors on routers and their inputs (leaves
 *  hold classical bits and have none). Exact for each placement: branches are basis states of the tree, 64 to a word
 *  (Hann, Lee, Girvin, Jiang, arXiv:2012.05340, and its appendix on simulation). Independent of threads.
 *  Errors: QN_ERR_RANGE, QN_ERR_TOO_LARGE, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_qram_noise(const qn_context *context, const qn_qram_options *options,
                                           qn_qram_result *out);

QN_END_DECLS
#endif
