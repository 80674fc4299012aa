/* equal.c: do two circuits do the same? With U and V their unitaries and M = V+ U:
 *
 * exact: tr(M) / 2^n, of modulus 1 exactly when V = exp(i phase) U. Each run of a circuit gives the mean of <x|M|x>
 * over 2^k basis states at once, held on k further qubits; 2^(n-k) runs make the trace. stimuli: <s|M|s> for random
 * states s (Burgholzer, Kueng, Wille, arXiv:2011.07288). A difference that touches a share of the state space shows at
 * once; one on few basis states (a gate under many controls) may take many. */
#include <quern/equal.h>

#include <math.h>
#include <string.h>

#include "algorithm/equal_circuits.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/rng.h"
#include "base/status.h"

enum {
    EXACT_QUBITS = 14, /* most for which AUTO is exact */
    PROBED_QUBITS = 9, /* from here on AUTO tries stimuli first: cheaper than the columns */
    PROBES = 2,        /* one of each kind */
    BLOCK_QUBITS = 18, /* of a run with columns: 4 MiB in double precision, which caches hold */
    STIMULI = 16,
    POINTS = 3
};
static const double PI = 3.14159265358979323846;
static const double MOST_UPDATES = 0x1p40; /* of amplitudes: more is minutes, and AUTO takes stimuli */
static const double TOLERANCE = 1e-10, COARSE_TOLERANCE = 1e-5;
static const double COARSE = 1e-12; /* error of an amplitude from which on an engine is not double precision */

typedef struct comparison {
    qn_engine *engine;
    qn_context *context;
    qn_equal_options options;
    qn_circuit *joined;
    uint32_t n, points;
    size_t nsymbols;
    double *theta; /* points x nsymbols, then room for n block bits */
    qn_equal_result result;
    qn_complex first; /* overlap at the first parameter point */
    double started, reported;
} comparison;

static qn_status take_options(const qn_equal_options *options, qn_equal_options *out)
{
    *out = (qn_equal_options)QN_EQUAL_OPTIONS_INIT;
    if (options != NULL) {
        QN_CHECK(options->size == sizeof *out, ERR_ARGUMENT,
                 "options have size %u, expected %zu; use QN_EQUAL_OPTIONS_INIT", options->size, sizeof *out);
        *out = *options;
    }
    QN_CHECK(out->method == QN_EQUAL_AUTO || out->method == QN_EQUAL_EXACT || out->method == QN_EQUAL_STIMULI,
             ERR_RANGE, "%d is no method of comparison", (int)out->method);
    QN_CHECK(out->tolerance >= 0.0 && out->tolerance < 1.0, ERR_RANGE, "tolerance %g; expected 0 to below 1",
             out->tolerance);
    out->stimuli = out->stimuli == 0 ? STIMULI : out->stimuli;
    out->points = out->points == 0 ? POINTS : out->points;
    return QN_OK;
}

/* Whether the engine works in single precision: one amplitude of a known state tells. */
static qn_status is_coarse(qn_engine *engine, bool *out)
{
    const uint32_t qubit = 0;
    const double angle = 1.0;
    const qn_param param = QN_PARAM(angle);
    qn_circuit *circuit = NULL;
    qn_program *program = NULL;
    qn_complex amplitude = {0, 0};
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_circuit_create(1, &circuit));
    QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_RY, &qubit, 1, &param, 1));
    QN_TRY_CLEANUP(qn_engine_compile(engine, circuit, NULL, 0, &program));
    QN_TRY_CLEANUP(qn_program_amplitudes(program, NULL, 0, 1, &amplitude));
    *out = !(fabs(amplitude.re - cos(angle / 2)) <= COARSE);
cleanup:
    qn_program_free(program);
    qn_circuit_free(circuit);
    return status;
}

/* Final measurements. */

static bool same_reads(const uint32_t *a, uint32_t na, const uint32_t *b, uint32_t nb)
{
    bool same = true;
    for (uint32_t bit = 0; bit < na || bit < nb; bit++) {
        const uint32_t x = bit < na ? a[bit] : QN__EQUAL_NO_QUBIT, y = bit < nb ? b[bit] : QN__EQUAL_NO_QUBIT;
        same = same && x == y;
    }
    return same;
}

/* Judging overlaps. */

static double modulus(qn_complex z)
{
    return hypot(z.re, z.im);
}

