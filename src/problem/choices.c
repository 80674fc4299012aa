/* choices.c: encodings of choices, and penalties that are proven to keep them valid.
 *
 * Let g_c be what value c of one choice costs, all other bits given: g_c = u_c + sum_b sum_d y_bd w_cd with y_bd the
 * indicators of the other choices.
 *
 * One-hot, penalty A (1 - n)^2 for n ones. With n = 0, setting the cheapest value pays when A > min_c g_c. With n >= 2,
 * clearing the most expensive of the set values changes the penalty by -(2n - 3) A <= -A and the cost by -max g, so it
 * pays when A > -g_c for all c. Indicators are 0 or 1 in any state, so g_c lies between u_c + sum_bd min(0, w_cd) and
 * u_c + sum_bd max(0, w_cd). A above both needs is enough, whatever the other choices are: every minimum is valid.
 *
 * Domain wall, penalty A for every place where b_j = 0 and b_{j+1} = 1. With m such places the choice has m + 1
 * indicators of +1 and m of -1, so it costs at least (m + 1) min g - m max g; the best valid value costs min g. It pays
 * to go there when A m > m (max g - min g). Indicators of another choice sum to 1 and are wrong at most M = (k_b - 1)/2
 * times, so sum_d y_bd z_d <= (M + 1) max z - M min z for any z; with z_d = w_cd - w_c'd this bounds g_c - g_c'. */
#include "problem/choices.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

static uint32_t bits_of(uint32_t levels, qn_encoding encoding)
{
    return encoding == QN_ENCODING_ONE_HOT       ? levels
           : encoding == QN_ENCODING_DOMAIN_WALL ? levels - 1
                                                 : qn__range_bits(levels - 1);
}

qn_status qn__choices_create(uint32_t count, const uint32_t *levels, qn_encoding encoding, qn__choices **out)
{
    qn__choices *choices = qn__calloc(1, sizeof *choices);
    QN_ALLOC_CHECK(choices);
    choices->count = count;
    choices->encoding = encoding;
    choices->levels = qn__alloc(2 * (size_t)count + 1, sizeof *choices->levels);
    choices->unary_at = qn__alloc((size_t)count + 1, sizeof *choices->unary_at);
    if (choices->levels == NULL || choices->unary_at == NULL) {
        qn__choices_free(choices);
        return QN_ERR_MEMORY;
    }
    choices->first = choices->levels + count;
    choices->first[0] = 0;
    choices->unary_at[0] = 0;
    for (uint32_t a = 0; a < count; a++) {
        choices->levels[a] = levels[a];
        choices->first[a + 1] = choices->first[a] + bits_of(levels[a], encoding);
        choices->unary_at[a + 1] = choices->unary_at[a] + levels[a];
    }
    *out = choices;
    return QN_OK;
}

void qn__choices_free(qn__choices *choices)
{
    if (choices != NULL) {
        qn__free(choices->levels);
        qn__free(choices->unary_at);
        qn__free(choices);
    }
}

bool qn__choices_decode(const qn__choices *choices, const uint8_t *x, uint32_t *levels, uint32_t *bad)
{
    for (uint32_t a = 0; a < choices->count; a++) {
        const uint8_t *const bits = x + choices->first[a];
        const uint32_t count = choices->first[a + 1] - choices->first[a], k = choices->levels[a];
        uint32_t ones = 0, last = 0, code = 0, steps = 0;
        for (uint32_t b = 0; b < count; b++) {
            ones += bits[b];
            last = bits[b] != 0 ? b : last;
            code |= (uint32_t)bits[b] << b;
            steps += b > 0 && bits[b] > bits[b - 1];
        }
        const bool valid = choices->encoding == QN_ENCODING_ONE_HOT       ? ones == 1
                           : choices->encoding == QN_ENCODING_DOMAIN_WALL ? steps == 0
                                                                          : true;
        if (!valid) {
            *bad = a;
            return false;
        }
        levels[a] = choices->encoding == QN_ENCODING_ONE_HOT       ? last
                    : choices->encoding == QN_ENCODING_DOMAIN_WALL ? ones
                                                                   : (code < k ? code : code - k);
    }
    return true;
}

