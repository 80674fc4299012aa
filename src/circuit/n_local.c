/* n_local.c: layers of one-qubit rotations and two-qubit entanglers, in Qiskit's order of gates and parameters. */
#include <string.h>

#include <quern/ansatz.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "circuit/ansatz.h"
#include "circuit/entanglement.h"
#include "circuit/gate.h"

typedef enum block_kind {
    BLOCK_GATES, /* the gates of the options */
    BLOCK_ISWAP, /* exp(-i theta (XX + YY) / 2) */
    BLOCK_FSIM   /* the same, then cp(phi) */
} block_kind;

typedef struct builder {
    qn_n_local_options options;
    block_kind kind;
    bool colored;
    qn_circuit *circuit;
    uint64_t *unused; /* qubits that no pair touches; NULL: rotations on all */
} builder;

/* A gate whose parameters are the next symbols. */
static qn_status add_gate(builder *b, qn_gate gate, const uint32_t *qubits, size_t nqubits)
{
    qn_param params[QN__GATE_PARAMS];
    qn_param_term terms[QN__GATE_PARAMS];
    const uint32_t nparams = qn_gate_describe(gate)->params;
    for (uint32_t i = 0; i < nparams; i++) {
        QN_TRY(qn__ansatz_symbol(b->circuit, b->options.prefix, qn_circuit_symbols(b->circuit), &terms[i].symbol));
        terms[i].coefficient = 1;
        params[i] = (qn_param){0, &terms[i], 1, 0};
    }
    return qn_circuit_append(b->circuit, gate, qubits, nqubits, params, nparams);
}

static qn_status add_interaction(builder *b, const uint32_t *qubits)
{
    qn_param_term term = {0, 2}; /* rxx(theta) ryy(theta) = xx_plus_yy(2 theta, 0) */
    QN_TRY(qn__ansatz_symbol(b->circuit, b->options.prefix, qn_circuit_symbols(b->circuit), &term.symbol));
    const qn_param params[2] = {{0, &term, 1, 0}, QN_PARAM(0)};
    QN_TRY(qn_circuit_append(b->circuit, QN_GATE_XX_PLUS_YY, qubits, 2, params, 2));
    return b->kind == BLOCK_FSIM ? add_gate(b, QN_GATE_CP, qubits, 2) : QN_OK;
}

static qn_status add_rotations(builder *b)
{
    for (size_t i = 0; i < b->options.nrotations; i++) {
        for (uint32_t q = 0; q < b->options.nqubits; q++) {
            if (b->unused == NULL || !qn__bit(b->unused, q)) {
                QN_TRY(add_gate(b, b->options.rotations[i], &q, 1));
            }
        }
    }
    return QN_OK;
}

static qn_status pairs_of(const builder *b, uint32_t rep, qn__pair **out, size_t *count)
{
    const qn_n_local_options *o = &b->options;
    qn__pair *pairs = NULL;
    size_t npairs = 0;
    if (o->entanglement == QN_ENTANGLEMENT_PAIRS) {
        npairs = o->npairs;
        pairs = qn__alloc(npairs, sizeof *pairs);
        QN_ALLOC_CHECK(pairs);
        for (size_t i = 0; i < npairs; i++) {
            pairs[i] = (qn__pair){o->pairs[2 * i], o->pairs[2 * i + 1]};
        }
    } else {
        QN_TRY(qn__entanglement_pairs(o->entanglement, o->nqubits, rep, &pairs, &npairs));
    }
    if (b->colored) {
        const qn_status status = qn__entanglement_color(o->nqubits, pairs, npairs);
        if (status != QN_OK) {
            qn__free(pairs);
            return status;
        }
    }
    *out = pairs;
    *count = npairs;
    return QN_OK;
}

static qn_status add_entanglers(builder *b, uint32_t rep)
{
    qn__pair *pairs = NULL;
    size_t npairs = 0;
    QN_TRY(pairs_of(b, rep, &pairs, &npairs));
    qn_status status = QN_OK;
    const size_t nblocks = b->kind == BLOCK_GATES ? b->options.nentanglers : 1;
    for (size_t block = 0; block < nblocks && status == QN_OK; block++) {
        for (size_t i = 0; i < npairs && status == QN_OK; i++) {
            const uint32_t qubits[2] = {pairs[i].a, pairs[i].b};
            status = b->kind == BLOCK_GATES ? add_gate(b, b->options.entanglers[block], qubits, 2)
                                            : add_interaction(b, qubits);
        }
    }
    qn__free(pairs);
    return status;
}

static qn_status find_unused(builder *b)
{
    const size_t words = qn__words(b->options.nqubits);
    b->unused = qn__alloc(words, sizeof *b->unused);
    QN_ALLOC_CHECK(b->unused);
    memset(b->unused, 0xff, words * sizeof *b->unused);
    if (b->kind == BLOCK_GATES && b->options.nentanglers == 0) {
        return QN_OK;
    }
    qn__pair *pairs = NULL; /* every repetition touches the same qubits */
    size_t npairs = 0;
    QN_TRY(pairs_of(b, 0, &pairs, &npairs));
    for (size_t i = 0; i < npairs; i++) {
        b->unused[pairs[i].a / 64] &= ~(UINT64_C(1) << pairs[i].a % 64);
        b->unused[pairs[i].b / 64] &= ~(UINT64_C(1) << pairs[i].b % 64);
    }
    qn__free(pairs);
    return QN_OK;
}

