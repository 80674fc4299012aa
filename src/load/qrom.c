/* qrom.c: QROM by unary iteration (Babbush et al., arXiv:1805.03662, figure 7): the addresses are the leaves of a
 * binary tree; on the way to a leaf each inner node keeps "all bits above are as on this path" in one ancilla, made by
 * one AND and turned from the left child to the right one by a CNOT. */
#include "load/lookup.h"

typedef struct walk {
    qn_circuit *circuit;
    const qn_lookup *lookup;
    qn__leaf leaf;
    const void *user;
    uint32_t used; /* ancillas in use */
} walk;

/* The leaf: CNOTs from the one-hot control to the bits that are set; X without any control. */
static qn_status write_entry(qn_circuit *circuit, uint64_t index, const uint32_t *control, const void *user)
{
    const qn_lookup *const lookup = user;
    for (uint32_t bit = 0; bit < lookup->data_bits; bit++) {
        if (qn__lookup_bit(lookup, index, bit)) {
            const uint32_t target = lookup->target[bit];
            QN_TRY(control != NULL ? qn__append_cx(circuit, *control, target) : qn__append_x(circuit, target));
        }
    }
    return QN_OK;
}

static qn_status visit(walk *w, uint64_t first, uint32_t level, const uint32_t *control);

/* Both children of a node whose control is the root's nothing: the address bit itself is the control. */
static qn_status visit_root(walk *w, uint64_t middle, uint32_t level)
{
    const uint32_t *bit = &w->lookup->address[level];
    QN_TRY(qn__append_x(w->circuit, *bit));
    QN_TRY(visit(w, 0, level, bit));
    QN_TRY(qn__append_x(w->circuit, *bit));
    return visit(w, middle, level, bit);
}

/* Addresses first .. first + 2^level - 1, as far as the table has them; recursion as deep as the address is long. */
static qn_status visit(walk *w, uint64_t first, uint32_t level, const uint32_t *control)
{
    if (level == 0) {
        return w->leaf(w->circuit, first, control, w->user);
    }
    level--;
    const uint64_t middle = first + (UINT64_C(1) << level);
    if (middle >= w->lookup->length) {
        return visit(w, first, level, control); /* the right half does not occur: this bit is 0 here */
    }
    if (control == NULL) {
        return visit_root(w, middle, level);
    }
    const uint32_t bit = w->lookup->address[level], *node = &w->lookup->ancilla[w->used++];
    QN_TRY(qn__append_x(w->circuit, bit));
    QN_TRY(qn__and_compute(w->circuit, *control, bit, *node));
    QN_TRY(qn__append_x(w->circuit, bit));
    QN_TRY(visit(w, first, level, node));
    QN_TRY(qn__append_cx(w->circuit, *control, *node));
    QN_TRY(visit(w, middle, level, node));
    w->used--;
    return qn__and_uncompute(w->circuit, *control, bit, *node, w->lookup->measured);
}

qn_status qn__unary_iteration(qn_circuit *circuit, const qn_lookup *lookup, qn__leaf leaf, const void *user)
{
    walk w = {circuit, lookup, leaf, user, 0};
    return visit(&w, 0, lookup->naddress, lookup->control);
}

uint32_t qn_load_qrom_ancillas(uint64_t length, bool controlled)
{
    const uint32_t bits = qn_load_address_bits(length);
    return bits == 0 ? 0 : controlled ? bits : bits - 1;
}

uint64_t qn_load_qrom_toffoli(uint64_t length, bool controlled, bool measured)
{
    /* One AND for each inner node of the tree, but for an uncontrolled root. */
    const uint64_t inner = length > 0 ? length - 1 : 0;
    const uint64_t ands = controlled || inner == 0 ? inner : inner - 1;
    return measured ? ands : 2 * ands;
}

qn_status qn_load_qrom(qn_circuit *circuit, const qn_lookup *lookup)
{
    QN_CHECK(lookup != NULL, ERR_ARGUMENT, "a look-up is needed");
    const bool controlled = lookup->control != NULL;
    QN_TRY(qn__lookup_check(circuit, lookup, lookup->data_bits, qn_load_qrom_ancillas(lookup->length, controlled)));
    return qn__unary_iteration(circuit, lookup, write_entry, lookup);
}
