/* search_fixture.h: a context, random oracles, options at a tier. */
#ifndef QN_TEST_SEARCH_FIXTURE_H
#define QN_TEST_SEARCH_FIXTURE_H

#include <qn_random.h>

#include <quern/search.h>

static qn_context *context;
static inline int open_context(void **state)
{
    (void)state;
    return qn_context_create(NULL, &context) == QN_OK ? 0 : -1;
}

static inline int close_context(void **state)
{
    (void)state;
    qn_context_free(context);
    return 0;
}

static inline qn_oracle *random_oracle(qn_random *r, uint32_t items, uint32_t marked)
{
    bool *table = calloc(items, sizeof *table);
    for (uint32_t k = 0; k < marked;) {
        const uint32_t i = qn_random_below(r, items);
        k += !table[i];
        table[i] = true;
    }
    qn_oracle *oracle = NULL;
    assert_ok(qn_oracle_from_table(context, table, items, &oracle));
    free(table);
    return oracle;
}

static inline qn_search_options at(qn_search_tier tier)
{
    qn_search_options options = QN_SEARCH_OPTIONS_INIT;
    options.tier = tier;
    return options;
}

#endif
