/* multiplexed.c: uniformly controlled rotations (Mottonen, Vartiainen, Bergholm, Salomaa, quant-ph/0404089): between
 * rotations the target is flipped by controls in the order of a Gray code, so that rotation i counts with the sign
 * (-1)^(j . gray(i)) where the controls read j. The angles are a Walsh-Hadamard transform of those that are wanted. */
#include "load/multiplexed.h"

#include <math.h>

#include "load/lookup.h"
#include "math/walsh.h"

static const double ZERO = 1e-15; /* an angle that is rounding */

qn_status qn__multiplexed_flush(qn_circuit *circuit, const qn__multiplexed *m, uint64_t *pending)
{
    for (uint32_t k = 0; k < m->ncontrols; k++) {
        if ((*pending >> k & 1) != 0) {
            QN_TRY(qn_circuit_append(circuit, m->entangler, (const uint32_t[]){m->controls[k], m->target}, 2, NULL, 0));
        }
    }
    *pending = 0;
    return QN_OK;
}

static qn_status rotate(qn_circuit *circuit, const qn__multiplexed *m, double angle, uint64_t *pending)
{
    if (fabs(angle) < fmax(ZERO, m->threshold)) {
        return QN_OK;
    }
    QN_TRY(qn__multiplexed_flush(circuit, m, pending));
    return qn__append_angle(circuit, m->gate, m->target, angle);
}

qn_status qn__multiplexed_append(qn_circuit *circuit, const qn__multiplexed *m, double *angles, uint64_t *pending)
{
    const uint64_t size = UINT64_C(1) << m->ncontrols;
    qn__walsh_hadamard(m->ncontrols, angles);
    for (uint64_t step = 0; step < size; step++) {
        const uint64_t i = m->reversed ? size - 1 - step : step, gray = i ^ (i >> 1), next = (i + 1) % size;
        /* The bit in which the codes of i and i + 1 differ; behind the last one the code returns to 0. */
        const uint64_t turned = gray ^ next ^ (next >> 1);
        *pending ^= m->reversed ? turned : 0;
        QN_TRY(rotate(circuit, m, angles[gray] / (double)size, pending));
        *pending ^= m->reversed ? 0 : turned;
    }
    return QN_OK;
}
