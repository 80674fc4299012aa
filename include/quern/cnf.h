/* cnf.h: Boolean formulas in conjunctive normal form, and DIMACS files of them. */
#ifndef QUERN_CNF_H
#define QUERN_CNF_H

#include <quern/status.h>

QN_BEGIN_DECLS

/** Clauses over variables 1..variables, as DIMACS numbers them: literal +v is the variable, -v its negation. */
typedef struct qn_cnf {
    uint32_t variables;
    size_t clauses;
    size_t *start;     /* clauses + 1 places in `literals`: clause c is start[c] .. start[c + 1] - 1 */
    int32_t *literals; /* as written: a literal may stand twice, a clause may be empty (then nothing satisfies it) */
} qn_cnf;

/** Read a DIMACS CNF file, "-" is standard input: comment lines "c ...", the line "p cnf VARIABLES CLAUSES", then
 *  clauses ended by 0, over any number of lines. A line "%" ends the file, as in SATLIB's. Errors: QN_ERR_PARSE with
 *  file:line:column for anything else, for a variable above VARIABLES and for another number of clauses than promised;
 *  QN_ERR_IO, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_cnf_read(const char *path, qn_cnf **out);
QN_API QN_MUST_USE qn_status qn_cnf_parse(const char *name, const char *text, size_t length, qn_cnf **out);
QN_API void qn_cnf_free(qn_cnf *cnf);
/** Whether an assignment satisfies every clause; values[v - 1] is that of variable v. */
QN_API bool qn_cnf_satisfied(const qn_cnf *cnf, const bool *values);

QN_END_DECLS
#endif
