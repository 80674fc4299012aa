/* alias.c: amplitudes by alias sampling: the table (Vose, IEEE Trans. Softw. Eng. 17, 972, 1991, in whole numbers) and
 * the circuit (Babbush et al., arXiv:1805.03662, section III D).
 *
 * A uniform index l loads another index and a threshold; where a uniform random number reaches the threshold, l becomes
 * the other index. Each of the 2^n indices holds 2^precision units of probability, so q_i is a whole number of units.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "load/alias.h"
#include "load/lookup.h"

enum { MOST_BITS = 24, MOST_UNITS = 52 };

/* ---- the table ---- */

typedef struct part {
    double rest; /* of a probability in units, what rounding down cut off */
    uint64_t index;
} part;

static int by_rest(const void *a, const void *b)
{
    const part *const x = a, *const y = b;
    if (x->rest > y->rest || x->rest < y->rest) {
        return x->rest > y->rest ? -1 : 1;
    }
    return (x->index > y->index) - (x->index < y->index);
}

/* Whole units that sum to `total`: rounded down, the largest rests up. */
static void round_units(const double *probability, uint64_t count, uint64_t total, part *order, uint64_t *units)
{
    uint64_t given = 0, largest = 0;
    for (uint64_t i = 0; i < count; i++) {
        const double exact = probability[i] * (double)total;
        units[i] = (uint64_t)exact;
        order[i] = (part){exact - (double)units[i], i};
        given += units[i];
        largest = probability[i] > probability[largest] ? i : largest;
    }
    qsort(order, (size_t)count, sizeof *order, by_rest);
    for (uint64_t k = 0; given < total; k = (k + 1) % count) {
        units[order[k].index] += 1;
        given++;
    }
    units[largest] -= given - total; /* probabilities whose sum rounding put over 1 */
}

static double fidelity_of(const double *probability, const uint64_t *units, uint64_t count, double total)
{
    double sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        sum += sqrt(probability[i] * ((double)units[i] / total));
    }
    return fmin(1, sum * sum);
}

/* Every index ends with a threshold and another index. `units` is used up; `work` has room for 2^bits numbers. */
static void pair_up(qn_alias *alias, uint64_t *units, uint64_t *work)
{
    const uint64_t size = UINT64_C(1) << alias->bits, full = UINT64_C(1) << alias->precision;
    uint64_t small = 0, large = size; /* two stacks in one array: from the front, from the back */
    for (uint64_t i = 0; i < size; i++) {
        work[units[i] < full ? small++ : --large] = i;
    }
    while (small > 0) {
        const uint64_t poor = work[--small], rich = work[large]; /* units left over are those of the rich */
        alias->keep[poor] = units[poor];
        alias->other[poor] = (uint32_t)rich;
        units[rich] -= full - units[poor];
        if (units[rich] < full) {
            large++;
            work[small++] = rich;
        }
    }
    for (; large < size; large++) { /* full: it becomes itself either way */
        alias->keep[work[large]] = 0;
        alias->other[work[large]] = (uint32_t)work[large];
    }
}

/* Squares that sum to 1, scaled by the largest first. */
static qn_status probabilities(const double *amplitudes, uint64_t count, double *out)
{
    double largest = 0, sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        QN_CHECK(isfinite(amplitudes[i]), ERR_NAN, "amplitude %llu is not finite", (unsigned long long)i);
        largest = fmax(largest, fabs(amplitudes[i]));
    }
    QN_CHECK(largest > 0, ERR_ARGUMENT, "all amplitudes are 0: there is no such state");
    for (uint64_t i = 0; i < count; i++) {
        const double scaled = amplitudes[i] / largest;
        out[i] = scaled * scaled;
        sum += out[i];
    }
    for (uint64_t i = 0; i < count; i++) {
        out[i] /= sum;
    }
    return QN_OK;
}