void qn__choices_encode(const qn__choices *choices, const uint32_t *levels, uint8_t *x)
{
    for (uint32_t a = 0; a < choices->count; a++) {
        const uint32_t first = choices->first[a];
        for (uint32_t b = first; b < choices->first[a + 1]; b++) {
            const uint32_t k = b - first;
            x[b] = (uint8_t)(choices->encoding == QN_ENCODING_ONE_HOT       ? k == levels[a]
                             : choices->encoding == QN_ENCODING_DOMAIN_WALL ? k < levels[a]
                                                                            : levels[a] >> k & 1);
        }
    }
}

/* Widest lower and upper bound of g_c over the other bits, and of differences g_c - g_c', accumulated over blocks. */
typedef struct reach {
    double *low, *high; /* each unary */
} reach;

static void add_block_reach(const qn__choices *c, const qn__pair_block *block, reach *r)
{
    const uint32_t ka = c->levels[block->a], kb = c->levels[block->b];
    for (uint32_t i = 0; i < ka; i++) {
        for (uint32_t j = 0; j < kb; j++) {
            const double w = block->w[(size_t)i * kb + j];
            const size_t at_a = c->unary_at[block->a] + i, at_b = c->unary_at[block->b] + j;
            r->low[at_a] += fmin(0, w);
            r->high[at_a] += fmax(0, w);
            r->low[at_b] += fmin(0, w);
            r->high[at_b] += fmax(0, w);
        }
    }
}

static double one_hot_bound(const qn__choices *c, const reach *r)
{
    double bound = 0;
    for (uint32_t a = 0; a < c->count; a++) {
        double cheapest = (double)INFINITY;
        for (size_t k = c->unary_at[a]; k < c->unary_at[a + 1]; k++) {
            bound = fmax(bound, -r->low[k]);
            cheapest = fmin(cheapest, r->high[k]);
        }
        bound = fmax(bound, cheapest);
    }
    return bound;
}

/* Largest that one block adds to g_c - g_c' of one of its two sides. */
static double side_spread(const double *w, uint32_t mine, uint32_t other, size_t step_mine, size_t step_other)
{
    const uint32_t most_wrong = (other - 1) / 2;
    const double wrong = most_wrong;
    double widest = 0;
    for (uint32_t c = 0; c < mine; c++) {
        for (uint32_t e = 0; e < mine; e++) {
            double low = (double)INFINITY, high = -(double)INFINITY;
            for (uint32_t d = 0; d < other; d++) {
                const double z = w[c * step_mine + d * step_other] - w[e * step_mine + d * step_other];
                low = fmin(low, z);
                high = fmax(high, z);
            }
            widest = fmax(widest, (wrong + 1) * high - wrong * low);
        }
    }
    return widest;
}

static double domain_wall_bound(const qn__choices *c, const double *unary, const qn__pair_block *blocks, size_t nblocks,
                                double *spread)
{
    double bound = 0;
    for (uint32_t a = 0; a < c->count; a++) {
        double low = (double)INFINITY, high = -(double)INFINITY;
        for (size_t k = c->unary_at[a]; k < c->unary_at[a + 1]; k++) {
            low = fmin(low, unary[k]);
            high = fmax(high, unary[k]);
        }
        spread[a] = high - low;
    }
    for (size_t k = 0; k < nblocks; k++) {
        const uint32_t ka = c->levels[blocks[k].a], kb = c->levels[blocks[k].b];
        spread[blocks[k].a] += side_spread(blocks[k].w, ka, kb, kb, 1);
        spread[blocks[k].b] += side_spread(blocks[k].w, kb, ka, 1, kb);
    }
    for (uint32_t a = 0; a < c->count; a++) {
        bound = fmax(bound, spread[a]);
    }
    return bound;
}

/* An indicator as a sum of at most two bits and a constant (one-hot and domain wall). */
typedef struct indicator {
    double constant;
    uint32_t bit[2];
    double sign[2];
    uint32_t bits;
} indicator;

static indicator indicator_of(const qn__choices *c, uint32_t choice, uint32_t level)
{
    const uint32_t first = c->first[choice], k = c->levels[choice];
    if (c->encoding == QN_ENCODING_ONE_HOT) {
        return (indicator){0, {first + level, 0}, {1, 0}, 1};
    }
    indicator out = {level == 0 ? 1 : 0, {0, 0}, {0, 0}, 0};
    if (level > 0) {
        out.bit[out.bits] = first + level - 1;
        out.sign[out.bits++] = 1;
    }
    if (level + 1 < k) {
        out.bit[out.bits] = first + level;
        out.sign[out.bits++] = -1;
    }
    return out;
}

