/* threshold.c: searches below a threshold. The circuit loads the code of every item by unary iteration, compares it
 * with the threshold, gives the phase, and unloads it: a new circuit for each threshold, as the comparison is with a
 * constant. */
#include "algorithm/search/threshold.h"

#include <math.h>

#include <quern/load.h>

#include "algorithm/search/machine.h"
#include "algorithm/search/oracle.h"
#include "base/alloc.h"
#include "base/status.h"

static const double PI = 3.14159265358979323846;

struct qn__threshold {
    qn_context *context;
    const uint32_t *codes;
    uint64_t items;
    qn_minimum_options options;
    uint32_t code_bits;
    uint32_t *excluded;
    qn_oracle *oracle;
    qn__machine machine;
    bool open;
    uint64_t runs;
    qn_circuit_cost step; /* of the present threshold, GATE only */
    double loading;       /* Toffoli gates of one call that load and unload */
    qn_minimum_cost cost;
};

static uint32_t bits_for(uint64_t highest)
{
    uint32_t bits = 1;
    while (highest >> bits != 0) {
        bits++;
    }
    return bits;
}

/* Items, the tree of the lookup, codes. One more bit for codes that are moved up, as qn_oracle_from_codes does when
 * addresses behind the last item load 0. */
static uint32_t qubits_for(uint64_t items)
{
    const uint32_t bits = items > 1 ? qn_load_address_bits(items) : 1;
    const uint64_t space = UINT64_C(1) << bits;
    return bits + qn_load_qrom_ancillas(space, false) + bits_for(space > items ? items : items - 1);
}

qn_status qn__threshold_gate_seconds(uint64_t items, const qn_minimum_options *options, uint32_t *qubits,
                                     double *seconds)
{
    *qubits = qubits_for(items);
    *seconds = HUGE_VAL;
    if (*qubits <= options->gate_qubits && options->k < 1000) {
        /* Two lookups of some 5 gates and half a code's CNOTs an item, the excluded codes, the reflections. */
        const double bits = bits_for(items);
        const double gates = 2 * (double)items * (5 + bits / 2) + 4 * bits + (double)options->k;
        *seconds = gates * QN__SEARCH_GATE_SECONDS * ldexp(1, (int)*qubits);
    }
    return QN_OK;
}

qn_status qn__threshold_open(qn_context *context, const uint32_t *codes, uint64_t items,
                             const qn_minimum_options *options, qn__threshold **out)
{
    qn__threshold *t = qn__calloc(1, sizeof *t);
    QN_ALLOC_CHECK(t);
    *t = (qn__threshold){.context = context,
                         .codes = codes,
                         .items = items,
                         .options = *options,
                         .code_bits = bits_for(items > 1 ? items - 1 : 1)};
    t->excluded = qn__alloc((size_t)options->k, sizeof *t->excluded);
    if (t->excluded == NULL) {
        qn__free(t);
        return QN_ERR_MEMORY;
    }
    *out = t;
    return QN_OK;
}

static void let_go(qn__threshold *t)
{
    if (t->open) {
        qn__machine_close(&t->machine);
    }
    qn_oracle_free(t->oracle);
    t->oracle = NULL;
    t->open = false;
}

void qn__threshold_close(qn__threshold *t)
{
    if (t != NULL) {
        let_go(t);
        qn__free(t->excluded);
        qn__free(t);
    }
}

/* What one step of the present threshold costs. */
static qn_status count(qn__threshold *t)
{
    qn_circuit *step = NULL;
    qn_oracle_cost price;
    QN_TRY(qn_oracle_price(t->oracle, QN_ORACLE_LOOKUP, t->options.gate_qubits, &price));
    QN_TRY(qn_search_compile(t->oracle, QN_ORACLE_LOOKUP, t->options.gate_qubits, false, &step));
    const qn_status status = qn_circuit_count(step, NULL, 1e-10, &t->step);
    const uint32_t qubits = qn_circuit_qubits(step) + price.ladder;
    qn_circuit_free(step);
    QN_TRY(status);
    t->loading = price.loading;
    t->cost.counted = true;
    t->cost.qubits = qubits > t->cost.qubits ? qubits : t->cost.qubits;
    return QN_OK;
}

qn_status qn__threshold_set(qn__threshold *t, const uint64_t *ranks, uint64_t count_of_ranks)
{
    let_go(t);
    for (uint64_t k = 0; k + 1 < count_of_ranks; k++) {
        t->excluded[k] = (uint32_t)ranks[k];
    }
    QN_TRY(qn_oracle_below(t->context, t->codes, t->items, t->code_bits, (uint32_t)ranks[count_of_ranks - 1],
                           t->excluded, (size_t)(count_of_ranks - 1), &t->oracle));
    const bool gate = t->options.tier == QN_SEARCH_TIER_GATE;
    QN_TRY(gate ? count(t) : QN_OK);
    t->open = true; /* a machine that failed to open is to be closed all the same */
    return qn__machine_open(t->context, t->oracle, t->options.tier, QN_ORACLE_LOOKUP, t->options.gate_qubits, false,
                            &t->machine);
}

uint64_t qn__threshold_space(const qn__threshold *t)
{
    return t->machine.space;
}

static void book(qn__threshold *t, double steps)
{
    const double bits = qn_oracle_bits(t->oracle); /* H on every item qubit */
    t->cost.gates += bits + steps * (double)t->step.gates;
    t->cost.cx += steps * (double)t->step.cx;
    t->cost.depth += 1 + steps * (double)t->step.depth;
    t->cost.cx_depth += steps * (double)t->step.cx_depth;
    t->cost.toffoli += steps * (double)t->step.toffoli;
    t->cost.t += steps * (double)t->step.t_count;
    t->cost.loading += steps * t->loading;
}

qn_status qn__threshold_run(qn__threshold *t, uint64_t steps, bool *hit, uint64_t *item)
{
    QN_TRY(qn__machine_start(&t->machine));
    for (uint64_t k = 0; k < steps; k++) {
        QN_TRY(qn__machine_step(&t->machine, PI, PI));
    }
    QN_TRY(qn__machine_measure(&t->machine, t->options.seed, 2 + t->runs, item));
    *hit = qn_oracle_marks(t->oracle, *item);
    t->runs++;
    if (t->cost.counted) {
        book(t, (double)steps);
    }
    return QN_OK;
}

const qn_minimum_cost *qn__threshold_cost(const qn__threshold *t)
{
    return &t->cost;
}