/* The thresholds' bits: as asked, or the least that lose no more than `loss`. */
static void choose_precision(qn_alias *alias, const double *probability, uint64_t count, uint32_t precision,
                             double loss, part *order, uint64_t *units)
{
    const uint32_t most = MOST_UNITS - alias->bits;
    for (alias->precision = precision > 0 ? precision : 1;; alias->precision++) {
        const uint64_t total = UINT64_C(1) << (alias->bits + alias->precision);
        round_units(probability, count, total, order, units);
        alias->fidelity = fidelity_of(probability, units, count, (double)total);
        if (precision > 0 || alias->precision == most || 1 - alias->fidelity <= loss) {
            return;
        }
    }
}

qn_status qn_alias_create(const double *amplitudes, uint64_t count, uint32_t precision, double loss, qn_alias **out)
{
    QN_CHECK(amplitudes != NULL && count > 0 && out != NULL && loss >= 0, ERR_ARGUMENT,
             "amplitudes, a loss of 0 or more and a place for the table are needed");
    const uint32_t needed = qn_load_address_bits(count), bits = needed > 0 ? needed : 1;
    QN_CHECK(bits <= MOST_BITS, ERR_TOO_LARGE, "%llu amplitudes; alias tables are made for up to 2^%d",
             (unsigned long long)count, (int)MOST_BITS);
    QN_CHECK(precision <= MOST_UNITS - bits, ERR_TOO_LARGE, "a precision of %u bits; at most %u for %llu amplitudes",
             precision, MOST_UNITS - bits, (unsigned long long)count);
    const size_t size = (size_t)1 << bits;
    qn_alias *alias = qn__calloc(1, sizeof *alias);
    double *probability = qn__calloc(size, sizeof *probability);
    uint64_t *units = qn__calloc(size, 2 * sizeof *units);
    part *order = qn__alloc(size, sizeof *order);
    qn_status status = QN_ERR_MEMORY;
    if (alias != NULL && probability != NULL && units != NULL && order != NULL) {
        alias->bits = bits;
        alias->keep = qn__calloc(size, sizeof *alias->keep);
        alias->other = qn__calloc(size, sizeof *alias->other);
        alias->negative = qn__calloc(size, sizeof *alias->negative);
        const bool room = alias->keep != NULL && alias->other != NULL && alias->negative != NULL;
        status = room ? probabilities(amplitudes, count, probability) : QN_ERR_MEMORY;
    }
    if (status == QN_OK) {
        choose_precision(alias, probability, count, precision, loss, order, units);
        pair_up(alias, units, units + size);
        for (uint64_t i = 0; i < count; i++) {
            alias->negative[i] = amplitudes[i] < 0;
        }
    }
    qn__free(probability);
    qn__free(units);
    qn__free(order);
    if (status != QN_OK) {
        qn_alias_free(alias);
        return status;
    }
    *out = alias;
    return QN_OK;
}

void qn_alias_free(qn_alias *alias)
{
    if (alias != NULL) {
        qn__free(alias->keep);
        qn__free(alias->other);
        qn__free(alias->negative);
        qn__free(alias);
    }
}

/* ---- the circuit ---- */

uint32_t qn_alias_qubits(uint32_t bits, uint32_t precision)
{
    return 2 * bits + 3 * precision + 2 + qn_load_qrom_ancillas(UINT64_C(1) << bits, false);
}

uint64_t qn_alias_toffoli(uint32_t bits, uint32_t precision, bool measured)
{
    /* The last AND of the comparison stays: it is the answer. */
    const uint64_t compared = measured ? precision : 2 * (uint64_t)precision - 1;
    return qn_load_qrom_toffoli(UINT64_C(1) << bits, false, measured) + compared + bits;
}

/* Qubits by role. */
typedef struct layout {
    uint32_t index, other, threshold, random, sign, other_sign, carry, tree;
} layout;

static layout layout_of(const qn_alias *alias)
{
    const uint32_t n = alias->bits, m = alias->precision;
    return (layout){0, n, 2 * n, 2 * n + m, 2 * n + 2 * m, 2 * n + 2 * m + 1, 2 * n + 2 * m + 2, 2 * n + 3 * m + 2};
}