static qn_status add_product(qn_qubo *qubo, double w, const indicator *p, const indicator *q)
{
    QN_TRY(qn_qubo_add_constant(qubo, w * p->constant * q->constant));
    for (uint32_t i = 0; i < p->bits; i++) {
        QN_TRY(qn_qubo_add_linear(qubo, p->bit[i], w * p->sign[i] * q->constant));
        for (uint32_t j = 0; j < q->bits; j++) {
            QN_TRY(qn_qubo_add_quadratic(qubo, p->bit[i], q->bit[j], w * p->sign[i] * q->sign[j]));
        }
    }
    for (uint32_t j = 0; j < q->bits; j++) {
        QN_TRY(qn_qubo_add_linear(qubo, q->bit[j], w * q->sign[j] * p->constant));
    }
    return QN_OK;
}

static qn_status add_penalty(qn_qubo *qubo, const qn__choices *c, double penalty)
{
    for (uint32_t a = 0; a < c->count; a++) {
        const uint32_t first = c->first[a], bits = c->first[a + 1] - first;
        if (c->encoding == QN_ENCODING_DOMAIN_WALL) { /* A (1 - b_j) b_{j+1} */
            for (uint32_t b = 1; b < bits; b++) {
                QN_TRY(qn_qubo_add_linear(qubo, first + b, penalty));
                QN_TRY(qn_qubo_add_quadratic(qubo, first + b - 1, first + b, -penalty));
            }
            continue;
        }
        QN_TRY(qn_qubo_add_constant(qubo, penalty)); /* A (1 - n)^2 = A - A sum x + 2 A sum_{i<j} x_i x_j */
        for (uint32_t b = 0; b < bits; b++) {
            QN_TRY(qn_qubo_add_linear(qubo, first + b, -penalty));
            for (uint32_t e = b + 1; e < bits; e++) {
                QN_TRY(qn_qubo_add_quadratic(qubo, first + b, first + e, 2 * penalty));
            }
        }
    }
    return QN_OK;
}

static qn_status mark_groups(qn_qubo *qubo, const qn__choices *c)
{
    for (uint32_t a = 0; a < c->count && c->encoding == QN_ENCODING_ONE_HOT; a++) {
        uint32_t most = c->levels[a];
        uint32_t *members = qn__alloc(most, sizeof *members);
        QN_ALLOC_CHECK(members);
        for (uint32_t l = 0; l < most; l++) {
            members[l] = c->first[a] + l;
        }
        const qn_status status = qn_qubo_add_group(qubo, members, most, 1);
        qn__free(members);
        QN_TRY(status);
    }
    return QN_OK;
}

static qn_status fill_quadratic(qn_qubo *qubo, const qn__choices *c, const double *unary, const qn__pair_block *blocks,
                                size_t nblocks, double penalty)
{
    const indicator one = {1, {0, 0}, {0, 0}, 0};
    for (uint32_t a = 0; a < c->count; a++) {
        for (uint32_t l = 0; l < c->levels[a]; l++) {
            const indicator p = indicator_of(c, a, l);
            QN_TRY(add_product(qubo, unary[c->unary_at[a] + l], &p, &one));
        }
    }
    for (size_t k = 0; k < nblocks; k++) {
        const uint32_t ka = c->levels[blocks[k].a], kb = c->levels[blocks[k].b];
        for (uint32_t i = 0; i < ka; i++) {
            for (uint32_t j = 0; j < kb; j++) {
                const indicator p = indicator_of(c, blocks[k].a, i), q = indicator_of(c, blocks[k].b, j);
                const double w = blocks[k].w[(size_t)i * kb + j];
                if (w != 0) {
                    QN_TRY(add_product(qubo, w, &p, &q));
                }
            }
        }
    }
    QN_TRY(add_penalty(qubo, c, penalty));
    return mark_groups(qubo, c);
}

enum { MOST_CODE_BITS = 20 };

