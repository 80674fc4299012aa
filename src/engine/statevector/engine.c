/* engine.c: the state-vector engine's side of the vtable. */
#include "engine/statevector/engine.h"

#include <math.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/context.h"
#include "base/status.h"
#include "engine/statevector/adjoint.h"
#include "engine/statevector/program.h"
#include "engine/statevector/rows.h"
#include "engine/statevector/schedule.h"

typedef struct engine {
    qn_context *context;
    const qn__kernels *kernels;
    uint32_t threads, tile_qubits;
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
    *e = (engine){context, kernels, options->threads != 0 ? options->threads : qn_context_threads(context),
                  options->tile_qubits};
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
    const uint32_t from = e->tile_qubits != 0 ? e->tile_qubits + 1 : QN__SV_THREAD_QUBITS;
    return nqubits < from ? 1 : e->threads;
#else
    (void)e;
    (void)nqubits;
    return 1;
#endif
}

static uint32_t row_team(const engine *e, uint32_t nqubits)
{
#ifdef _OPENMP
    return nqubits < QN__SV_THREAD_QUBITS ? e->threads : 1;
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
    bool reflects = false;
    for (size_t k = 0; k < qn_circuit_operations(circuit) && !reflects; k++) {
        qn_operation operation;
        qn_circuit_operation(circuit, k, &operation);
        reflects = operation.ncontrols >= QN__SV_REFLECTS;
    }
    more += qn_circuit_operations(circuit) * qn__sv_schedule_bytes(e->kernels) +
            qn__sv_tile_bytes(e->kernels, e->tile_qubits, n, team(e, n), reflects);
    *bytes = block_count(e->kernels, n) * e->kernels->lanes * 2 * e->kernels->real_size + more;
    return QN_OK;
}

void qn__sv_program_release(void *program)
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
    qn__sv_workers_free(p);
    qn__sv_backward_free(p->backward);
    qn__sv_schedule_free(&p->schedule);
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

qn_status qn__sv_program_create(const void *self, uint32_t nqubits, qn__sv_program **out)
{
    const engine *e = self;
    QN_CHECK(nqubits >= 1 && nqubits <= 58, ERR_TOO_LARGE, "a state of %u qubits", nqubits);
    qn__sv_program *p = qn__calloc(1, sizeof *p);
    QN_ALLOC_CHECK(p);
    p->context = e->context;
    p->kernels = e->kernels;
    p->nqubits = nqubits;
    p->threads = team(e, nqubits);
    p->row_threads = p->threads > 1 ? 1 : row_team(e, nqubits);
    p->tile_qubits = e->tile_qubits;
    p->blocks = block_count(e->kernels, nqubits);
    for (size_t q = 0; q < sizeof p->position / sizeof p->position[0]; q++) {
        p->position[q] = (uint8_t)q;
    }
    *out = p;
    return QN_OK;
}

static qn_status engine_compile(void *self, const qn_circuit *circuit, const qn_pauli_sum *const *observables,
                                size_t nobservables, void **program)
{
    qn__sv_program *p = NULL;
    QN_TRY(qn__sv_program_create(self, qn_circuit_qubits(circuit), &p));
    QN_CHECK(p != NULL, ERR_INTERNAL, "a program was not made");
    p->nsymbols = qn_circuit_symbols(circuit);
    p->nobservables = nobservables;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__sv_lower(p, circuit));
    QN_TRY_CLEANUP(qn__sv_schedule_make(p));
    QN_TRY_CLEANUP(make_columns(p));
    QN_TRY_CLEANUP(qn__sv_group_observables(p, observables));
    p->state = qn__sv_state_create(p);
    status = p->state == NULL ? QN_ERR_MEMORY : QN_OK;
cleanup:
    if (status != QN_OK) {
        qn__sv_program_release(p);
        return status;
    }
    *program = p;
    return QN_OK;
}

typedef struct expectation {
    const double *theta;
    double *values;
} expectation;

static qn_status expect_row(qn__sv_program *p, size_t row, void *job)
{
    const expectation *e = job;
    qn__sv_bind(p, e->theta + row * p->nsymbols);
    qn__sv_forward(p);
    qn__sv_expect_state(p, e->values + row * p->nobservables);
    return QN_OK;
}

static void expect_batch(qn__sv_batch *batch, size_t first, size_t count, void *job)
{
    const expectation *e = job;
    const qn__sv_program *p = batch->program;
    qn__sv_batch_expect(batch, e->theta + first * p->nsymbols, count, e->values + first * p->nobservables);
}

static qn_status engine_expect(void *program, const double *theta, size_t rows, double *values, double *variances)
{
    qn__sv_program *p = program;
    expectation job = {theta, values};
    size_t done = 0;
    QN_TRY(qn__sv_each_batch(p, rows, false, expect_batch, &job, &done));
    QN_TRY(qn__sv_each_row(p, done, rows, false, expect_row, &job));
    for (size_t k = 0; variances != NULL && k < rows * p->nobservables; k++) {
        variances[k] = 0.0; /* exact */
    }
    return QN_OK;
}

double qn__sv_global_phase(const qn__sv_program *p, const double *theta)
{
    double phase = 0.0;
    for (size_t k = 0; k < p->nphases; k++) {
        phase += qn__sv_angle_value(p, &p->phases[k], theta);
    }
    for (size_t k = 0; k < p->schedule.nglobals; k++) {
        double z[2];
        qn__sv_unit_value(p, &p->schedule.globals[k], z);
        phase += atan2(z[1], z[0]);
    }
    return phase;
}

static qn_status engine_amplitudes(void *program, const double *theta, uint64_t first, size_t count, qn_complex *out)
{
    qn__sv_program *p = program;
    qn__sv_bind(p, theta);
    qn__sv_forward(p);
    enum { FEW = 4096 };
    if (count <= FEW) {
        for (size_t k = 0; k < count; k++) {
            p->kernels->read(p->state, qn__sv_moved(p, first + k), 1, &out[k].re);
        }
    } else {
        qn__sv_restore_order(p);
        p->kernels->read(p->state, first, count, &out->re);
    }
    const double phase = qn__sv_global_phase(p, theta);
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
                                  .release = qn__sv_program_release,
                                  .sample = qn__sv_sample,
                                  .expect = engine_expect,
                                  .gradient = qn__sv_gradient,
                                  .amplitudes = engine_amplitudes,
                                  .compile_live = qn__sv_compile_live,
                                  .live_create = qn__sv_live_create,
                                  .live_free = qn__sv_live_free,
                                  .live_start = qn__sv_live_start,
                                  .live_copy = qn__sv_live_copy,
                                  .live_advance = qn__sv_live_advance,
                                  .live_probability = qn__sv_live_probability,
                                  .live_collapse = qn__sv_live_collapse,
                                  .live_sample = qn__sv_live_sample,
                                  .live_amplitudes = qn__sv_live_amplitudes};

const qn_engine_desc qn__statevector_desc = {.abi = QN_ENGINE_ABI,
                                             .name = "statevector",
                                             .summary = "exact amplitudes on the CPU, vectorised; float64 or float32",
                                             .exact = true,
                                             .ops = &ops};