static qn_status hadamards(qn_circuit *circuit, uint32_t first, uint32_t count)
{
    for (uint32_t q = first; q < first + count; q++) {
        QN_TRY(qn_circuit_append(circuit, QN_GATE_H, &q, 1, NULL, 0));
    }
    return QN_OK;
}

/* Other index, threshold and both signs, one word an entry. */
static qn_status look_up(const qn_alias *alias, const layout *l, bool measured, qn_circuit *circuit)
{
    const uint32_t n = alias->bits, m = alias->precision;
    const uint64_t size = UINT64_C(1) << n;
    uint32_t address[MOST_BITS], target[MOST_BITS + MOST_UNITS + 2], tree[MOST_BITS];
    uint64_t *table = qn__alloc((size_t)size, sizeof *table);
    QN_ALLOC_CHECK(table);
    for (uint64_t i = 0; i < size; i++) {
        table[i] = alias->other[i] | alias->keep[i] << n | (uint64_t)alias->negative[i] << (n + m) |
                   (uint64_t)alias->negative[alias->other[i]] << (n + m + 1);
    }
    qn_lookup lookup = QN_LOOKUP_INIT;
    lookup.table = table;
    lookup.length = size;
    lookup.data_bits = lookup.ntargets = n + m + 2;
    lookup.naddress = n;
    lookup.nancillas = qn_load_qrom_ancillas(size, false);
    lookup.measured = measured;
    for (uint32_t k = 0; k < n; k++) {
        address[k] = l->index + k;
        target[k] = l->other + k;
        tree[k] = l->tree + k;
    }
    for (uint32_t k = 0; k < m; k++) {
        target[n + k] = l->threshold + k;
    }
    target[n + m] = l->sign;
    target[n + m + 1] = l->other_sign;
    lookup.address = address;
    lookup.target = target;
    lookup.ancilla = tree;
    const qn_status status = qn_load_qrom(circuit, &lookup);
    qn__free(table);
    return status;
}

/* Around the AND that makes carry k of random - threshold: its inputs are brought in and out of place. Carry 0 comes
 * from "not (not random and threshold)", as 1 is carried in; the others from the majority of random, not threshold and
 * the carry before, ((a + c)(b + c)) + c (Gidney, arXiv:1709.06648). */
static qn_status place(const layout *l, uint32_t k, qn_circuit *circuit)
{
    if (k == 0) {
        return qn__append_x(circuit, l->random);
    }
    QN_TRY(qn__append_cx(circuit, l->carry + k - 1, l->random + k));
    return qn__append_cx(circuit, l->carry + k - 1, l->threshold + k);
}

static qn_status turn_threshold(const layout *l, uint32_t k, qn_circuit *circuit)
{
    return k > 0 ? qn__append_x(circuit, l->threshold + k) : QN_OK;
}

static qn_status finish_carry(const layout *l, uint32_t k, qn_circuit *circuit)
{
    return k == 0 ? qn__append_x(circuit, l->carry) : qn__append_cx(circuit, l->carry + k - 1, l->carry + k);
}

static qn_status carry(const layout *l, uint32_t k, bool undo, bool measured, qn_circuit *circuit)
{
    const uint32_t a = l->random + k, b = l->threshold + k, c = l->carry + k;
    QN_TRY(turn_threshold(l, k, circuit));
    QN_TRY(undo ? finish_carry(l, k, circuit) : QN_OK);
    QN_TRY(place(l, k, circuit));
    QN_TRY(undo ? qn__and_uncompute(circuit, a, b, c, measured) : qn__and_compute(circuit, a, b, c));
    QN_TRY(place(l, k, circuit)); /* its own inverse */
    QN_TRY(undo ? QN_OK : finish_carry(l, k, circuit));
    return turn_threshold(l, k, circuit);
}

/* Qubit carry + precision - 1 becomes "random >= threshold"; the other carries are clean again. */
static qn_status compare(const qn_alias *alias, const layout *l, bool measured, qn_circuit *circuit)
{
    for (uint32_t k = 0; k < alias->precision; k++) {
        QN_TRY(carry(l, k, false, measured, circuit));
    }
    for (uint32_t k = alias->precision - 1; k-- > 0;) {
        QN_TRY(carry(l, k, true, measured, circuit));
    }
    return QN_OK;
}

