/* weighing.h: weighing a workload from one line of words, for tests. */
#ifndef TESTS_ADVISE_WEIGHING_H
#define TESTS_ADVISE_WEIGHING_H

#include <qn_test.h>

#include <quern/advise.h>

enum { WEIGHING_PAIRS = 24, WEIGHING_TEXT = 1024 };

/* "linear N=4 kappa=2" with these options; the status of qn_advise_workload. */
static inline qn_status weigh_words(const qn_advice *advice, const qn_advise_options *options, const char *words,
                                    qn_advise_result *out)
{
    char text[WEIGHING_TEXT];
    qn_advise_pair pairs[WEIGHING_PAIRS];
    size_t count = 0;
    char *rest = NULL;
    (void)snprintf(text, sizeof text, "%s", words);
    const char *workload = strtok_r(text, " ", &rest);
    for (char *word = strtok_r(NULL, " ", &rest); word != NULL && count < WEIGHING_PAIRS;
         word = strtok_r(NULL, " ", &rest)) {
        char *equal = strchr(word, '=');
        assert_non_null(equal);
        *equal = '\0';
        pairs[count++] = (qn_advise_pair){word, equal + 1};
    }
    return qn_advise_workload(advice, workload, pairs, count, options, out);
}

/* Options that cost little: no physical price, no samples, no sensitivities. */
static inline qn_advise_options quick_options(void)
{
    qn_advise_options options = QN_ADVISE_OPTIONS_INIT;
    options.physical = options.sensitivities = false;
    return options;
}

/* The verdict of a line that must be weighed without an error. */
static inline qn_verdict verdict_of(const qn_advice *advice, const qn_advise_options *options, const char *words)
{
    qn_advise_result result;
    assert_ok(weigh_words(advice, options, words, &result));
    const qn_verdict verdict = result.verdict;
    qn_advise_result_clear(&result);
    return verdict;
}

static inline int open_advice(void **state)
{
    qn_advice *advice = NULL;
    assert_ok(qn_advice_open(NULL, &advice));
    *state = advice;
    return 0;
}

static inline int close_advice(void **state)
{
    qn_advice_free(*state);
    return 0;
}

#endif
