/* simplify_fold.c: phase folding (Amy, Maslov, Mosca, arXiv:1303.2042; Nam et al., arXiv:1710.07345).
 *
 * Along a path of the sum over paths each qubit holds an affine parity of path variables: CX adds one to another, X
 * flips the constant, SWAP exchanges, anything else that is not diagonal gives its qubits new variables. A Z rotation
 * (of one qubit or of a string of Z) multiplies by a phase that depends on one parity only, so all rotations about one
 * parity may be done where the first stands, wherever they are. That merges across Hadamard gates and measurements too.
 *
 * A parity is kept as the XOR of random 128-bit numbers, one a variable: two of them agree by chance with probability
 * 2^-128, so that a circuit of 10^6 rotations goes wrong with probability 10^-27. */

#include "base/alloc.h"
#include "base/rng.h"
#include "circuit/passes/simplify.h"

typedef struct parity {
    uint64_t key[2];
    bool flip;
} parity;

typedef struct slot {
    uint64_t key[2];
    size_t element; /* 1 + index; 0: empty */
    bool flip;
} slot;

typedef struct folder {
    qn__simplify *s;
    parity *wires;
    slot *table;
    size_t mask;
    uint64_t variables;
} folder;

static const uint64_t SEED = UINT64_C(0x666f6c64);

static void renew(folder *f, uint32_t qubit)
{
    const uint64_t index = f->variables++;
    f->wires[qubit] = (parity){{qn__random_bits(SEED, 1, index), qn__random_bits(SEED, 2, index)}, false};
}

static void renew_all(folder *f)
{
    for (uint32_t q = 0; q < f->s->nqubits; q++) {
        renew(f, q);
    }
}

static slot *find(folder *f, const parity *p)
{
    size_t at = (size_t)(p->key[0] ^ p->key[1]) & f->mask;
    while (f->table[at].element != 0 && (f->table[at].key[0] != p->key[0] || f->table[at].key[1] != p->key[1])) {
        at = (at + 1) & f->mask;
    }
    return &f->table[at];
}

/* The parity that a rotation is about; false when it is about none. */
static bool parity_of(const folder *f, const qn__element *e, parity *out)
{
    const qn__role *roles = f->s->roles + e->roles;
    const bool phase = e->nroles == 1 && roles[0].letter == '1';
    *out = (parity){{0, 0}, false};
    for (uint32_t i = 0; i < e->nroles; i++) {
        if (roles[i].letter != 'Z' && !phase) {
            return false;
        }
        const parity *wire = &f->wires[roles[i].qubit];
        out->key[0] ^= wire->key[0];
        out->key[1] ^= wire->key[1];
        out->flip ^= wire->flip;
    }
    return e->nroles > 0;
}

static qn_status fold_rotation(folder *f, size_t index, bool *done)
{
    qn__element *e = &f->s->elements[index];
    parity p;
    *done = parity_of(f, e, &p);
    if (!*done) {
        return QN_OK;
    }
    slot *at = find(f, &p);
    if (at->element == 0) {
        *at = (slot){{p.key[0], p.key[1]}, index + 1, p.flip};
        return QN_OK;
    }
    qn__element *first = &f->s->elements[at->element - 1];
    if (first->nroles > 1 && e->nroles == 1) { /* a pair gate is not kept for the sake of a local one */
        return QN_OK;
    }
    QN_TRY(qn__element_merge(f->s, first, e, p.flip == at->flip ? 1 : -1));
    e->kind = QN__ELEMENT_DEAD;
    return QN_OK;
}

/* x under at most one control; false when the element is something else. */
static bool fold_cx(folder *f, const qn__element *e)
{
    const qn__role *r = f->s->roles + e->roles;
    if (!qn__element_is_x(f->s, e) || e->nroles > 2) {
        return false;
    }
    const uint32_t t = r[0].letter == 'X' ? 0 : 1;
    if (e->nroles == 1) {
        f->wires[r[0].qubit].flip ^= true;
        return true;
    }
    const parity *control = &f->wires[r[1 - t].qubit];
    parity *target = &f->wires[r[t].qubit];
    if (r[1 - t].letter != '0' && r[1 - t].letter != '1') {
        return false; /* a string XX, XZ, ... */
    }
    target->key[0] ^= control->key[0];
    target->key[1] ^= control->key[1];
    target->flip ^= control->flip ^ (r[1 - t].letter == '0');
    return true;
}

static bool fold_swap(folder *f, const qn__element *e)
{
    qn_operation op;
    qn_circuit_operation(f->s->from, e->source, &op);
    if (e->kind != QN__ELEMENT_GATE || op.base != QN_GATE_SWAP || op.ncontrols > 0) {
        return false;
    }
    const parity swap = f->wires[op.targets[0]];
    f->wires[op.targets[0]] = f->wires[op.targets[1]];
    f->wires[op.targets[1]] = swap;
    return true;
}

static qn_status fold_element(folder *f, size_t index)
{
    const qn__element *e = &f->s->elements[index];
    if (e->kind == QN__ELEMENT_DEAD) {
        return QN_OK;
    }
    if (e->kind == QN__ELEMENT_ROTATION) {
        bool done = false;
        QN_TRY(fold_rotation(f, index, &done));
        if (done || fold_cx(f, e)) {
            return QN_OK;
        }
    } else if (fold_swap(f, e)) {
        return QN_OK;
    }
    if (e->kind == QN__ELEMENT_OTHER) {
        qn_operation op;
        qn_circuit_operation(f->s->from, e->source, &op);
        if (op.kind >= QN_OP_IF || (op.kind != QN_OP_ASSIGN && op.ntargets == 0)) {
            renew_all(f); /* nothing is known past a branch */
        }
    }
    for (uint32_t i = 0; i < e->nroles; i++) {
        const qn__role *role = &f->s->roles[e->roles + i];
        if (role->letter == 'X' || role->letter == 'Y' || role->letter == '?') {
            renew(f, role->qubit);
        }
    }
    return QN_OK;
}

qn_status qn__simplify_fold(qn__simplify *s)
{
    size_t size = 16;
    while (size < 2 * s->count) {
        size *= 2;
    }
    folder f = {.s = s, .mask = size - 1};
    qn_status status = QN_OK;
    f.wires = qn__alloc(s->nqubits, sizeof *f.wires);
    f.table = qn__calloc(size, sizeof *f.table);
    if (f.wires == NULL || f.table == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    renew_all(&f);
    for (size_t i = 0; i < s->count; i++) {
        QN_TRY_CLEANUP(fold_element(&f, i));
    }
cleanup:
    qn__free(f.wires);
    qn__free(f.table);
    return status;
}
