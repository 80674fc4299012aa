/* weigh.c: times of both sides, and where they cross. */
#include "advise/weigh.h"

#include <math.h>
#include <string.h>

void qn__weigh(const qn__case *c, qn__lines *trace, qn__weighed *out)
{
    memset(out, 0, sizeof *out);
    qn__bill *bill = &out->bill;
    c->workload->price(c, bill, trace);
    bill->depth = fmaxl(bill->depth, bill->queries); /* calls follow one another, however little each costs */
    out->paced = qn__pace_run(&c->pace, bill->qubits, bill->toffoli, bill->t, bill->depth);
    const qn__count bandwidth = qn__io_seconds(bill->loading_bits, c->io_bits_s);
    out->load_circuit_s = bill->repetitions * (bill->loading_toffoli + bill->loading_t / 2) * out->paced.toffoli_s;
    out->load_bandwidth_s = bill->repetitions * bandwidth;
    out->quantum_s = bill->repetitions * fmaxl(out->paced.seconds, bandwidth);
}

bool qn__weighed_finite(const qn__weighed *w)
{
    const qn__bill *b = &w->bill;
    const qn__count all[] = {b->qubits,
                             b->toffoli,
                             b->t,
                             b->depth,
                             b->queries,
                             b->repetitions,
                             b->loading_bits,
                             b->readout_s,
                             b->data_bytes,
                             w->quantum_s,
                             w->load_circuit_s,
                             w->load_bandwidth_s,
                             w->paced.physical_qubits};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (!isfinite(all[i])) {
            return false;
        }
    }
    return !isinf(b->classical_s);
}

qn__count qn__case_size(const qn__case *c)
{
    const qn__workload *w = c->workload;
    if (w->size_name == NULL || w->size_key >= w->nkeys) {
        return (qn__count)NAN;
    }
    return w->size_inverse ? 1 / c->value[w->size_key] : c->value[w->size_key];
}

void qn__case_resize(qn__case *c, qn__count size)
{
    c->value[c->workload->size_key] = c->workload->size_inverse ? 1 / size : size;
    c->given[c->workload->size_key] = true;
}

/* Is the quantum side faster at this size? */
static bool ahead(qn__case *c, qn__count size, qn__weighed *w)
{
    qn__case_resize(c, size);
    qn__weigh(c, NULL, w);
    return w->quantum_s < w->bill.classical_s;
}

qn__crossing qn__crossing_find(const qn__case *c, int steps)
{
    qn__case moved = *c;
    qn__weighed w;
    const qn__key *key = &c->workload->keys[c->workload->size_key];
    const qn__count least = c->workload->size_inverse ? 2 : fmaxl((qn__count)key->least, 2);
    const qn__count low = log2l(least), high = log2l(c->workload->largest);
    if (!ahead(&moved, c->workload->largest, &w)) {
        return (qn__crossing){false, (qn__count)NAN, (qn__count)NAN};
    }
    qn__count in = high, out = low;
    for (int i = steps - 1; i >= 0; i--) {
        const qn__count at = low + (high - low) * (qn__count)i / (qn__count)steps;
        if (!ahead(&moved, exp2l(at), &w)) {
            out = at;
            break;
        }
        in = at;
    }
    for (int i = 0; i < 24 && in - out > 1e-4L; i++) {
        const qn__count middle = (in + out) / 2;
        if (ahead(&moved, exp2l(middle), &w)) {
            in = middle;
        } else {
            out = middle;
        }
    }
    (void)ahead(&moved, exp2l(in), &w);
    return (qn__crossing){true, exp2l(in), w.quantum_s};
}

qn__crossing qn__crossing_closed(qn__count quantum_call_s, qn__count classical_call_s, double degree)
{
    if (!(degree > 1) || !(quantum_call_s > 0) || !(classical_call_s > 0)) {
        return (qn__crossing){false, (qn__count)NAN, (qn__count)NAN};
    }
    const qn__count calls = powl(quantum_call_s / classical_call_s, 1 / ((qn__count)degree - 1));
    return (qn__crossing){true, calls, calls * quantum_call_s};
}

qn__crossing qn__crossing_extrapolated(qn__count quantum_s, qn__count classical_s, double degree, qn__count size)
{
    if (!(degree > 1) || !(degree < QN__SUPERPOLYNOMIAL) || !(quantum_s > 0) || !(classical_s > 0)) {
        return (qn__crossing){false, (qn__count)NAN, (qn__count)NAN};
    }
    const qn__count growth = powl(quantum_s / classical_s, (qn__count)(degree / (degree - 1)));
    return (qn__crossing){true, growth * size, growth * classical_s};
}

qn__count qn__most_operations(qn__count budget_s, qn__count quantum_op_s, qn__count classical_op_s, double degree)
{
    return budget_s / (quantum_op_s * powl(quantum_op_s / classical_op_s, 1 / ((qn__count)degree - 1)));
}
