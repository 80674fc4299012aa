/* oracle.c: which items are marked: by a truth table, by a range of codes, or by a formula whose assignments are tried
 * 64 at once. */
#include "algorithm/search/oracle.h"

#include <stdlib.h>
#include <string.h>

#include "algorithm/search/satisfy.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/status.h"

enum { WORD = 64, LOW = 6, TRY_ALL = 30 };

static uint32_t bits_of(uint64_t items)
{
    uint32_t bits = 1;
    while (bits < 63 && (UINT64_C(1) << bits) < items) {
        bits++;
    }
    return bits;
}

static qn_status create(const qn_context *context, uint64_t items, bool bitset, qn_oracle **out)
{
    const uint64_t words = bitset ? items / WORD + 1 : 0;
    QN_TRY(qn__context_check_bytes(context, words * sizeof(uint64_t), "the table of marked items", ""));
    qn_oracle *oracle = qn__calloc(1, sizeof *oracle);
    QN_ALLOC_CHECK(oracle);
    oracle->items = items;
    oracle->bits = bits_of(items);
    if (bitset && (oracle->marked = qn__calloc(words, sizeof *oracle->marked)) == NULL) {
        qn_oracle_free(oracle);
        return QN_ERR_MEMORY;
    }
    *out = oracle;
    return QN_OK;
}

void qn_oracle_free(qn_oracle *oracle)
{
    if (oracle != NULL) {
        qn__free(oracle->marked);
        qn__free(oracle->list);
        qn__free(oracle->formula.start);
        qn__free(oracle->formula.literals);
        qn__free(oracle->codes);
        qn__free(oracle->excluded);
        qn__free(oracle);
    }
}

uint64_t qn_oracle_items(const qn_oracle *oracle)
{
    return oracle->items;
}

uint32_t qn_oracle_bits(const qn_oracle *oracle)
{
    return oracle->bits;
}

uint64_t qn_oracle_count(const qn_oracle *oracle)
{
    return oracle->count;
}

