/* lie.h: the inside of a dynamical Lie algebra. */
#ifndef QN_LEARN_LIE_H
#define QN_LEARN_LIE_H

#include <quern/plateau.h>

/* Algebras of sums over more strings are closed, and not split into ideals. */
enum { QN__LIE_MOST_SPLIT = 1024 };

/* Strings without phases, x mask then z mask, with the numbers they were given. */
typedef struct qn__strings {
    size_t words; /* of one mask */
    size_t count, capacity, slots;
    uint64_t *masks; /* capacity x 2 words */
    size_t *table;   /* slots, a power of two: 1 + index, 0 free */
} qn__strings;

QN_MUST_USE qn_status qn__strings_open(qn__strings *strings, size_t words);
void qn__strings_close(qn__strings *strings);
static inline const uint64_t *qn__strings_at(const qn__strings *strings, size_t index)
{
    return strings->masks + index * 2 * strings->words;
}
/* Index of a string, SIZE_MAX when it is not there. */
size_t qn__strings_find(const qn__strings *strings, const uint64_t *masks);
/* Index of a string that is put there when it is not; `masks` must not point into the set. */
QN_MUST_USE qn_status qn__strings_put(qn__strings *strings, const uint64_t *masks, size_t *index);

/* Whether two strings commute; both have x, then z. */
bool qn__strings_commute(size_t words, const uint64_t *a, const uint64_t *b);
/* out = a b without its phase; the phase is i^result, result 0 .. 3. `out` may be NULL. */
uint32_t qn__strings_multiply(size_t words, const uint64_t *a, const uint64_t *b, uint64_t *out);

/* Strings of one connected set of generators: closed under commutators with each other. */
typedef struct qn__lie_part {
    size_t first, count;  /* of the strings */
    size_t ngenerators;   /* members of the set; 1: a piece of the centre */
    uint32_t rank;        /* 2^rank copies of one simple ideal */
    uint64_t *symmetries; /* rank strings that commute with the part and map it to itself */
} qn__lie_part;

struct qn_lie {
    uint32_t qubits;
    bool complete, of_strings, split;
    uint64_t dimension, centre;
    qn__strings strings;
    size_t ngenerators;
    size_t *generator;      /* index of each generator's string; SIZE_MAX: an identity */
    size_t *generator_part; /* likewise */
    qn__lie_part *parts;
    size_t nparts;
    qn_lie_ideals *ideals;
    size_t nideals;
    /* Of sums: vectors over the strings, each with strings.count numbers. */
    double *generators;   /* as given */
    double *basis;        /* of the algebra, orthonormal: dimension */
    double *simple;       /* of its simple ideals, one after another, orthonormal */
    size_t *simple_first; /* nsimple + 1: where each begins */
    size_t nsimple;
};

/* lie_ideals.c: <P> in a product state of 0 1 + -, one a qubit; QN_ERR_ARGUMENT for other inputs. */
double qn__lie_expectation(const char *input, uint32_t qubits, size_t words, const uint64_t *masks);
QN_MUST_USE qn_status qn__lie_check_input(const qn_lie *lie, const char *input);
/* Coefficients of an observable by string, and of the identity apart; false when it has a string outside. `masks`: room
 * for one string. */
bool qn__lie_spread(const qn_lie *lie, const qn_pauli_sum *observable, uint64_t *masks, double *coefficient,
                    double *constant);

/* lie_sums.c: dimension, generators and basis. */
QN_MUST_USE qn_status qn__lie_close_sums(const qn_context *context, const qn_pauli_sum *const *generators, size_t count,
                                         uint64_t limit, qn_lie *lie);
/* lie_ideals.c: copies of simple ideals of every part. */
QN_MUST_USE qn_status qn__lie_split(qn_lie *lie);
/* lie_roots.c: centre and simple ideals of a complete algebra of sums; leaves `split` false above 1,024 strings. */
QN_MUST_USE qn_status qn__lie_split_sums(const qn_context *context, qn_lie *lie);
/* qn_lie_variance for sums that were split; NaN where the observable is not inside. */
QN_MUST_USE qn_status qn__lie_variance_of_sums(const qn_lie *lie, const char *input, const qn_pauli_sum *observable,
                                               size_t generator, double *loss, double *derivative);

#endif
