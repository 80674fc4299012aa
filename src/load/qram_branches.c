/* qram_branches.c: a query on a superposition of addresses, with Pauli errors, exactly. Every step permutes basis
 * states, so each branch of the superposition stays one basis state of the tree with a sign: bit b of a word is a
 * qubit's value in branch b. In the end the tree is traced out: branches that left it in different states do not
 * interfere. */
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "load/qram.h"

enum { SIGNS = 1, HASHES = 64 }; /* words beside the qubits', for each word of branches: signs; a hash per branch */

typedef struct tree {
    const qn__qram_plan *plan;
    uint64_t words; /* a qubit */
    uint64_t *qubits, *address, *target, *sign, *hash;
} tree;

static uint64_t words_of(uint64_t nbranches)
{
    return (nbranches + 63) / 64;
}

uint64_t qn__qram_room(const qn__qram_plan *plan, uint64_t nbranches)
{
    return words_of(nbranches) * (qn__qram_qubits(plan->levels) + plan->levels + plan->data_bits + SIGNS + HASHES);
}

static tree lay_out(const qn__qram_plan *plan, uint64_t nbranches, uint64_t *room)
{
    tree t = {.plan = plan, .words = words_of(nbranches), .qubits = room};
    t.address = t.qubits + t.words * qn__qram_qubits(plan->levels);
    t.target = t.address + t.words * plan->levels;
    t.sign = t.target + t.words * plan->data_bits;
    t.hash = t.sign + t.words;
    return t;
}

static void swap_words(uint64_t words, uint64_t *a, uint64_t *b)
{
    for (uint64_t w = 0; w < words; w++) {
        const uint64_t kept = a[w];
        a[w] = b[w];
        b[w] = kept;
    }
}

/* Controlled swaps of one rail: directions and inputs lie two rails a router, children `gap` words apart. */
static void route_rail(const tree *t, uint32_t level, const uint64_t *ways, uint64_t *inputs, uint64_t *children,
                       uint64_t gap)
{
    const uint64_t nodes = UINT64_C(1) << level, words = t->words;
    for (uint64_t v = 0; v < nodes; v++) {
        const uint64_t *to_left = ways + 2 * v * words, *to_right = to_left + words;
        uint64_t *input = inputs + 2 * v * words, *left = children + 2 * v * gap, *right = left + gap;
        for (uint64_t w = 0; w < words; w++) {
            const uint64_t first = (input[w] ^ left[w]) & to_left[w];
            left[w] ^= first;
            const uint64_t at = input[w] ^ first, second = (at ^ right[w]) & to_right[w];
            right[w] ^= second;
            input[w] = at ^ second;
        }
    }
}

static void route(const tree *t, uint32_t level, uint32_t first_rail)
{
    const uint32_t n = t->plan->levels;
    if (level >= n) {
        return; /* no such level; steps have none */
    }
    const bool bottom = level + 1 == n;
    const uint64_t *ways = t->qubits + t->words * qn__qram_direction(level, 0, 0);
    for (uint32_t rail = first_rail; rail < 2; rail++) {
        const uint64_t child = bottom ? qn__qram_leaf(n, 0) : qn__qram_input(n, level + 1, 0, rail);
        route_rail(t, level, ways, t->qubits + t->words * qn__qram_input(n, level, 0, rail),
                   t->qubits + t->words * child, bottom ? t->words : 2 * t->words);
    }
}

static void write_leaves(const tree *t, const uint64_t *table, uint32_t bit)
{
    uint64_t *leaf = t->qubits + t->words * qn__qram_leaf(t->plan->levels, 0);
    for (uint64_t x = 0; x < UINT64_C(1) << t->plan->levels; x++) {
        if ((table[x] >> bit & 1) != 0) {
            for (uint64_t w = 0; w < t->words; w++) {
                leaf[x * t->words + w] = ~leaf[x * t->words + w];
            }
        }
    }
}

static void xor_words(uint64_t words, const uint64_t *from, uint64_t *to)
{
    for (uint64_t w = 0; w < words; w++) {
        to[w] ^= from[w];
    }
}

/* An address bit onto two rails, left one first. */
static void copy_address(const tree *t, uint32_t level, uint64_t *rails)
{
    const uint64_t *address = t->address + t->words * (t->plan->levels - 1 - level);
    for (uint64_t w = 0; w < t->words; w++) {
        rails[w] ^= ~address[w];
        rails[t->words + w] ^= address[w];
    }
}

