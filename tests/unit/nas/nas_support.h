/* nas_support.h: tables made from text or from a function of the levels. */
#ifndef NAS_SUPPORT_H
#define NAS_SUPPORT_H

#include <qn_random.h>

#include <quern/nas.h>
#include <quern/report.h>

static inline qn_context *context_of(uint32_t threads)
{
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    qn_context *context = NULL;
    options.threads = threads;
    assert_ok(qn_context_create(&options, &context));
    return context;
}

static inline qn_instance *parse(const char *text)
{
    qn_instance *instance = NULL;
    assert_ok(qn_instance_parse(text, strlen(text), "t.csv", QN_INSTANCE_CSV, &instance));
    return instance;
}

/* Every `keep`-th configuration of `choices` choices of `k` levels, with score(levels, user). */
static inline qn_instance *tabulate(uint32_t choices, uint32_t k, size_t keep,
                                    double (*score)(const uint32_t *levels, const void *user), const void *user)
{
    qn_text *text = NULL;
    const char *bytes = NULL;
    size_t length = 0, space = 1;
    uint32_t levels[16] = {0};
    assert_ok(qn_text_create(&text));
    for (uint32_t a = 0; a < choices; a++) {
        qn_text_printf(text, "c%u,", a);
        space *= k;
    }
    qn_text_printf(text, "score\n");
    for (size_t code = 0; code < space; code += keep) {
        size_t rest = code;
        for (uint32_t a = 0; a < choices; a++, rest /= k) {
            levels[a] = (uint32_t)(rest % k);
            qn_text_printf(text, "%u,", levels[a]);
        }
        qn_text_printf(text, "%.17g\n", score(levels, user));
    }
    assert_ok(qn_text_finish(text, &bytes, &length));
    qn_instance *instance = parse(bytes);
    qn_text_destroy(text);
    return instance;
}

static inline qn_nas_table *table_of(const qn_instance *instance, int sense)
{
    qn_nas_table_options options = QN_NAS_TABLE_OPTIONS_INIT;
    qn_nas_table *table = NULL;
    options.sense = sense;
    assert_ok(qn_nas_table_create(instance, &options, &table));
    return table;
}

static inline qn_nas_result *search(qn_context *context, const qn_nas_table *table, qn_nas_method method,
                                    uint32_t evaluations, uint32_t runs)
{
    qn_nas_options options = QN_NAS_OPTIONS_INIT;
    qn_nas_result *result = NULL;
    options.method = method;
    options.evaluations = evaluations;
    options.runs = runs;
    assert_ok(qn_nas_search(context, table, &options, &result));
    return result;
}

#endif
