/* uccsd.c: unitary coupled cluster with singles and doubles (Peruzzo et al., Nat. Commun. 5, 4213; Romero et al.,
 * arXiv:1701.02691): excitations, their generators as Pauli sums, and the circuit. */
#include <string.h>

#include <quern/ansatz.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "circuit/ansatz.h"

/* Excitations. */

static uint64_t choose2(uint64_t n)
{
    return n * (n == 0 ? 0 : n - 1) / 2;
}

static size_t add_singles(uint32_t norb, uint32_t nocc, uint32_t first, qn_excitation *out)
{
    size_t n = 0;
    for (uint32_t i = 0; i < nocc; i++) {
        for (uint32_t a = nocc; a < norb; a++) {
            out[n++] = (qn_excitation){{first + i, 0}, {first + a, 0}, 1};
        }
    }
    return n;
}

static size_t add_doubles(uint32_t norb, uint32_t nocc, uint32_t first, qn_excitation *out)
{
    size_t n = 0;
    for (uint32_t i = 0; i < nocc; i++) {
        for (uint32_t j = i + 1; j < nocc; j++) {
            for (uint32_t a = nocc; a < norb; a++) {
                for (uint32_t b = a + 1; b < norb; b++) {
                    out[n++] = (qn_excitation){{first + i, first + j}, {first + a, first + b}, 2};
                }
            }
        }
    }
    return n;
}

static size_t add_mixed_doubles(uint32_t norb, uint32_t nalpha, uint32_t nbeta, qn_excitation *out)
{
    size_t n = 0;
    for (uint32_t i = 0; i < nalpha; i++) {
        for (uint32_t j = 0; j < nbeta; j++) {
            for (uint32_t a = nalpha; a < norb; a++) {
                for (uint32_t b = nbeta; b < norb; b++) {
                    out[n++] = (qn_excitation){{i, norb + j}, {a, norb + b}, 2};
                }
            }
        }
    }
    return n;
}

static qn_status check_electrons(uint32_t norb, uint32_t nalpha, uint32_t nbeta)
{
    enum { MOST_ORBITALS = 4096 }; /* keeps every product of four counts within 64 bits */
    QN_CHECK(norb > 0 && norb <= MOST_ORBITALS, ERR_RANGE, "%u orbitals are outside 1..%d", norb, MOST_ORBITALS);
    QN_CHECK(nalpha <= norb && nbeta <= norb, ERR_RANGE, "%u alpha and %u beta electrons do not fit %u orbitals",
             nalpha, nbeta, norb);
    return QN_OK;
}

qn_status qn_excitations_list(uint32_t norb, uint32_t nalpha, uint32_t nbeta, bool singles, bool doubles,
                              qn_excitation **out, size_t *count)
{
    QN_CHECK(out != NULL && count != NULL, ERR_ARGUMENT, "result pointer is NULL");
    QN_TRY(check_electrons(norb, nalpha, nbeta));
    const uint64_t va = norb - nalpha, vb = norb - nbeta;
    uint64_t total = 0;
    if (singles) {
        total += nalpha * va + nbeta * vb;
    }
    if (doubles) {
        total += choose2(nalpha) * choose2(va) + choose2(nbeta) * choose2(vb) + nalpha * va * nbeta * vb;
    }
    qn_excitation *list = qn__alloc((size_t)total, sizeof *list);
    QN_ALLOC_CHECK(list);
    size_t n = 0;
    if (singles) {
        n += add_singles(norb, nalpha, 0, list + n);
        n += add_singles(norb, nbeta, norb, list + n);
    }
    if (doubles) {
        n += add_doubles(norb, nalpha, 0, list + n);
        n += add_doubles(norb, nbeta, norb, list + n);
        n += add_mixed_doubles(norb, nalpha, nbeta, list + n);
    }
    *out = list;
    *count = n;
    return QN_OK;
}

void qn_excitations_free(qn_excitation *excitations)
{
    qn__free(excitations);
}

/* The generator. */

/* O = i (T - T+) with T = a+_to0 a+_to1 a_from1 a_from0, so that exp(theta (T - T+)) = exp(-i theta O). */
static qn_status add_generator(qn_fermion_sum *sum, const qn_excitation *e)
{
    qn_ladder up[4], down[4]; /* T and its adjoint: the factors backwards, creation and annihilation exchanged */
    const uint32_t k = e->count, length = 2 * k;
    for (uint32_t i = 0; i < k; i++) {
        up[i] = (qn_ladder){e->to[i], true};
        up[length - 1 - i] = (qn_ladder){e->from[i], false};
    }
    for (uint32_t i = 0; i < length; i++) {
        down[i] = (qn_ladder){up[length - 1 - i].mode, !up[length - 1 - i].creation};
    }
    QN_TRY(qn_fermion_sum_add(sum, (qn_complex){0, 1}, up, length));
    return qn_fermion_sum_add(sum, (qn_complex){0, -1}, down, length);
}

static qn_status map_generator(const qn_uccsd_options *o, const qn_excitation *e, qn_pauli_sum **out)
{
    qn_fermion_sum *sum = NULL;
    QN_TRY(qn_fermion_sum_create(2 * o->norb, &sum));
    qn_status status = add_generator(sum, e);
    if (status == QN_OK) {
        status = qn_fermion_to_qubits(sum, o->mapping, out);
    }
    qn_fermion_sum_free(sum);
    return status;
}

/* Strings either commute or anticommute with a symmetry, so the whole commutes when every term does. */
static bool commutes(const qn_pauli_sum *sum, const qn_pauli_sum *symmetries)
{
    const size_t words = qn_pauli_sum_words(sum);
    for (size_t s = 0; s < qn_pauli_sum_terms(symmetries); s++) {
        for (size_t i = 0; i < qn_pauli_sum_terms(sum); i++) {
            if (!qn_pauli_commute(words, qn_pauli_sum_x(sum, i), qn_pauli_sum_z(sum, i), qn_pauli_sum_x(symmetries, s),
                                  qn_pauli_sum_z(symmetries, s))) {
                return false;
            }
        }
    }
    return true;
}

