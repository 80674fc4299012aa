/* test_stages.c: schedules as they are: everything once and in order, axes and flips within the tile, and no more trips
 * through memory than were once enough. */
#include "qn_test.h"

#include <quern/engine.h>

#include "base/bits.h"
#include "engine/statevector/adjoint.h"
#include "engine/statevector/engine.h"
#include "engine/statevector/lower.h"
#include "engine/statevector/schedule.h"
#include "structures.h"

typedef struct fixture {
    qn_context *context;
    void *engine;
} fixture;

static void open_engine(uint32_t tile, bool single, fixture *f)
{
    qn_engine_options options = QN_ENGINE_OPTIONS_INIT;
    options.tile_qubits = tile;
    options.single_precision = single;
    options.threads = 1;
    assert_ok(qn_context_create(NULL, &f->context));
    assert_ok(qn__statevector_desc.ops->open(f->context, &options, &f->engine));
}

static void close_engine(fixture *f)
{
    qn__statevector_desc.ops->close(f->engine);
    qn_context_free(f->context);
}

/* A program without a state. */
static qn__sv_program *schedule(const fixture *f, const qn_circuit *circuit)
{
    qn__sv_program *p = NULL;
    assert_ok(qn__sv_program_create(f->engine, qn_circuit_qubits(circuit), &p));
    p->nsymbols = qn_circuit_symbols(circuit);
    assert_ok(qn__sv_lower(p, circuit));
    assert_ok(qn__sv_schedule_make(p));
    return p;
}

/* Order. */

enum { MOST_ITEMS = 4096 };

typedef struct trace {
    const qn__sv_program *p;
    unsigned times[MOST_ITEMS];
    size_t place[MOST_ITEMS]; /* 0: no place of its own is known */
    size_t now;
} trace;

static void meet_op(trace *t, uint32_t op)
{
    t->now++;
    for (size_t i = 0; i < t->p->schedule.nitems; i++) {
        const qn__sv_item *item = &t->p->schedule.items[i];
        if (item->kind == QN__SV_ITEM_PHASE ? t->p->schedule.units[item->units].op == op : item->op == op) {
            t->times[i]++;
            t->place[i] = t->now;
        }
    }
}

static void meet_units(trace *t, uint32_t units)
{
    for (size_t i = 0; i < t->p->schedule.nitems; i++) {
        const qn__sv_item *item = &t->p->schedule.items[i];
        if (item->kind == QN__SV_ITEM_PHASE && item->units == units) {
            t->place[i] = t->now;
        }
    }
}

static void meet_pass(trace *t, const qn__sv_stretch *stretch)
{
    const qn__sv_schedule *s = &t->p->schedule;
    for (size_t k = stretch->first_fill; k < stretch->first_fill + stretch->nfills; k++) {
        const qn__sv_fill *f = &s->fills[k];
        const bool whole = f->kind == QN__SV_FILL_MATRIX || f->kind == QN__SV_FILL_VECTORS ||
                           f->kind == QN__SV_FILL_LANE || f->kind == QN__SV_FILL_PAULI ||
                           f->kind == QN__SV_FILL_DENSE || f->kind == QN__SV_FILL_DIAGONAL;
        if (whole) {
            meet_op(t, f->op);
        } else {
            t->now++;
        }
        for (uint32_t i = 0; i < f->nparts; i++) {
            meet_units(t, s->parts[f->parts + i].units);
        }
    }
}

static bool is_flip(const qn__sv_program *p, const qn__sv_item *item) /* its steps do not name it */
{
    return item->kind == QN__SV_ITEM_GATE && p->ops[item->op].shape == QN__SHAPE_SWAP;
}

/* Do they act on one qubit in different ways, or in a way that does not commute with itself? */
static bool disagree(const qn__sv_item *a, const qn__sv_item *b)
{
    const uint64_t first = a->x | a->y | a->z | a->other, second = b->x | b->y | b->z | b->other;
    const uint64_t alike = (a->x & b->x) | (a->y & b->y) | (a->z & b->z);
    return (first & second & ~alike) != 0;
}

