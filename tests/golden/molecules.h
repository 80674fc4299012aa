/* molecules.h: the molecules of data/molecules for golden tests: their files as problems, their table of energies. */
#ifndef QN_GOLDEN_MOLECULES_H
#define QN_GOLDEN_MOLECULES_H

#include "qn_test.h"

#include <quern/quern.h>

/* Columns of energies.tsv that hold energies. */
typedef enum golden_column { GOLDEN_NUCLEAR = 7, GOLDEN_RHF = 8, GOLDEN_MP2 = 9, GOLDEN_FCI = 10 } golden_column;

/* The value of a column in the row whose first column is `file`. */
static inline double golden_energy(const char *file, golden_column column)
{
    char *text = NULL;
    size_t length = 0;
    assert_ok(qn_file_read(QN_SOURCE_DIR "/data/molecules/energies.tsv", 0, &text, &length));
    double value = (double)NAN;
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        char *cell = line;
        if (strncmp(line, file, strlen(file)) != 0 || line[strlen(file)] != '\t') {
            continue;
        }
        for (int k = 0; k < (int)column && cell != NULL; k++) {
            cell = strchr(cell, '\t');
            cell = cell != NULL ? cell + 1 : NULL;
        }
        assert_non_null(cell);
        value = strtod(cell, NULL);
    }
    qn_text_free(text);
    assert_true(isfinite(value));
    return value;
}

static inline qn_electronic_problem *golden_problem(const char *file, qn_mapping mapping, bool taper)
{
    char path[512], *text = NULL;
    size_t length = 0;
    assert_true(snprintf(path, sizeof path, "%s/data/molecules/%s", QN_SOURCE_DIR, file) < (int)sizeof path);
    assert_ok(qn_file_read(path, 0, &text, &length));
    qn_integrals *integrals = NULL;
    assert_ok(qn_read_fcidump(text, length, path, &integrals));
    qn_text_free(text);
    qn_electronic_problem *problem = NULL;
    assert_ok(qn_electronic_problem_create(integrals, mapping, taper, &problem));
    qn_integrals_free(integrals);
    return problem;
}

/* Lowest energy with the problem's numbers of alpha and beta electrons. */
static inline double golden_lowest(qn_context *context, const qn_electronic_problem *problem)
{
    const qn_constraint constraints[] = {{problem->number_alpha, problem->nalpha},
                                         {problem->number_beta, problem->nbeta}};
    qn_exact_options options = QN_EXACT_OPTIONS_INIT;
    options.constraints = constraints;
    options.nconstraints = sizeof constraints / sizeof constraints[0];
    options.guess = problem->reference;
    qn_exact_result *result = NULL;
    assert_ok(qn_exact_solve(context, problem->hamiltonian, &options, &result));
    assert_true(result->converged);
    assert_true(result->states >= 1);
    const double energy = result->energies[0];
    qn_exact_result_free(result);
    return energy;
}

static inline qn_pauli_sum *golden_article(void)
{
    static const char path[] = QN_SOURCE_DIR "/examples/article.pauli";
    char *text = NULL;
    size_t length = 0;
    assert_ok(qn_file_read(path, 0, &text, &length));
    qn_pauli_sum *sum = NULL;
    assert_ok(qn_read_hamiltonian(text, length, path, &sum));
    qn_text_free(text);
    return sum;
}

#endif
