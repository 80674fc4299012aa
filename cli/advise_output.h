/* advise_output.h: how a weighed workload is shown. */
#ifndef CLI_ADVISE_OUTPUT_H
#define CLI_ADVISE_OUTPUT_H

#include <quern/quern.h>

typedef struct advise_answer {
    const qn_advise_pair *pairs;
    size_t npairs;
    const qn_advise_options *options;
    const qn_advise_result *result;
    const char *edition;
    bool quiet;
} advise_answer;

/* Members of "input" and "result". */
void advise_input_json(qn_json *json, const void *user);
void advise_result_json(qn_json *json, const void *user);
void advise_text(qn_text *text, const qn_style *style, const void *user);

/* "38.9k"-like words of a number that may have its logarithm alone; "unknown". `unit` as qn_human's. */
const char *advise_words(char *buffer, size_t capacity, qn_magnitude value, const char *unit);

/* "2.8 days (10 h to 60 days)", as orders of magnitude where that spans more than a factor of 100: no false digits. */
const char *advise_range(char *buffer, size_t capacity, const qn_advise_result *result);

/* The era, marked where it is a scenario. */
const char *advise_era(char *buffer, size_t capacity, const qn_advise_result *result);

/* The verdict as one word with what it depends on: NO_ADVANTAGE_IO, HEURISTIC_UNPROVEN, POSSIBLE(2032-40),
 * NEEDS(kappa).
 */
const char *advise_code(char *buffer, size_t capacity, const qn_advise_result *result);

/* "by stack: 2021 4.592e+06, 2025 9e+05"; false when no stack has a price. */
bool advise_stacks(char *buffer, size_t capacity, const qn_advise_result *result);

#endif