static void check_order(const qn__sv_program *p)
{
    const qn__sv_schedule *s = &p->schedule;
    static trace t; /* too large for the stack */
    t = (trace){.p = p};
    assert_true(s->nitems <= MOST_ITEMS);
    for (size_t k = 0; k < s->nstages; k++) {
        const qn__sv_stage *stage = &s->stages[k];
        if (stage->kind == QN__SV_STAGE_FLAT && stage->nstretches == 0) {
            meet_op(&t, stage->op);
        }
        for (size_t i = stage->first_stretch; i < stage->first_stretch + stage->nstretches; i++) {
            if (s->stretches[i].flat) {
                meet_op(&t, s->stretches[i].op);
            } else {
                meet_pass(&t, &s->stretches[i]);
            }
        }
    }
    for (size_t k = 0; k < s->nparts; k++) { /* every phase that was taken is a part, whatever became of it */
        for (size_t i = 0; i < s->nitems; i++) {
            const bool same = s->items[i].kind == QN__SV_ITEM_PHASE && s->items[i].units == s->parts[k].units;
            t.times[i] += same ? 1 : 0;
        }
    }
    for (size_t i = 0; i < s->nitems; i++) {
        if (!is_flip(p, &s->items[i])) {
            assert_int_equal(t.times[i], 1);
        }
        for (size_t j = i + 1; j < s->nitems; j++) {
            const bool known = t.place[i] != 0 && t.place[j] != 0;
            if (known && disagree(&s->items[i], &s->items[j])) {
                assert_true(t.place[i] < t.place[j]);
            }
        }
    }
}

static void check_places(const qn__sv_program *p, uint32_t tile)
{
    const qn__sv_schedule *s = &p->schedule;
    const uint64_t all = (UINT64_C(2) << (p->nqubits - 1)) - 1;
    for (size_t k = 0; k < s->nstages; k++) {
        const qn__sv_stage *stage = &s->stages[k];
        assert_int_equal(qn__popcount(stage->local), stage->nlocal);
        assert_int_equal(stage->local & ~all, 0);
        assert_true(stage->nlocal <= tile || stage->kind == QN__SV_STAGE_FLAT ||
                    (stage->kind == QN__SV_STAGE_PLAIN && stage->local == all));
        for (size_t i = stage->first_stretch; i < stage->first_stretch + stage->nstretches; i++) {
            const qn__sv_stretch *stretch = &s->stretches[i];
            const uint32_t axes = stretch->pass.naxes, most = p->kernels->axes;
            const uint32_t bits = stage->nlocal + (p->dual ? 1 : 0);
            assert_true(axes <= most);
            for (uint32_t a = 0; a < axes && !stretch->flat; a++) {
                assert_true(stretch->pass.axes[a] < (UINT64_C(1) << bits) / p->kernels->lanes);
                assert_true(a == 0 || stretch->pass.axes[a] > stretch->pass.axes[a - 1]);
            }
            assert_true(!stretch->flat || (stretch->gate.x >> stage->nlocal) == 0);
        }
    }
}

static void everything_once_and_in_order(void **unused)
{
    (void)unused;
    model_random random = {qn_test_seed(), 0};
    for (int class = 0; class < STRUCTURE_CLASSES; class ++) {
        for (uint32_t tile = 6; tile <= 9; tile++) {
            structure s;
            fixture f;
            open_engine(tile, tile % 2 != 0, &f);
            structure_create((structure_class) class, 8 + (uint32_t) class % 5, 60, &random, &s);
            qn__sv_program *p = schedule(&f, s.separate);
            check_order(p);
            check_places(p, tile);
            assert_ok(qn__sv_backward_create(p));
            check_order(p->backward);
            check_places(p->backward, tile);
            qn__sv_program_release(p);
            structure_free(&s);
            close_engine(&f);
        }
    }
}

/* Trips through memory. */

static void append(qn_circuit *circuit, qn_gate gate, uint32_t a, uint32_t b, double angle)
{
    const uint32_t qubits[2] = {a, b};
    const qn_gate_info *info = qn_gate_describe(gate);
    const qn_param params[3] = {QN_PARAM(angle), QN_PARAM(0.4), QN_PARAM(1.1)};
    assert_ok(qn_circuit_append(circuit, gate, qubits, info->qubits, params, info->params));
}

/* Layers of any one-qubit gates and bricks of controlled Z. */
static void make_random(qn_circuit *circuit, uint32_t n)
{
    for (uint32_t layer = 0; layer < 20; layer++) {
        for (uint32_t q = 0; q < n; q++) {
            append(circuit, QN_GATE_U, q, 0, 0.1 + q + layer);
        }
        for (uint32_t q = layer % 2; q + 1 < n; q += 2) {
            append(circuit, QN_GATE_CZ, q, q + 1, 0.0);
        }
    }
}

static void make_fourier(qn_circuit *circuit, uint32_t n)
{
    for (uint32_t q = n; q-- > 0;) {
        append(circuit, QN_GATE_H, q, 0, 0.0);
        for (uint32_t c = q; c-- > 0;) {
            append(circuit, QN_GATE_CP, c, q, 3.14159265358979323846 / (double)(1U << (q - c)));
        }
    }
    for (uint32_t q = 0; q < n / 2; q++) {
        append(circuit, QN_GATE_SWAP, q, n - 1 - q, 0.0);
    }
}

