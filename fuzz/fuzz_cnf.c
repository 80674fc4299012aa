/* fuzz_cnf.c: DIMACS CNF: any bytes are read or refused with a place; what was read is a sound formula, reads the same
 * when written again, and a small one has the solutions that trying all assignments finds. */
#include <stdio.h>
#include <string.h>

#include <quern/cnf.h>

#include "fuzz.h"

enum { TRIED = 10 };

static void check_sound(const qn_cnf *cnf)
{
    FUZZ_CHECK(cnf->start[0] == 0);
    for (size_t c = 0; c < cnf->clauses; c++) {
        FUZZ_CHECK(cnf->start[c] <= cnf->start[c + 1]);
        for (size_t k = cnf->start[c]; k < cnf->start[c + 1]; k++) {
            const int64_t literal = cnf->literals[k];
            FUZZ_CHECK(literal != 0 && (literal < 0 ? -literal : literal) <= (int64_t)cnf->variables);
        }
    }
}

/* An assignment meets the formula when it meets each clause by itself. */
static void check_assignments(const qn_cnf *cnf)
{
    bool values[TRIED];
    for (uint32_t item = 0; item < 1u << cnf->variables; item++) {
        bool all = true;
        for (uint32_t v = 0; v < cnf->variables; v++) {
            values[v] = (item >> v & 1) != 0;
        }
        for (size_t c = 0; c < cnf->clauses; c++) {
            bool any = false;
            for (size_t k = cnf->start[c]; k < cnf->start[c + 1]; k++) {
                const int32_t literal = cnf->literals[k];
                any = any || (literal > 0 ? values[literal - 1] : !values[-literal - 1]);
            }
            all = all && any;
        }
        FUZZ_CHECK(qn_cnf_satisfied(cnf, values) == all);
    }
}

static void check_again(const qn_cnf *cnf)
{
    const size_t literals = cnf->start[cnf->clauses], room = 64 + 13 * literals + 3 * cnf->clauses;
    char *text = malloc(room);
    FUZZ_CHECK(text != NULL);
    size_t at = (size_t)snprintf(text, room, "p cnf %u %zu\n", cnf->variables, cnf->clauses);
    for (size_t c = 0; c < cnf->clauses; c++) {
        for (size_t k = cnf->start[c]; k < cnf->start[c + 1]; k++) {
            at += (size_t)snprintf(text + at, room - at, "%d ", cnf->literals[k]);
        }
        at += (size_t)snprintf(text + at, room - at, "0\n");
    }
    qn_cnf *again = NULL;
    FUZZ_CHECK(qn_cnf_parse("again", text, at, &again) == QN_OK);
    FUZZ_CHECK(again->variables == cnf->variables && again->clauses == cnf->clauses);
    FUZZ_CHECK(memcmp(again->start, cnf->start, (cnf->clauses + 1) * sizeof *cnf->start) == 0);
    FUZZ_CHECK(literals == 0 || memcmp(again->literals, cnf->literals, literals * sizeof *cnf->literals) == 0);
    qn_cnf_free(again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qn_cnf *cnf = NULL;
    const qn_status status = qn_cnf_parse("in", (const char *)data, size, &cnf);
    if (status != QN_OK) {
        fuzz_check_failure(status, cnf);
        FUZZ_CHECK(strncmp(qn_last_error()->message, "in:", 3) == 0);
        return 0;
    }
    check_sound(cnf);
    check_again(cnf);
    if (cnf->variables <= TRIED) {
        check_assignments(cnf);
    }
    qn_cnf_free(cnf);
    return 0;
}