/* Take in <.|M|.> at parameter point `point`; false when it is not that of equal circuits. `why` says what it was. */
static bool judge(comparison *c, qn_complex overlap, uint32_t point, const char *why)
{
    qn_equal_result *r = &c->result;
    const double size = fmin(modulus(overlap), 1.0), tolerance = c->options.tolerance;
    r->fidelity = fmin(r->fidelity, size);
    if (!(1.0 - size <= tolerance)) {
        r->why = why;
        return false;
    }
    if (c->options.global_phase && !(1.0 - overlap.re <= tolerance)) {
        r->why = "equal but for the global phase";
        return false;
    }
    if (point == 0) {
        /* the same parameters, another state: the phase may not depend on it. Re(a b*) <= |a| |b|, equal when in
         * phase. */
        const bool fresh = c->first.re == 0.0 && c->first.im == 0.0;
        const double together = fresh ? 1.0 : overlap.re * c->first.re + overlap.im * c->first.im;
        if (!(1.0 - together <= 4.0 * tolerance)) {
            r->why = "two states come back with different phases";
            return false;
        }
        c->first = fresh ? overlap : c->first;
    }
    return true;
}

static void report(comparison *c, const char *stage, uint64_t done, uint64_t total)
{
    const qn_progress progress = {stage, done, total, done, c->result.fidelity, qn__clock() - c->started};
    qn__context_progress(c->context, &progress, &c->reported, done == total);
}

/* Stimuli first .. last - 1; *equal says whether all of them came back. */
static qn_status run_stimuli(comparison *c, uint32_t count, bool *equal)
{
    *equal = true;
    c->result.method = QN_EQUAL_STIMULI;
    qn_status status = QN_OK;
    qn_circuit *circuit = NULL;
    qn_program *program = NULL;
    for (uint32_t k = 0; k < count && *equal; k++) {
        QN_TRY_CLEANUP(qn__equal_stimulus(c->joined, qn__random_derive(c->options.seed, 1), k, &circuit));
        QN_TRY_CLEANUP(qn_engine_compile(c->engine, circuit, NULL, 0, &program));
        for (uint32_t point = 0; point < c->points && *equal; point++) {
            qn_complex overlap = {0, 0};
            QN_TRY_CLEANUP(qn_program_amplitudes(program, c->theta + point * c->nsymbols, 0, 1, &overlap));
            *equal = judge(c, overlap, point,
                           k % 2 == 0 ? "a random product state does not come back"
                                      : "a random stabilizer state does not come back");
        }
        c->result.stimuli++;
        report(c, "equal: stimuli", k + 1, count);
        qn_program_free(program);
        qn_circuit_free(circuit);
        program = NULL;
        circuit = NULL;
    }
cleanup:
    qn_program_free(program);
    qn_circuit_free(circuit);
    return status;
}

/* Index qubits of a run with columns: as many as keep it in cache and in the memory allowed. */
static uint32_t index_qubits(const comparison *c)
{
    const uint32_t room = c->n < BLOCK_QUBITS ? BLOCK_QUBITS - c->n : 0;
    uint32_t k = room < c->n ? room : c->n;
    while (k > 0 && sizeof(qn_complex) << (c->n + k) > qn_context_memory_limit(c->context) / 4) {
        k--;
    }
    return k;
}

/* tr(M) / 2^n at one parameter point, a block of columns after the other. */
static qn_status trace_at(comparison *c, qn_program *program, uint32_t k, uint32_t point, qn_complex *out)
{
    const uint64_t blocks = UINT64_C(1) << (c->n - k);
    double *theta = c->theta + c->points * c->nsymbols; /* of this program: parameters, then block bits */
    if (c->nsymbols > 0) {
        memcpy(theta, c->theta + point * c->nsymbols, c->nsymbols * sizeof *theta);
    }
    qn_complex sum = {0, 0};
    for (uint64_t block = 0; block < blocks; block++) {
        QN_CHECK(!qn_context_interrupted(c->context), ERR_INTERRUPTED, "interrupted at block %llu of %llu columns",
                 (unsigned long long)block, (unsigned long long)blocks);
        for (uint32_t q = k; q < c->n; q++) {
            theta[c->nsymbols + q - k] = (block >> (q - k) & 1) != 0 ? PI : 0.0;
        }
        qn_complex mean = {0, 0};
        QN_TRY(qn_program_amplitudes(program, theta, 0, 1, &mean));
        sum.re += mean.re;
        sum.im += mean.im;
        report(c, "equal: columns", point * blocks + block + 1, c->points * blocks);
    }
    *out = (qn_complex){sum.re / (double)blocks, sum.im / (double)blocks};
    return QN_OK;
}

static qn_status run_exact(comparison *c, bool *equal)
{
    *equal = true;
    c->result.method = QN_EQUAL_EXACT;
    c->result.fidelity = 1.0;
    c->first = (qn_complex){0, 0};
    const uint32_t k = index_qubits(c);
    qn_circuit *circuit = NULL;
    qn_program *program = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__equal_columns(c->joined, k, &circuit));
    QN_TRY_CLEANUP(qn_engine_compile(c->engine, circuit, NULL, 0, &program));
    for (uint32_t point = 0; point < c->points && *equal; point++) {
        qn_complex mean = {0, 0};
        QN_TRY_CLEANUP(trace_at(c, program, k, point, &mean));
        *equal = judge(c, mean, point, "the columns of the two unitaries differ");
    }