static void make_two_local(qn_circuit *circuit, uint32_t n)
{
    for (uint32_t layer = 0; layer < 4; layer++) {
        for (uint32_t q = 0; q < n; q++) {
            append(circuit, QN_GATE_RY, q, 0, 0.1 + q + layer);
            append(circuit, QN_GATE_RZ, q, 0, 0.2 + q + layer);
        }
        for (uint32_t q = 0; q + 1 < n && layer < 3; q++) {
            append(circuit, QN_GATE_CX, q, q + 1, 0.0);
        }
    }
}

static void few_trips(void **unused)
{
    (void)unused;
    static const struct {
        const char *name;
        void (*make)(qn_circuit *circuit, uint32_t n);
        size_t most[3]; /* stages for 20, 22 and 24 qubits with tiles of 15 */
    } rows[] = {
        {"random", make_random, {4, 5, 6}},
        {"fourier", make_fourier, {2, 2, 2}},
        {"two-local", make_two_local, {2, 2, 3}},
    };
    fixture f;
    open_engine(15, false, &f);
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        for (uint32_t k = 0; k < 3; k++) {
            qn_circuit *circuit = NULL;
            assert_ok(qn_circuit_create(20 + 2 * k, &circuit));
            rows[r].make(circuit, 20 + 2 * k);
            qn__sv_program *p = schedule(&f, circuit);
            if (p->schedule.nstages > rows[r].most[k]) {
                print_error("%s on %u qubits: %zu stages, %zu were enough\n", rows[r].name, p->nqubits,
                            p->schedule.nstages, rows[r].most[k]);
                fail();
            }
            qn__sv_program_release(p);
            qn_circuit_free(circuit);
        }
    }
    close_engine(&f);
}

/* Long circuits: of gates that block each other at once, and of rotations and phases, which never close a qubit. */
static void long_circuits(void **unused)
{
    (void)unused;
    enum { GATES = 100000, N = 16 };
    model_random random = {qn_test_seed() + 1, 0};
    for (int kind = 0; kind < 2; kind++) {
        qn_circuit *circuit = NULL;
        fixture f;
        assert_ok(qn_circuit_create(N, &circuit));
        for (uint32_t k = 0; k < GATES; k++) {
            const uint32_t a = model_below(&random, N), b = (a + 1 + model_below(&random, N - 1)) % N;
            const qn_gate two = kind == 0 ? QN_GATE_CX : QN_GATE_CZ, one = kind == 0 ? QN_GATE_U : QN_GATE_RY;
            append(circuit, k % 2 == 0 ? one : two, a, b, 0.3 + k);
        }
        open_engine(12, false, &f);
        qn__sv_program *p = schedule(&f, circuit);
        assert_true(p->schedule.nitems > GATES / 2);
        assert_true(p->schedule.nsteps < 3 * (size_t)GATES);
        check_places(p, 12);
        qn__sv_program_release(p);
        qn_circuit_free(circuit);
        close_engine(&f);
    }
}

/* A rotation that flips more qubits than a tile of the usual size holds. */
static void wide_rotations(void **unused)
{
    (void)unused;
    enum { N = 24 };
    fixture f;
    qn_circuit *circuit = NULL;
    uint32_t qubits[N], t = 0;
    assert_ok(qn_circuit_create(N, &circuit));
    assert_ok(qn_circuit_add_symbol(circuit, "t", &t));
    const qn_param_term term = {t, 1.0};
    const qn_param angle = {0.0, &term, 1, 0};
    for (uint32_t q = 0; q < N; q++) {
        qubits[q] = q;
        append(circuit, QN_GATE_H, q, 0, 0.0);
    }
    assert_ok(qn_circuit_append_pauli_rotation(circuit, "XXXXXXXXYYYYYYYYZZXXXXXX", qubits, N, angle));
    append(circuit, QN_GATE_CX, 3, 22, 0.0);
    assert_ok(qn_circuit_append_pauli_rotation(circuit, "XXXXXXXXXXXXXXXXXXXX", qubits, 20, angle));
    open_engine(0, false, &f);
    qn__sv_program *p = schedule(&f, circuit);
    assert_true(p->schedule.stages[0].kind == QN__SV_STAGE_FLAT);
    check_order(p);
    assert_ok(qn__sv_backward_create(p));
    check_order(p->backward);
    qn__sv_program_release(p);
    qn_circuit_free(circuit);
    close_engine(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_once_and_in_order),
        cmocka_unit_test(few_trips),
        cmocka_unit_test(long_circuits),
        cmocka_unit_test(wide_rotations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