static void step(const tree *t, const qn__qram_step *s, const uint64_t *table)
{
    const uint64_t nodes = UINT64_C(1) << s->level, words = t->words;
    uint64_t *root = t->qubits + words * qn__qram_input(t->plan->levels, 0, 0, 0);
    uint64_t *ways = t->qubits + words * qn__qram_direction(s->level, 0, 0);
    switch (s->kind) {
    case QN__QRAM_ENTER:
        copy_address(t, s->level, root);
        break;
    case QN__QRAM_ROUTE:
        route(t, s->level, 0);
        break;
    case QN__QRAM_FETCH:
        route(t, s->level, 1);
        break;
    case QN__QRAM_LATCH:
        swap_words(2 * words * nodes, ways, t->qubits + words * qn__qram_input(t->plan->levels, s->level, 0, 0));
        break;
    case QN__QRAM_WRITE:
        write_leaves(t, table, s->bit);
        break;
    case QN__QRAM_COPY:
        xor_words(words, root + words, t->target + words * s->bit);
        break;
    case QN__QRAM_FAN:
        if (s->bit == 0) {
            copy_address(t, s->level, ways);
        } else {
            const uint64_t half = words << s->bit; /* two rails of 2^(bit - 1) routers */
            xor_words(half, ways, ways + half);
        }
        break;
    }
}

static void strike(const tree *t, const qn__qram_error *e)
{
    uint64_t *qubit = t->qubits + t->words * e->qubit;
    for (uint64_t w = 0; w < t->words; w++) {
        t->sign[w] ^= (e->pauli & 2) != 0 ? qubit[w] : 0;
        qubit[w] = (e->pauli & 1) != 0 ? ~qubit[w] : qubit[w];
    }
}

static void set_addresses(const tree *t, const uint64_t *addresses, uint64_t nbranches)
{
    for (uint64_t b = 0; b < nbranches; b++) {
        for (uint32_t k = 0; k < t->plan->levels; k++) {
            t->address[t->words * k + b / 64] |= (addresses[b] >> k & 1) << (b % 64);
        }
    }
}

/* A hash of what each branch left in the tree. Qubits that all branches left alike tell nothing. */
static void hash_trees(const tree *t, uint64_t nbranches)
{
    const uint64_t last = nbranches % 64 == 0 ? UINT64_MAX : (UINT64_C(1) << (nbranches % 64)) - 1;
    for (uint64_t q = 0; q < qn__qram_qubits(t->plan->levels); q++) {
        const uint64_t *qubit = t->qubits + t->words * q;
        const uint64_t first = (qubit[0] & 1) != 0 ? UINT64_MAX : 0;
        for (uint64_t w = 0; w < t->words; w++) {
            uint64_t odd = (qubit[w] ^ first) & (w + 1 == t->words ? last : UINT64_MAX);
            const uint64_t key = odd != 0 ? qn__random_bits(UINT64_C(0x9E3779B97F4A7C15), 1, q) : 0;
            for (; odd != 0; odd &= odd - 1) {
                t->hash[w * 64 + (uint64_t)__builtin_ctzll(odd)] ^= key;
            }
        }
    }
}

/* The address stays in its register: what can be wrong is the data. */
static bool is_right(const tree *t, uint64_t address, const uint64_t *table, uint64_t b)
{
    uint64_t data = 0;
    for (uint32_t k = 0; k < t->plan->data_bits; k++) {
        data |= (t->target[t->words * k + b / 64] >> (b % 64) & 1) << k;
    }
    const uint64_t mask = t->plan->data_bits < 64 ? (UINT64_C(1) << t->plan->data_bits) - 1 : UINT64_MAX;
    return data == (table[address] & mask);
}

/* A branch that ended right: the state of its tree in the upper bits, its sign in the lowest. */
static int compare(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Sum over states of the tree of |sum of signs of right branches / branches|^2. */
static double overlap(const tree *t, const uint64_t *addresses, uint64_t nbranches, const uint64_t *table)
{
    uint64_t right = 0;
    for (uint64_t b = 0; b < nbranches; b++) {
        const uint64_t word = (t->hash[b] & ~UINT64_C(1)) | (t->sign[b / 64] >> (b % 64) & 1);
        if (is_right(t, addresses[b], table, b)) {
            t->hash[right++] = word;
        }
    }
    qsort(t->hash, right, sizeof *t->hash, compare);
    double total = 0;
    for (uint64_t i = 0; i < right;) {
        double sum = 0;
        const uint64_t state = t->hash[i] >> 1;
        for (; i < right && t->hash[i] >> 1 == state; i++) {
            sum += (t->hash[i] & 1) != 0 ? -1 : 1;
        }
        total += sum * sum;
    }
    return total / ((double)nbranches * (double)nbranches);
}

double qn__qram_fidelity(const qn__qram_plan *plan, const uint64_t *addresses, uint64_t nbranches,
                         const uint64_t *table, const qn__qram_error *errors, size_t nerrors, uint64_t *room)
{
    const tree t = lay_out(plan, nbranches, room);
    memset(room, 0, (size_t)qn__qram_room(plan, nbranches) * sizeof *room);
    set_addresses(&t, addresses, nbranches);
    size_t next = 0;
    for (size_t i = 0; i < plan->count; i++) {
        for (; next < nerrors && errors[next].time < plan->steps[i].time; next++) {
            strike(&t, &errors[next]);
        }
        step(&t, &plan->steps[i], table);
    }
    for (; next < nerrors; next++) {
        strike(&t, &errors[next]);
    }
    hash_trees(&t, nbranches);
    return overlap(&t, addresses, nbranches, table);
}