static qn_status check_gates(const qn_gate *gates, size_t count, uint32_t qubits, const char *what)
{
    QN_CHECK(count == 0 || gates != NULL, ERR_ARGUMENT, "the %s are NULL", what);
    for (size_t i = 0; i < count; i++) {
        const qn_gate_info *info = qn_gate_describe(gates[i]);
        QN_CHECK(info != NULL, ERR_RANGE, "gate %zu of the %s is no gate", i, what);
        QN_CHECK(info->qubits == qubits && (info->flags & QN_GATE_FLAG_MATRIX) == 0, ERR_SHAPE,
                 "the %s are gates of %u qubit(s) from the table, %s is not", what, qubits, info->name);
    }
    return QN_OK;
}

static qn_status check_options(const builder *b)
{
    const qn_n_local_options *o = &b->options;
    /* start() filled the options. NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
    QN_CHECK(o->nqubits > 0, ERR_RANGE, "an ansatz needs at least 1 qubit");
    QN_CHECK((unsigned)o->entanglement <= QN_ENTANGLEMENT_PAIRS, ERR_RANGE, "entanglement %d is outside 0..%d",
             (int)o->entanglement, (int)QN_ENTANGLEMENT_PAIRS);
    QN_TRY(check_gates(o->rotations, o->nrotations, 1, "rotations"));
    QN_TRY(check_gates(o->entanglers, o->nentanglers, 2, "entanglers"));
    QN_CHECK(!b->colored || o->entanglement != QN_ENTANGLEMENT_SCA, ERR_UNSUPPORTED,
             "layers of a device need the same pairs in every repetition, \"sca\" has not");
    if (o->entanglement != QN_ENTANGLEMENT_PAIRS) {
        return QN_OK;
    }
    QN_CHECK(o->npairs == 0 || o->pairs != NULL, ERR_ARGUMENT, "the pairs are NULL");
    for (size_t i = 0; i < o->npairs; i++) {
        const uint32_t x = o->pairs[2 * i], y = o->pairs[2 * i + 1];
        QN_CHECK(x < o->nqubits && y < o->nqubits, ERR_RANGE, "pair %zu (%u, %u) has a qubit outside 0..%u", i, x, y,
                 o->nqubits - 1);
        QN_CHECK(x != y, ERR_ARGUMENT, "pair %zu joins qubit %u with itself", i, x);
    }
    return QN_OK;
}

static qn_status build_layers(builder *b)
{
    if (b->options.initial_bits != NULL) {
        QN_TRY(qn__ansatz_flip(b->circuit, b->options.initial_bits));
    }
    if (b->options.skip_unentangled_qubits) {
        QN_TRY(find_unused(b));
    }
    for (uint32_t rep = 0; rep < b->options.reps; rep++) {
        QN_TRY(add_rotations(b));
        QN_TRY(add_entanglers(b, rep));
    }
    return b->options.skip_final_rotation_layer ? QN_OK : add_rotations(b);
}

static qn_status build(builder *b, qn_circuit **out)
{
    QN_TRY(check_options(b));
    /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): start() filled the options */
    QN_TRY(qn_circuit_create(b->options.nqubits, &b->circuit));
    const qn_status status = build_layers(b);
    qn__free(b->unused);
    if (status != QN_OK) {
        qn_circuit_free(b->circuit);
        return status;
    }
    *out = b->circuit;
    return QN_OK;
}

static qn_status start(const qn_n_local_options *options, qn_circuit *const *out, builder *b)
{
    QN_CHECK(options != NULL && out != NULL, ERR_ARGUMENT, "options or result pointer is NULL");
    const qn_n_local_options defaults = QN_N_LOCAL_OPTIONS_INIT;
    *b = (builder){.options = defaults, .kind = BLOCK_GATES};
    const size_t size = options->size < sizeof defaults ? options->size : sizeof defaults;
    memcpy(&b->options, options, size);
    if (b->options.prefix == NULL) {
        b->options.prefix = "theta";
    }
    return QN_OK;
}

static void use_gates(builder *b, const qn_gate *rotations, size_t nrotations, const qn_gate *entanglers,
                      size_t nentanglers)
{
    b->options.rotations = rotations;
    b->options.nrotations = nrotations;
    b->options.entanglers = entanglers;
    b->options.nentanglers = nentanglers;
}

qn_status qn_ansatz_n_local(const qn_n_local_options *options, qn_circuit **out)
{
    builder b;
    QN_TRY(start(options, out, &b));
    return build(&b, out);
}

qn_status qn_ansatz_efficient_su2(const qn_n_local_options *options, qn_circuit **out)
{
    static const qn_gate rotations[] = {QN_GATE_RY, QN_GATE_RZ}, entanglers[] = {QN_GATE_CX};
    builder b;
    QN_TRY(start(options, out, &b));
    use_gates(&b, rotations, 2, entanglers, 1);
    return build(&b, out);
}

qn_status qn_ansatz_real_amplitudes(const qn_n_local_options *options, qn_circuit **out)
{
    static const qn_gate rotations[] = {QN_GATE_RY}, entanglers[] = {QN_GATE_CX};
    builder b;
    QN_TRY(start(options, out, &b));
    use_gates(&b, rotations, 1, entanglers, 1);
    return build(&b, out);
}

qn_status qn_ansatz_excitation_preserving(const qn_n_local_options *options, bool fsim, qn_circuit **out)
{
    static const qn_gate rotations[] = {QN_GATE_RZ};
    builder b;
    QN_TRY(start(options, out, &b));
    use_gates(&b, rotations, 1, NULL, 0);
    b.kind = fsim ? BLOCK_FSIM : BLOCK_ISWAP;
    return build(&b, out);
}

qn_status qn_ansatz_hardware_efficient(const qn_n_local_options *options, qn_circuit **out)
{
    builder b;
    QN_TRY(start(options, out, &b));
    b.colored = true;
    return build(&b, out);
}
