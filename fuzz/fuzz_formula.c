/* fuzz_formula.c: formulas over columns: any text is compiled or refused with a place, and what was compiled runs. */
#include <string.h>

#include <quern/formula.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"a", "score", NULL, "x y"};
    static const double row[] = {0.5, -3, 1e300, 0};
    char *text = malloc(size + 1);
    qn_formula *formula = NULL;
    FUZZ_CHECK(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    const qn_status status = qn_formula_parse("in", text, names, 4, &formula);
    if (status != QN_OK) {
        FUZZ_CHECK(formula == NULL && (status == QN_ERR_FORMULA || status == QN_ERR_TOO_LARGE));
        FUZZ_CHECK(qn_last_error()->status == status);
        FUZZ_CHECK(strncmp(qn_last_error()->message, "in:", 3) == 0);
    } else {
        (void)qn_formula_value(formula, row);
        (void)qn_formula_comparisons(formula);
        qn_formula_free(formula);
    }
    free(text);
    return 0;
}