/* *out stays NULL when the excitation vanishes or breaks a symmetry. */
static qn_status make_generator(const qn_uccsd_options *o, const qn_excitation *e, qn_pauli_sum **out)
{
    qn_pauli_sum *sum = NULL;
    QN_TRY(map_generator(o, e, &sum));
    qn_status status = QN_OK;
    if (o->tapering != NULL && !commutes(sum, qn_tapering_symmetries(o->tapering))) {
        qn_pauli_sum_free(sum);
        return QN_OK;
    }
    if (o->tapering != NULL) {
        qn_pauli_sum *tapered = NULL;
        status = qn_tapering_apply(o->tapering, sum, &tapered);
        qn_pauli_sum_free(sum);
        sum = tapered;
    }
    if (status == QN_OK && qn_pauli_sum_terms(sum) == 0) {
        qn_pauli_sum_free(sum);
        sum = NULL;
    }
    if (status == QN_OK) {
        *out = sum;
    }
    return status;
}

/* The circuit. */

static qn_status check_excitations(const qn_uccsd_options *o)
{
    const uint32_t modes = 2 * o->norb;
    for (size_t i = 0; i < o->nexcitations; i++) {
        const qn_excitation *e = &o->excitations[i];
        QN_CHECK(e->count == 1 || e->count == 2, ERR_ARGUMENT, "excitation %zu moves %u electrons, 1 or 2 are taken", i,
                 e->count);
        for (uint32_t k = 0; k < e->count; k++) {
            QN_CHECK(e->from[k] < modes && e->to[k] < modes, ERR_RANGE,
                     "excitation %zu from mode %u to %u leaves 0..%u", i, e->from[k], e->to[k], modes - 1);
        }
    }
    return QN_OK;
}

static qn_status prepare_reference(const qn_uccsd_options *o, qn_circuit *circuit)
{
    const uint32_t modes = 2 * o->norb;
    const size_t words = qn__words(modes);
    uint64_t *masks = qn__calloc(3 * words, sizeof *masks);
    QN_ALLOC_CHECK(masks);
    uint64_t *occupation = masks, *state = masks + words, *tapered = masks + 2 * words;
    for (uint32_t i = 0; i < o->nalpha; i++) {
        qn__bit_set(occupation, i);
    }
    for (uint32_t i = 0; i < o->nbeta; i++) {
        qn__bit_set(occupation, o->norb + i);
    }
    qn_status status = qn_mapping_encode(o->mapping, modes, occupation, state);
    if (status == QN_OK && o->tapering != NULL) {
        status = qn_tapering_apply_state(o->tapering, state, tapered);
        state = tapered;
    }
    if (status == QN_OK) {
        status = qn__ansatz_flip(circuit, state);
    }
    qn__free(masks);
    return status;
}

static qn_status add_layers(const qn_uccsd_options *o, qn_pauli_sum *const *generators, qn_circuit *circuit)
{
    for (uint32_t rep = 0; rep < o->reps; rep++) {
        for (size_t k = 0; k < o->nexcitations; k++) {
            if (generators[k] == NULL) {
                continue;
            }
            uint32_t symbol = 0;
            QN_TRY(qn__ansatz_symbol(circuit, "theta", qn_circuit_symbols(circuit), &symbol));
            QN_TRY(qn__ansatz_evolve(circuit, generators[k], symbol, "generator of an excitation"));
        }
    }
    return QN_OK;
}

static qn_status build(const qn_uccsd_options *o, qn_circuit **out)
{
    qn_status status = QN_OK;
    qn_circuit *circuit = NULL;
    qn_pauli_sum **generators = qn__calloc(o->nexcitations, sizeof(qn_pauli_sum *));
    QN_ALLOC_CHECK(generators);
    const uint32_t removed = o->tapering == NULL ? 0 : qn_tapering_count(o->tapering);
    for (size_t k = 0; k < o->nexcitations; k++) {
        QN_TRY_CLEANUP(make_generator(o, &o->excitations[k], &generators[k]));
    }
    QN_TRY_CLEANUP(qn_circuit_create(2 * o->norb - removed, &circuit));
    QN_TRY_CLEANUP(prepare_reference(o, circuit));
    QN_TRY_CLEANUP(add_layers(o, generators, circuit));
    *out = circuit;
    circuit = NULL;
cleanup:
    for (size_t k = 0; k < o->nexcitations; k++) {
        qn_pauli_sum_free(generators[k]);
    }
    qn__free(generators);
    qn_circuit_free(circuit);
    return status;
}

qn_status qn_ansatz_uccsd(const qn_uccsd_options *options, qn_circuit **out)
{
    QN_CHECK(options != NULL && out != NULL, ERR_ARGUMENT, "options or result pointer is NULL");
    const qn_uccsd_options defaults = QN_UCCSD_OPTIONS_INIT;
    qn_uccsd_options o = defaults;
    memcpy(&o, options, options->size < sizeof o ? options->size : sizeof o);
    QN_TRY(check_electrons(o.norb, o.nalpha, o.nbeta));
    qn_excitation *all = NULL;
    if (o.excitations == NULL) {
        QN_TRY(qn_excitations_list(o.norb, o.nalpha, o.nbeta, true, true, &all, &o.nexcitations));
        o.excitations = all;
    }
    qn_status status = check_excitations(&o);
    if (status == QN_OK) {
        status = build(&o, out);
    }
    qn_excitations_free(all);
    return status;
}