/* The sign of the index that stays, or of the other. */
static qn_status signs(const layout *l, uint32_t takes, qn_circuit *circuit)
{
    QN_TRY(qn_circuit_append(circuit, QN_GATE_CZ, (const uint32_t[]){takes, l->other_sign}, 2, NULL, 0));
    QN_TRY(qn__append_x(circuit, takes));
    QN_TRY(qn_circuit_append(circuit, QN_GATE_CZ, (const uint32_t[]){takes, l->sign}, 2, NULL, 0));
    return qn__append_x(circuit, takes);
}

static qn_status append(const qn_alias *alias, bool measured, qn_circuit *circuit)
{
    const layout l = layout_of(alias);
    const uint32_t takes = l.carry + alias->precision - 1;
    QN_TRY(hadamards(circuit, l.index, alias->bits));
    QN_TRY(hadamards(circuit, l.random, alias->precision));
    QN_TRY(look_up(alias, &l, measured, circuit));
    QN_TRY(compare(alias, &l, measured, circuit));
    QN_TRY(signs(&l, takes, circuit));
    for (uint32_t k = 0; k < alias->bits; k++) {
        QN_TRY(qn__append_cswap(circuit, takes, l.index + k, l.other + k));
    }
    return QN_OK;
}

qn_status qn_alias_compile(const qn_alias *alias, bool measured, qn_circuit **out)
{
    QN_CHECK(alias != NULL && out != NULL, ERR_ARGUMENT, "a table and a place for the circuit are needed");
    QN_CHECK(alias->bits >= 1 && alias->bits <= MOST_BITS && alias->precision >= 1 &&
                 alias->precision + alias->bits <= MOST_UNITS,
             ERR_RANGE, "%u index and %u threshold bits", alias->bits, alias->precision);
    qn_circuit *circuit = NULL;
    QN_TRY(qn_circuit_create(qn_alias_qubits(alias->bits, alias->precision), &circuit));
    const qn_status status = append(alias, measured, circuit);
    if (status != QN_OK) {
        qn_circuit_free(circuit);
        return status;
    }
    *out = circuit;
    return QN_OK;
}

/* ---- with its bill ---- */

qn_status qn__prepare_alias(const qn_context *context, const qn_complex *amplitudes, uint64_t count,
                            const qn_load_options *options, qn_circuit **out, qn_load_cost *bill)
{
    const uint32_t bits = qn_load_address_bits(count);
    QN_CHECK(bits <= MOST_BITS, ERR_TOO_LARGE, "%llu amplitudes; alias tables are made for up to 2^%d",
             (unsigned long long)count, (int)MOST_BITS);
    QN_TRY(qn__context_check_bytes(context, (UINT64_C(1) << bits) * 64 * (bits + 40),
                                   "the circuit that loads this array", "load a part of it"));
    double *real = qn__alloc((size_t)count, sizeof *real);
    QN_ALLOC_CHECK(real);
    qn_status status = QN_OK;
    qn_alias *alias = NULL;
    for (uint64_t i = 0; status == QN_OK && i < count; i++) {
        real[i] = amplitudes[i].re;
        if (amplitudes[i].im != 0) {
            status = QN_FAIL(ERR_ARGUMENT, "amplitude %llu is complex; alias sampling makes real ones",
                             (unsigned long long)i);
        }
    }
    const double loss = options->fidelity > 0 ? 1 - options->fidelity : 1e-9;
    status = status == QN_OK ? qn_alias_create(real, count, 0, loss, &alias) : status;
    status = status == QN_OK ? qn_alias_compile(alias, options->measured, out) : status;
    if (status == QN_OK) {
        bill->fidelity = alias->fidelity;
        bill->precision = alias->precision;
    }
    qn__free(real);
    qn_alias_free(alias);
    return status;
}
