/* evolution.c: e^{iHt} by quantum signal processing: cos(tH) and sin(tH) as polynomials of a block-encoding, their sum
 * cos + i sin as a combination, and two rounds of oblivious amplification (D. Berry, A. Childs, R. Cleve, R. Kothari,
 * R. Somma, arXiv:1312.1414), which is exact when the combination's amplitude is sin(pi / 10): the polynomials are
 * scaled so that it is. */
#include <math.h>

#include "algorithm/block_encoding/encoding.h"
#include "algorithm/linear/gate_parts.h"
#include "algorithm/linear/hhl_gate.h"
#include "base/alloc.h"

static const double scale = 0.61803398874989484820; /* 2 sin(pi / 10) */
static const double error = 1e-12;

/* A polynomial of H as a block-encoding with alpha = 1 / scale. */
static qn_status encode_polynomial(const qn_context *context, const qn_circuit *encoding, uint32_t system,
                                   qn_qsp_polynomial *p, qn_block_encoding *out)
{
    qn_qsp_report report = {0};
    double *phases = qn__alloc((size_t)p->degree + 1, sizeof *phases);
    QN_ALLOC_CHECK(phases);
    qn_qsp_polynomial_scale(p, scale);
    qn_status status = qn_qsp_phases(context, p, QN_QSP_AUTO, error, phases, &report);
    status = status == QN_OK ? qn_qsvt_circuit(encoding, system, phases, p->degree, &out->circuit) : status;
    qn__free(phases);
    if (status == QN_OK) {
        out->system = system;
        out->ancillas = qn_circuit_qubits(out->circuit) - system;
        out->alpha = 1 / scale;
    }
    return status;
}

/* W R W^H R W R W^H R W, R the sign of all ancillas 0: T_5 of the amplitude. */
static qn_status amplify(const qn_block_encoding *w, qn_circuit **out)
{
    qn_circuit *circuit = NULL, *inverse = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_circuit_inverse(w->circuit, &inverse));
    QN_TRY_CLEANUP(qn_circuit_create(w->system + w->ancillas, &circuit));
    for (unsigned k = 0; k < 5; k++) {
        if (k > 0) {
            /* X on one of them makes its 0 the control that fires */
            QN_TRY_CLEANUP(qn__append_gate(circuit, QN_GATE_X, w->system));
            QN_TRY_CLEANUP(qn__append_zero_sign(circuit, w->system + 1, w->ancillas - 1, w->system));
            QN_TRY_CLEANUP(qn__append_gate(circuit, QN_GATE_X, w->system));
        }
        QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, k % 2 == 0 ? w->circuit : inverse));
    }
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(circuit);
    qn_circuit_free(inverse);
    return status;
}

qn_status qn__evolution_circuit(const qn_context *context, const qn_circuit *encoding, uint32_t system, double time,
                                qn_circuit **out)
{
    qn_qsp_polynomial *cosine = NULL, *sine = NULL;
    qn_block_encoding even = {0}, odd = {0}, *sum = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_qsp_cosine(time, error, &cosine));
    QN_TRY_CLEANUP(qn_qsp_sine(time, error, &sine));
    QN_TRY_CLEANUP(encode_polynomial(context, encoding, system, cosine, &even));
    QN_TRY_CLEANUP(encode_polynomial(context, encoding, system, sine, &odd));
    QN_TRY_CLEANUP(qn_block_encoding_sum((qn_complex){1, 0}, &even, (qn_complex){0, 1}, &odd, &sum));
    QN_TRY_CLEANUP(amplify(sum, out));
cleanup:
    qn_qsp_polynomial_free(cosine);
    qn_qsp_polynomial_free(sine);
    qn_circuit_free(even.circuit);
    qn_circuit_free(odd.circuit);
    qn_block_encoding_free(sum);
    return status;
}
