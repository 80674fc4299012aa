/* engine.c: the state-vector engine's side of the vtable. */
#include "engine/statevector/engine.h"

#include <math.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/context.h"
#include "base/status.h"
#include "engine/statevector/program.h"

typedef struct engine {
    qn_context *context;
    const qn__kernels *kernels;
    uint32_t threads;
} engine;

/* Those of the context's instruction set, or the next plainer ones when this library was built without (QN_MINIMAL). */
static const qn__kernels *best_kernels(qn__arch arch, bool single_precision)
{
    static const char *const names[] = {
#define QN_ARCH(id, name, test) name,
#include "base/arch.def"
#undef QN_ARCH
    };
    const qn__kernels *found = NULL;
    for (unsigned k = (unsigned)arch + 1; k-- > 0 && found == NULL;) {
        found = qn__kernels_find(names[k], single_precision);
    }
    return found;
}

static qn_status engine_open(qn_context *context, const qn_engine_options *options, void **self)
{
    const qn__kernels *kernels = best_kernels(qn__context_arch(context), options->single_precision);
    QN_CHECK(kernels != NULL, ERR_INTERNAL, "no kernels at all");
    engine *e = qn__alloc(1, sizeof *e);
    QN_ALLOC_CHECK(e);
    *e = (engine){context, kernels, options->threads != 0 ? options->threads : qn_context_threads(context)};
    *self = e;
    return QN_OK;
}

static void engine_close(void *self)
{
    qn__free(self);
}

static bool engine_supports(const void *self, const qn_circuit *circuit, char *why, size_t capacity)
{
    (void)self;
    return qn__sv_supports(circuit, why, capacity);
}

static uint32_t team(const engine *e, uint32_t nqubits)
{
#ifdef _OPENMP
    return nqubits < QN__SV_THREAD_QUBITS ? 1 : e->threads;
#else
    (void)e;
    (void)nqubits;
    return 1;
#endif
}

static uint64_t block_count(const qn__kernels *kernels, uint32_t nqubits)
{
    const uint64_t amplitudes = UINT64_C(1) << nqubits;
    return amplitudes < kernels->lanes ? 1 : amplitudes / kernels->lanes;
}

static qn_status engine_bytes_needed(const void *self, const qn_circuit *circuit,
                                     const qn_pauli_sum *const *observables, size_t nobservables, uint64_t *bytes)
{
    const engine *e = self;
    const uint32_t n = qn_circuit_qubits(circuit);
    if (n > 58) { /* 2^59 amplitudes of 16 bytes are more than 64 bits count */
        *bytes = UINT64_MAX;
        return QN_OK;
    }
    uint64_t more = 0;
    QN_TRY(qn__sv_observable_bytes(e->kernels, n, team(e, n), observables, nobservables, &more));
    /* an operation and two factors a gate, on average; no more than a fraction of any state that is not small */
    more += qn_circuit_operations(circuit) * (sizeof(qn__sv_op) + 2 * sizeof(qn__sv_factor));
    *bytes = block_count(e->kernels, n) * e->kernels->lanes * 2 * e->kernels->real_size + more;
    return QN_OK;
}

static void engine_release(void *program)
{
    qn__sv_program *p = program;
    if (p == NULL) {
        return;
    }
    void *const owned[] = {p->terms,    p->factors, p->ops,     p->starts,  p->columns,  p->phases, p->dense,
                           p->matrices, p->groups,  p->group_z, p->group_c, p->identity, p->tables, p->scratch,
                           p->partial,  p->state,   p->bra,     p->draws,   p->chunks};
    for (size_t k = 0; k < sizeof owned / sizeof owned[0]; k++) {
        qn__free(owned[k]);
    }
    qn__free(p);
}

/* Every qubit in |0> until a start says otherwise. */
static qn_status make_columns(qn__sv_program *p)
{
    p->columns = qn__calloc(p->nqubits, 4 * sizeof *p->columns);
    QN_ALLOC_CHECK(p->columns);
    for (uint32_t q = 0; q < p->nqubits; q++) {
        p->columns[4 * (size_t)q] = 1.0;
    }
    return QN_OK;
}

static qn_status engine_compile(void *self, const qn_circuit *circuit, const qn_pauli_sum *const *observables,
                                size_t nobservables, void **program)
{
    const engine *e = self;
    const uint32_t n = qn_circuit_qubits(circuit);
    QN_CHECK(n >= 1 && n <= 58, ERR_TOO_LARGE, "a state of %u qubits", n);
    qn__sv_program *p = qn__calloc(1, sizeof *p);
    QN_ALLOC_CHECK(p);
    p->context = e->context;
    p->kernels = e->kernels;
    p->nqubits = n;
    p->threads = team(e, n);
    p->nsymbols = qn_circuit_symbols(circuit);
    p->nobservables = nobservables;
    p->blocks = block_count(e->kernels, n);
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__sv_lower(p, circuit));
    QN_TRY_CLEANUP(make_columns(p));
    QN_TRY_CLEANUP(qn__sv_group_observables(p, observables));
    p->state = qn__sv_state_create(p);
    status = p->state == NULL ? QN_ERR_MEMORY : QN_OK;
cleanup:
    if (status != QN_OK) {
        engine_release(p);
        return status;
    }
    *program = p;
    return QN_OK;
}

static qn_status engine_expect(void *program, const double *theta, size_t rows, double *values, double *variances)
{
    qn__sv_program *p = program;
    for (size_t r = 0; r < rows; r++) {
        QN_CHECK(!qn_context_interrupted(p->context), ERR_INTERRUPTED, "interrupted at row %zu of %zu", r, rows);
        qn__sv_bind(p, theta + r * p->nsymbols);
        qn__sv_forward(p);
        qn__sv_expect_state(p, values + r * p->nobservables);
    }
    for (size_t k = 0; variances != NULL && k < rows * p->nobservables; k++) {
        variances[k] = 0.0; /* exact */
    }
    return QN_OK;
}

static qn_status engine_amplitudes(void *program, const double *theta, uint64_t first, size_t count, qn_complex *out)
{
    qn__sv_program *p = program;
    qn__sv_bind(p, theta);
    qn__sv_forward(p);
    p->kernels->read(p->state, first, count, &out->re);
    double phase = 0.0;
    for (size_t k = 0; k < p->nphases; k++) {
        phase += qn__sv_angle_value(p, &p->phases[k], theta);
    }
    const double c = cos(phase), s = sin(phase);
    for (size_t k = 0; k < count && phase != 0.0; k++) {
        out[k] = (qn_complex){out[k].re * c - out[k].im * s, out[k].re * s + out[k].im * c};
    }
    return QN_OK;
}

static const qn_engine_ops ops = {.open = engine_open,
                                  .close = engine_close,
                                  .supports = engine_supports,
                                  .bytes_needed = engine_bytes_needed,
                                  .compile = engine_compile,
                                  .release = engine_release,
                                  .sample = qn__sv_sample,
                                  .expect = engine_expect,
                                  .gradient = qn__sv_gradient,
                                  .amplitudes = engine_amplitudes};

const qn_engine_desc qn__statevector_desc = {.abi = QN_ENGINE_ABI,
                                             .name = "statevector",
                                             .summary = "exact amplitudes on the CPU, vectorised; float64 or float32",
                                             .exact = true,
                                             .ops = &ops};