static int compare(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

bool qn_oracle_marks(const qn_oracle *oracle, uint64_t item)
{
    if (item >= oracle->items) {
        return false;
    }
    if (oracle->marked != NULL) {
        return (oracle->marked[item / WORD] >> (item % WORD) & 1) != 0;
    }
    return oracle->count > 0 && bsearch(&item, oracle->list, oracle->count, sizeof item, compare) != NULL;
}

uint64_t qn_oracle_solution(const qn_oracle *oracle, uint64_t k)
{
    if (oracle->list != NULL) {
        return oracle->list[k];
    }
    uint64_t word = 0;
    for (uint64_t here; k >= (here = (uint64_t)__builtin_popcountll(oracle->marked[word])); word++) {
        k -= here;
    }
    uint64_t bits = oracle->marked[word];
    for (; k > 0; k--) {
        bits &= bits - 1;
    }
    return word * WORD + (uint64_t)__builtin_ctzll(bits);
}

qn_status qn_oracle_from_table(const qn_context *context, const bool *marked, uint64_t items, qn_oracle **out)
{
    QN_CHECK(context != NULL && marked != NULL && out != NULL, ERR_ARGUMENT, "a context, truth values and a place");
    QN_CHECK(items >= 1 && items <= UINT64_C(1) << QN__ORACLE_BITS, ERR_TOO_LARGE, "%llu items; 1 to 2^%d are held",
             (unsigned long long)items, (int)QN__ORACLE_BITS);
    qn_oracle *oracle = NULL;
    QN_TRY(create(context, items, true, &oracle));
    for (uint64_t i = 0; i < items; i++) {
        oracle->marked[i / WORD] |= (uint64_t)marked[i] << (i % WORD);
        oracle->count += marked[i];
    }
    *out = oracle;
    return QN_OK;
}

static uint64_t highest(const qn_oracle *oracle)
{
    uint64_t most = 0;
    for (uint64_t i = 0; i < oracle->items; i++) {
        most = oracle->codes[i] > most ? oracle->codes[i] : most;
    }
    return most;
}

qn_status qn_oracle_from_codes(const qn_context *context, const uint32_t *codes, uint64_t items, uint32_t code_bits,
                               uint32_t least, uint32_t most, qn_oracle **out)
{
    QN_CHECK(context != NULL && codes != NULL && out != NULL, ERR_ARGUMENT, "a context, codes and a place");
    QN_CHECK(items >= 1 && items <= UINT64_C(1) << 24, ERR_TOO_LARGE, "%llu codes; 1 to 2^24 are held",
             (unsigned long long)items);
    QN_CHECK(code_bits >= 1 && code_bits <= 31, ERR_RANGE, "codes of %u bits; expected 1 to 31", code_bits);
    const uint64_t limit = UINT64_C(1) << code_bits;
    qn_oracle *oracle = NULL;
    QN_TRY(create(context, items, true, &oracle));
    /* Addresses behind the last item load 0; when 0 is in the range, real codes are moved up by one. */
    const uint32_t shift = least == 0 && items < UINT64_C(1) << oracle->bits;
    oracle->codes = qn__alloc(items, sizeof *codes);
    qn_status status = oracle->codes == NULL ? QN_ERR_MEMORY : QN_OK;
    for (uint64_t i = 0; status == QN_OK && i < items; i++) {
        if (codes[i] >= limit) {
            status = QN_FAIL(ERR_RANGE, "code %u of item %llu has more than %u bits", codes[i], (unsigned long long)i,
                             code_bits);
            break;
        }
        const bool marked = codes[i] >= least && codes[i] <= most;
        oracle->codes[i] = codes[i] + shift;
        oracle->marked[i / WORD] |= (uint64_t)marked << (i % WORD);
        oracle->count += marked;
    }
    if (status != QN_OK) {
        qn_oracle_free(oracle);
        return status;
    }
    oracle->code_bits = code_bits;
    while (highest(oracle) >> oracle->code_bits != 0) {
        oracle->code_bits++;
    }
    oracle->least = least + shift;
    oracle->most = most < UINT32_MAX - 1 ? most + shift : most;
    *out = oracle;
    return QN_OK;
}

static int compare_codes(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

qn_status qn_oracle_below(const qn_context *context, const uint32_t *codes, uint64_t items, uint32_t code_bits,
                          uint32_t threshold, const uint32_t *excluded, size_t excluded_count, qn_oracle **out)
{
    qn_oracle *oracle = NULL;
    QN_CHECK(excluded != NULL || excluded_count == 0, ERR_ARGUMENT, "excluded codes are missing");
    QN_TRY(qn_oracle_from_codes(context, codes, items, code_bits, threshold == 0, threshold == 0 ? 0 : threshold - 1,
                                &oracle));
    oracle->excluded = qn__alloc(excluded_count + 1, sizeof *oracle->excluded);
    if (oracle->excluded == NULL) {
        qn_oracle_free(oracle);
        return QN_ERR_MEMORY;
    }
    const uint32_t shift = threshold == 0 ? 0 : oracle->least; /* of codes, as qn_oracle_from_codes has it */
    uint32_t *const kept = oracle->excluded;                   /* those in the range, rising, each once */
    size_t count = 0;
    for (size_t k = 0; k < excluded_count; k++) {
        kept[count] = excluded[k] + shift;
        count += excluded[k] < threshold;
    }
    qsort(kept, count, sizeof *kept, compare_codes);
    for (size_t k = 0; k < count; k++) {
        if (oracle->excluded_count == 0 || kept[oracle->excluded_count - 1] != kept[k]) {
            kept[oracle->excluded_count++] = kept[k];
        }
    }
    for (uint64_t i = 0; oracle->excluded_count > 0 && i < items; i++) {
        if (qn_oracle_marks(oracle, i) &&
            bsearch(&oracle->codes[i], kept, oracle->excluded_count, sizeof *kept, compare_codes) != NULL) {
            oracle->marked[i / WORD] &= ~(UINT64_C(1) << (i % WORD));
            oracle->count--;
        }
    }
    *out = oracle;
    return QN_OK;
}

/* ---- formulas ---- */

static int compare_literals(const void *a, const void *b)
{
    const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    const int32_t v = x < 0 ? -x : x, w = y < 0 ? -y : y;
    return v != w ? (v > w) - (v < w) : (x > y) - (x < y);
}

/* Clause c of `from` sorted by variable, each literal once; false when it holds a variable and its negation. */
static bool simplify(const qn_cnf *from, size_t c, int32_t *out, size_t *length)
{
    const size_t count = from->start[c + 1] - from->start[c];
    if (count > 0) {
        memcpy(out, from->literals + from->start[c], count * sizeof *out);
        qsort(out, count, sizeof *out, compare_literals);
    }
    *length = 0;
    for (size_t k = 0; k < count; k++) {
        if (*length > 0 && out[*length - 1] == -out[k]) {
            return false;
        }
        if (*length == 0 || out[*length - 1] != out[k]) {
            out[(*length)++] = out[k];
        }
    }
    return true;
}

static qn_status copy_formula(const qn_cnf *from, qn_cnf *to)
{
    to->start = qn__calloc(from->clauses + 1, sizeof *to->start);
    QN_ALLOC_CHECK(to->start);
    to->literals = qn__alloc(from->start[from->clauses] + 1, sizeof *to->literals);
    QN_ALLOC_CHECK(to->literals);
    to->variables = from->variables;
    for (size_t c = 0; c < from->clauses; c++) {
        size_t length = 0;
        if (simplify(from, c, to->literals + to->start[to->clauses], &length)) {
            to->start[to->clauses + 1] = to->start[to->clauses] + length;
            to->clauses++;
        }
    }
    return QN_OK;
}

/* Variables 1..6 over the 64 assignments of a word: bit a of pattern v is bit v of a. */
static const uint64_t low_patterns[LOW] = {UINT64_C(0xAAAAAAAAAAAAAAAA), UINT64_C(0xCCCCCCCCCCCCCCCC),
                                           UINT64_C(0xF0F0F0F0F0F0F0F0), UINT64_C(0xFF00FF00FF00FF00),
                                           UINT64_C(0xFFFF0000FFFF0000), UINT64_C(0xFFFFFFFF00000000)};

static uint64_t satisfied_word(const qn_cnf *cnf, uint64_t word)
{
    uint64_t all = UINT64_MAX;
    for (size_t c = 0; c < cnf->clauses && all != 0; c++) {
        uint64_t any = 0;
        for (size_t k = cnf->start[c]; k < cnf->start[c + 1]; k++) {
            const int32_t literal = cnf->literals[k];
            const uint32_t v = (uint32_t)(literal < 0 ? -literal : literal) - 1;
            const uint64_t value = v < LOW ? low_patterns[v] : 0 - (word >> (v - LOW) & 1);
            any |= literal < 0 ? ~value : value;
        }
        all &= any;
    }
    return all;
}

static qn_status try_all(const qn_context *context, qn_oracle *oracle)
{
    enum { BLOCK = 1 << 14 };
    const uint64_t words = oracle->items / WORD + 1;
    const double began = qn__clock();
    double reported = 0;
    for (uint64_t first = 0; first < words; first += BLOCK) {
        const uint64_t end = first + BLOCK < words ? first + BLOCK : words;
        uint64_t count = 0;
#pragma omp parallel for schedule(static) reduction(+ : count) num_threads((int)qn_context_threads(context))
        for (uint64_t w = first; w < end; w++) {
            const uint64_t beyond = (w + 1) * WORD > oracle->items ? (w + 1) * WORD - oracle->items : 0;
            const uint64_t keep = beyond >= WORD ? 0 : UINT64_MAX >> beyond;
            oracle->marked[w] = keep == 0 ? 0 : satisfied_word(&oracle->formula, w) & keep;
            count += (uint64_t)__builtin_popcountll(oracle->marked[w]);
        }
        oracle->count += count;
        if (qn_context_interrupted(context)) {
            return QN_FAIL(ERR_INTERRUPTED, "interrupted while the assignments were tried");
        }
        const qn_progress progress = {"try assignments", end, words, end, (double)oracle->count, qn__clock() - began};
        qn__context_progress(context, &progress, &reported, false);
    }
    return QN_OK;
}

qn_status qn_oracle_from_cnf(const qn_context *context, const qn_cnf *cnf, uint64_t budget, qn_oracle **out)
{
    QN_CHECK(context != NULL && cnf != NULL && out != NULL, ERR_ARGUMENT, "a context, a formula and a place");
    QN_CHECK(cnf->variables >= 1, ERR_SHAPE, "a formula without variables; there is nothing to search");
    QN_CHECK(cnf->variables <= 62, ERR_TOO_LARGE,
             "%u variables; at most 62 are searched here (the solver alone has no such limit)", cnf->variables);
    qn_oracle *oracle = NULL;
    const uint64_t items = UINT64_C(1) << cnf->variables;
    QN_TRY(create(context, items, cnf->variables <= TRY_ALL, &oracle));
    oracle->is_formula = true;
    qn_status status = copy_formula(cnf, &oracle->formula);
    if (status == QN_OK) {
        status = oracle->marked != NULL ? try_all(context, oracle)
                                        : qn__satisfy_all(context, &oracle->formula, budget, QN__ORACLE_LIST,
                                                          &oracle->list, &oracle->count);
    }
    if (status != QN_OK) {
        qn_oracle_free(oracle);
        return status;
    }
    *out = oracle;
    return QN_OK;
}