cleanup:
    qn_program_free(program);
    qn_circuit_free(circuit);
    return status;
}

/* Random parameter values: rotations have the period 4 pi. */
static qn_status draw_points(comparison *c)
{
    c->nsymbols = qn_circuit_symbols(c->joined);
    c->points = c->nsymbols == 0 ? 1 : c->options.points;
    size_t count = 0;
    QN_CHECK(!__builtin_mul_overflow((size_t)c->points + 1, c->nsymbols, &count), ERR_TOO_LARGE, "too many points");
    c->theta = qn__alloc(count + c->n, sizeof *c->theta);
    QN_ALLOC_CHECK(c->theta);
    const uint64_t seed = qn__random_derive(c->options.seed, 2);
    for (size_t i = 0; i < c->points * c->nsymbols; i++) {
        c->theta[i] = 4.0 * PI * (qn__random_uniform(seed, 0, i) - 0.5);
    }
    return QN_OK;
}

static qn_status decide(comparison *c)
{
    bool equal = true;
    const double updates = ldexp((double)qn_circuit_operations(c->joined) * c->points, 2 * (int)c->n);
    const bool small = c->n <= EXACT_QUBITS, affordable = updates <= MOST_UPDATES;
    const bool automatic = c->options.method == QN_EQUAL_AUTO;
    const bool exact = c->options.method == QN_EQUAL_EXACT || (automatic && small && affordable);
    const bool probe = exact && automatic && c->n >= PROBED_QUBITS;
    if (!exact || probe) {
        QN_TRY(run_stimuli(c, exact ? PROBES : c->options.stimuli, &equal));
        c->result.why = !equal                              ? c->result.why
                        : automatic && small && !affordable ? "every stimulus came back; all columns would take long"
                                                            : "every stimulus came back";
    }
    if (exact && equal) {
        QN_TRY(run_exact(c, &equal));
        c->result.why = !equal            ? c->result.why
                        : c->nsymbols > 0 ? "all columns agree at random parameter values"
                                          : "all columns agree";
    }
    c->result.equal = equal;
    c->result.phase = equal ? atan2(-c->first.im, c->first.re) : (double)NAN;
    return QN_OK;
}

static qn_status compare(comparison *c, const qn_circuit *a, const qn_circuit *b)
{
    qn_circuit *gates[2] = {NULL, NULL};
    uint32_t *reads[2] = {NULL, NULL};
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__equal_strip(a, "first", &gates[0], &reads[0]));
    QN_TRY_CLEANUP(qn__equal_strip(b, "second", &gates[1], &reads[1]));
    QN_TRY_CLEANUP(qn__equal_join(gates[0], gates[1], &c->joined));
    c->result = (qn_equal_result){.method = c->options.method, .fidelity = 1.0, .phase = (double)NAN};
    if (!same_reads(reads[0], qn_circuit_bits(a), reads[1], qn_circuit_bits(b))) {
        c->result.fidelity = (double)NAN; /* not looked at */
        c->result.why = "a classical bit reads different qubits at the end";
        goto cleanup;
    }
    if (c->options.tolerance == 0.0) {
        bool coarse = false;
        QN_TRY_CLEANUP(is_coarse(c->engine, &coarse));
        c->options.tolerance = coarse ? COARSE_TOLERANCE : TOLERANCE;
    }
    QN_TRY_CLEANUP(draw_points(c));
    QN_TRY_CLEANUP(decide(c));
cleanup:
    for (int side = 0; side < 2; side++) {
        qn_circuit_free(gates[side]);
        qn__free(reads[side]);
    }
    return status;
}

qn_status qn_circuit_equal(qn_engine *engine, const qn_circuit *a, const qn_circuit *b, const qn_equal_options *options,
                           qn_equal_result *out)
{
    QN_CHECK(engine != NULL && a != NULL && b != NULL && out != NULL, ERR_ARGUMENT,
             "a comparison needs an engine, two circuits and a place for the result");
    QN_CHECK(qn_circuit_qubits(a) == qn_circuit_qubits(b), ERR_SHAPE, "circuits of %u and %u qubits are compared",
             qn_circuit_qubits(a), qn_circuit_qubits(b));
    comparison c = {.engine = engine, .context = qn_engine_context(engine), .n = qn_circuit_qubits(a)};
    c.started = qn__clock();
    QN_TRY(take_options(options, &c.options));
    const qn_status status = compare(&c, a, b);
    if (status == QN_OK) {
        *out = c.result;
    }
    qn_circuit_free(c.joined);
    qn__free(c.theta);
    return status;
}
