/* chebyshev_sum.c: T_2k(A) is the corner of (R U^H R U)^k, R = 2 Pi - 1 with Pi: the ancillas are 0. Where the
 * reflections are left out, U and U^H cancel; so the bits of a counter switch reflections alone, and the encoding is
 * never controlled. Bit j stands for 2^j pairs of calls and the last one for what is missing to the highest term, so
 * that no call is made in vain. */
#include "algorithm/linear/chebyshev_sum.h"

#include <math.h>

#include <quern/load.h>

#include "algorithm/block_encoding/encoding.h"
#include "algorithm/linear/gate_parts.h"
#include "base/alloc.h"

uint32_t qn__chebyshev_sum_bits(size_t count)
{
    return count > 1 ? qn_load_address_bits(count) : 0;
}

double qn__chebyshev_sum_gates(size_t count)
{
    return 4 * exp2(qn__chebyshev_sum_bits(count)) + 2 * (double)count;
}

static size_t pairs_of_bit(uint32_t bit, uint32_t bits, size_t highest)
{
    return bit + 1 < bits ? (size_t)1 << bit : highest - (((size_t)1 << bit) - 1);
}

/* What the counter reads for term k. */
static size_t reading(size_t k, uint32_t bits, size_t highest)
{
    const size_t half = (size_t)1 << (bits - 1);
    return k < half ? k : half | (k - pairs_of_bit(bits - 1, bits, highest));
}

static qn_status counter_states(const qn_context *context, const double *c, size_t count, qn__encoding_pair *out)
{
    const uint32_t bits = qn__chebyshev_sum_bits(count);
    qn_complex *by_reading = qn__calloc((size_t)1 << bits, sizeof *by_reading);
    QN_ALLOC_CHECK(by_reading);
    for (size_t k = 0; k < count; k++) {
        by_reading[reading(k, bits, count - 1)].re = c[k];
    }
    const qn_status status = qn__encoding_pair_make(context, by_reading, UINT64_C(1) << bits, false, out);
    qn__free(by_reading);
    return status;
}

static qn_status append_calls(const qn__chebyshev_sum *sum, size_t count, qn_circuit *circuit)
{
    const uint32_t bits = qn__chebyshev_sum_bits(count);
    for (uint32_t bit = 0; bit < bits; bit++) {
        const uint32_t control = sum->counter + bit;
        for (size_t pair = pairs_of_bit(bit, bits, count - 1); pair > 0; pair--) {
            QN_TRY(qn__append_at(circuit, sum->forward, 0));
            QN_TRY(qn__append_zero_sign(circuit, sum->first, sum->ancillas, control)); /* two signs cancel */
            QN_TRY(qn__append_at(circuit, sum->backward, 0));
            QN_TRY(qn__append_zero_sign(circuit, sum->first, sum->ancillas, control));
        }
    }
    return QN_OK;
}

qn_status qn__append_chebyshev_sum(const qn_context *context, const qn__chebyshev_sum *sum, const double *c,
                                   size_t count, qn_circuit *circuit, double *weight)
{
    qn__encoding_pair states = {0};
    qn_status status = QN_OK;
    if (count == 1) { /* T_0 */
        const qn_param turn = QN_PARAM(3.14159265358979323846);
        *weight = fabs(c[0]);
        return c[0] < 0 ? qn_circuit_append(circuit, QN_GATE_GPHASE, NULL, 0, &turn, 1) : QN_OK;
    }
    QN_TRY_CLEANUP(counter_states(context, c, count, &states));
    QN_TRY_CLEANUP(qn__append_at(circuit, states.right, sum->counter));
    QN_TRY_CLEANUP(append_calls(sum, count, circuit));
    QN_TRY_CLEANUP(qn__append_at(circuit, states.left_inverse, sum->counter));
    *weight = states.alpha;
cleanup:
    qn__encoding_pair_free(&states);
    return status;
}
