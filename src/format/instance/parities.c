/* parities.c: DIMACS files of parities, as CryptoMiniSat writes them: "p cnf variables constraints", then lines
 * "x 1 -2 3 0" (or "x1 -2 3 0"): the exclusive or of the literals is true, a negated one being 1 - x. */
#include "base/alloc.h"
#include "format/instance/scan.h"

enum { MOST_VARIABLES = 1 << 20 };

typedef struct parity_list {
    qn_parities *p;
    size_t capacity, room; /* of constraints and of variables */
    size_t count;          /* variables so far */
    uint64_t announced;
    size_t *line_of; /* of each variable: 1 + the constraint it was in last */
} parity_list;

void qn__parities_free(qn_parities *parities)
{
    if (parities != NULL) {
        qn__free(parities->first);
        qn__free(parities->variable);
        qn__free(parities->odd);
        qn__free(parities);
    }
}

static qn_status read_header(qn__cursor *cursor, parity_list *l)
{
    char quote[QN__QUOTE];
    uint64_t variables = 0;
    if (!qn__scan_line(cursor, "cC") || !qn__scan_keyword(cursor, "P")) {
        return QN_PARSE_FAIL(cursor->source, cursor->at, "expected the line \"p cnf variables constraints\"");
    }
    qn__cursor_skip_blanks(cursor);
    if (!qn__scan_keyword(cursor, "CNF") && !qn__scan_keyword(cursor, "XNF")) {
        return QN_PARSE_FAIL(cursor->source, cursor->at, "the problem is %s; expected cnf",
                             qn__cursor_quote(cursor, cursor->at, quote));
    }
    QN_TRY(qn__scan_whole(cursor, "the number of variables", 1, MOST_VARIABLES, &variables));
    QN_TRY(qn__scan_whole(cursor, "the number of constraints", 1, UINT32_MAX, &l->announced));
    QN_TRY(qn__scan_expect_end(cursor, "the number of constraints"));
    l->p->variables = (uint32_t)variables;
    l->line_of = qn__calloc((size_t)variables, sizeof *l->line_of);
    QN_ALLOC_CHECK(l->line_of);
    return QN_OK;
}

/* A literal or the closing 0; where it stands is `at`. */
static qn_status read_literal(qn__cursor *cursor, parity_list *l, uint64_t *variable, bool *negated)
{
    qn__cursor_skip_blanks(cursor);
    *negated = qn__cursor_peek(cursor) == '-';
    cursor->at += *negated;
    if (*negated && qn__is_blank(qn__cursor_peek(cursor))) {
        return QN_PARSE_FAIL(cursor->source, cursor->at, "a sign alone; expected a literal");
    }
    return qn__scan_whole(cursor, "the literal", *negated ? 1 : 0, l->p->variables, variable);
}

static qn_status read_constraint(qn__cursor *cursor, parity_list *l)
{
    qn_parities *const p = l->p;
    const size_t line = cursor->at;
    char quote[QN__QUOTE];
    const int letter = qn__cursor_peek(cursor);
    if (letter != 'x' && letter != 'X') {
        return QN_PARSE_FAIL(cursor->source, line,
                             "a clause that begins with %s; expected a parity \"x 1 -2 3 0\" (quern search takes "
                             "clauses)",
                             qn__cursor_quote(cursor, line, quote));
    }
    cursor->at++;
    size_t odd_room = l->capacity;
    QN_TRY(qn__grow((void **)&p->first, &l->capacity, p->constraints + 2, sizeof *p->first));
    QN_TRY(qn__grow((void **)&p->odd, &odd_room, l->capacity, sizeof *p->odd));
    p->first[0] = 0;
    bool odd = true;
    for (;;) {
        uint64_t variable = 0;
        bool negated = false;
        QN_TRY(read_literal(cursor, l, &variable, &negated));
        if (variable == 0) {
            break;
        }
        if (l->line_of[variable - 1] == p->constraints + 1) {
            return QN_PARSE_FAIL(cursor->source, line, "variable %llu stands twice in this parity",
                                 (unsigned long long)variable);
        }
        l->line_of[variable - 1] = p->constraints + 1;
        odd ^= negated;
        QN_TRY(qn__grow((void **)&p->variable, &l->room, l->count + 1, sizeof *p->variable));
        p->variable[l->count++] = (uint32_t)variable - 1;
    }
    if (l->count == p->first[p->constraints]) {
        return QN_PARSE_FAIL(cursor->source, line, "a parity without variables");
    }
    p->odd[p->constraints++] = odd;
    p->first[p->constraints] = l->count;
    return qn__scan_expect_end(cursor, "the closing 0");
}

qn_status qn__read_parities(const qn__source *source, qn_instance *out)
{
    qn__cursor cursor = {source, source->start, source->length};
    qn_status status = QN_OK;
    parity_list l = {.p = qn__calloc(1, sizeof *l.p)};
    QN_ALLOC_CHECK(l.p);
    out->parities = l.p; /* the caller frees what is made so far */
    QN_TRY_CLEANUP(read_header(&cursor, &l));
    while (qn__scan_line(&cursor, "cC")) {
        QN_TRY_CLEANUP(read_constraint(&cursor, &l));
    }
    if (l.p->constraints != l.announced) {
        status = QN_PARSE_FAIL(source, source->length, "%llu parities are announced, but there are %zu",
                               (unsigned long long)l.announced, l.p->constraints);
    }
cleanup:
    qn__free(l.line_of);
    return status;
}