/* w times the product of indicators of codes, for every pair of codes that mean these levels. */
static qn_status add_codes(qn_polynomial *polynomial, const qn__choices *c, double w, const uint32_t *choices,
                           const uint32_t *levels, uint32_t count)
{
    uint32_t bits[MOST_CODE_BITS], total = 0;
    for (uint32_t n = 0; n < count; n++) {
        for (uint32_t b = c->first[choices[n]]; b < c->first[choices[n] + 1]; b++) {
            bits[total++] = b;
        }
    }
    for (uint32_t which = 0; which < 1u << count; which++) { /* bit n: the second code of choice n, l + k */
        bool negated[MOST_CODE_BITS];
        bool exists = true;
        uint32_t at = 0;
        for (uint32_t n = 0; n < count; n++) {
            const uint32_t width = c->first[choices[n] + 1] - c->first[choices[n]];
            const uint32_t code = levels[n] + ((which >> n & 1) != 0 ? c->levels[choices[n]] : 0);
            exists = exists && code < 1u << width;
            for (uint32_t b = 0; b < width; b++) {
                negated[at++] = (code >> b & 1) == 0;
            }
        }
        if (exists) {
            QN_TRY(qn_polynomial_add_bits(polynomial, w, bits, negated, total));
        }
    }
    return QN_OK;
}

static qn_status fill_binary(qn_polynomial *polynomial, const qn__choices *c, const double *unary,
                             const qn__pair_block *blocks, size_t nblocks)
{
    for (uint32_t a = 0; a < c->count; a++) {
        QN_CHECK(c->first[a + 1] - c->first[a] <= MOST_CODE_BITS / 2, ERR_TOO_LARGE,
                 "a choice among %u values; the binary encoding takes at most 1024", c->levels[a]);
        for (uint32_t l = 0; l < c->levels[a]; l++) {
            if (unary[c->unary_at[a] + l] != 0) {
                QN_TRY(add_codes(polynomial, c, unary[c->unary_at[a] + l], &a, &l, 1));
            }
        }
    }
    for (size_t k = 0; k < nblocks; k++) {
        const uint32_t ka = c->levels[blocks[k].a], kb = c->levels[blocks[k].b];
        for (uint32_t i = 0; i < ka; i++) {
            for (uint32_t j = 0; j < kb; j++) {
                const uint32_t pair[2] = {blocks[k].a, blocks[k].b}, levels[2] = {i, j};
                const double w = blocks[k].w[(size_t)i * kb + j];
                if (w != 0) {
                    QN_TRY(add_codes(polynomial, c, w, pair, levels, 2));
                }
            }
        }
        QN_TRY(qn_polynomial_finish(polynomial)); /* merges now and then, so that memory stays small */
    }
    return QN_OK;
}

static qn_status penalty_of(qn_problem *problem, const double *unary, const qn__pair_block *blocks, size_t nblocks,
                            bool whole, const qn_problem_options *options)
{
    const qn__choices *const c = problem->choices;
    const size_t total = c->unary_at[c->count];
    double *work = qn__calloc(2 * total + c->count, sizeof *work);
    QN_ALLOC_CHECK(work);
    double bound = 0;
    if (c->encoding == QN_ENCODING_ONE_HOT) {
        reach r = {work, work + total};
        memcpy(r.low, unary, total * sizeof *unary);
        memcpy(r.high, unary, total * sizeof *unary);
        for (size_t k = 0; k < nblocks; k++) {
            add_block_reach(c, &blocks[k], &r);
        }
        bound = one_hot_bound(c, &r);
    } else {
        bound = domain_wall_bound(c, unary, blocks, nblocks, work);
    }
    qn__free(work);
    qn__problem_penalise(problem, bound, whole, options);
    return QN_OK;
}

qn_status qn__choices_cost(qn_problem *problem, const double *unary, const qn__pair_block *blocks, size_t nblocks,
                           bool whole, const qn_problem_options *options)
{
    const qn__choices *const c = problem->choices;
    const uint32_t bits = c->first[c->count];
    QN_CHECK(bits >= 1, ERR_ARGUMENT, "there is nothing to choose: every choice has one value");
    if (c->encoding == QN_ENCODING_BINARY) {
        QN_TRY(qn_polynomial_create(bits, &problem->polynomial));
        return fill_binary(problem->polynomial, c, unary, blocks, nblocks);
    }
    QN_TRY(penalty_of(problem, unary, blocks, nblocks, whole, options));
    QN_TRY(qn_qubo_create(bits, &problem->qubo));
    return fill_quadratic(problem->qubo, c, unary, blocks, nblocks, problem->penalty);
}
