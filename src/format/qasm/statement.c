/* statement.c: which statement it is, blocks of them, and how reading goes on after an error. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "format/qasm/reader.h"

qn__qasm_checkpoint qn__qasm_checkpoint_now(const qn__qasm_reader *r)
{
    return (qn__qasm_checkpoint){.depth = r->depth,
                                 .dry = r->dry,
                                 .expansions = r->expansions,
                                 .nframes = r->nframes,
                                 .region_depth = r->region_depth,
                                 .base_level = r->base_level,
                                 .base_serial = r->base_serial,
                                 .calls = r->calls,
                                 .nscopes = r->nscopes,
                                 .ntokens = r->ntokens,
                                 .nterms = r->nterms,
                                 .nwires = r->nwires,
                                 .in_gate = r->in_gate,
                                 .in_subroutine = r->in_subroutine,
                                 .failed = r->failed,
                                 .sink = r->sink,
                                 .target = r->target};
}

void qn__qasm_checkpoint_restore(qn__qasm_reader *r, const qn__qasm_checkpoint *c)
{
    while (r->region_depth > c->region_depth) {
        qn__qasm_region_drop(r);
    }
    while (r->nscopes > c->nscopes) {
        qn__qasm_scope_pop(r);
    }
    r->depth = c->depth;
    r->dry = c->dry + (r->failed && !c->failed);
    r->expansions = c->expansions;
    r->nframes = c->nframes;
    r->base_level = c->base_level;
    r->base_serial = c->base_serial;
    r->calls = c->calls;
    r->ntokens = c->ntokens;
    r->nterms = c->nterms;
    r->nwires = c->nwires;
    r->in_gate = c->in_gate;
    r->in_subroutine = c->in_subroutine;
    r->sink = c->sink;
    r->target = c->target;
    r->flow = QN__FLOW_NORMAL;
}

/* After an error in the statement that began at `start`: read on behind it, without any more effect. */
static qn_status recover(qn__qasm_reader *r, const qn__qasm_checkpoint *checkpoint, const qn__qasm_lexer *start)
{
    r->failed = true;
    qn__qasm_checkpoint_restore(r, checkpoint);
    if (r->lexer.file != start->file || r->nopen == 0) { /* in an included file, which is given up */
        r->nopen = r->nopen > 1 ? r->nopen : 1;
    }
    qn__qasm_seek(r, start);
    const size_t offset = r->token.at.offset;
    qn__qasm_skip_statement(r);
    if (r->token.at.offset == offset && !qn__qasm_at(r, QN__QT_END)) {
        qn__qasm_advance(r);
    }
    return r->hard;
}

/* One statement, after which reading goes on even when it fails, where no one further out has to know. */
static qn_status statement_or_recover(qn__qasm_reader *r)
{
    const qn__qasm_lexer start = qn__qasm_mark(r);
    const qn__qasm_checkpoint checkpoint = qn__qasm_checkpoint_now(r);
    const qn_status status = qn__qasm_statement(r);
    if (status != QN_ERR_PARSE || r->hard != QN_OK || r->retry != NULL) {
        return status;
    }
    if (r->expansions > 0 || r->errors >= QN__QASM_ERRORS) {
        return status;
    }
    return recover(r, &checkpoint, &start);
}

qn_status qn__qasm_statements(qn__qasm_reader *r)
{
    const qn__qasm_place open = r->behind;
    while (!qn__qasm_at(r, QN__QT_RIGHT_CURLY)) {
        if (qn__qasm_at(r, QN__QT_END)) {
            if (r->hard != QN_OK) {
                return r->hard;
            }
            const size_t back = open.offset > 0;
            const qn__qasm_place at = {open.offset - back, open.file, open.line};
            return qn__qasm_error(r, QN__ERROR_PLAIN, at, 1,
                                  "this '{' is never closed; expected '}' before the end of the file");
        }
        if (r->flow != QN__FLOW_NORMAL) { /* behind break, continue, return or end */
            if (r->expansions > 0) {
                qn__qasm_skip_statement(r);
                continue;
            }
            const qn__qasm_flow flow = r->flow;
            r->flow = QN__FLOW_NORMAL;
            r->dry++;
            const qn_status status = statement_or_recover(r);
            r->dry--;
            r->flow = flow;
            QN_TRY(status);
            continue;
        }
        QN_TRY(statement_or_recover(r));
    }
    qn__qasm_advance(r);
    return QN_OK;
}

qn_status qn__qasm_block(qn__qasm_reader *r)
{
    const qn__qasm_token token = r->token;
    QN_TRY(qn__qasm_enter(r, &token));
    QN_TRY(qn__qasm_scope_push(r));
    qn_status status;
    if (qn__qasm_accept(r, QN__QT_LEFT_CURLY)) {
        status = qn__qasm_statements(r);
    } else if (qn__qasm_at_type(r) || qn__qasm_at(r, QN__QT_CONST) || qn__qasm_at(r, QN__QT_LET)) {
        status = QN_QASM_FAIL(r, &token, "a declaration as the only statement of a branch; expected '{' around it");
    } else {
        status = qn__qasm_statement(r);
    }
    qn__qasm_scope_pop(r);
    qn__qasm_leave(r);
    return status;
}

qn_status qn__qasm_block_dry(qn__qasm_reader *r)
{
    const qn__qasm_flow flow = r->flow;
    r->flow = QN__FLOW_NORMAL;
    r->dry++;
    const qn_status status = qn__qasm_block(r);
    r->dry--;
    r->flow = flow;
    return status;
}

/* What the reader knows by name only. */
static qn_status unsupported(qn__qasm_reader *r)
{
    static const struct {
        qn__qasm_token_kind kind;
        const char *what;
    } rows[] = {{QN__QT_CAL, "cal blocks are"},
                {QN__QT_DEFCAL, "defcal is"},
                {QN__QT_DEFCALGRAMMAR, "defcalgrammar is"},
                {QN__QT_EXTERN, "extern functions are"},
                {QN__QT_DURATION_TYPE, "variables of type duration are"},
                {QN__QT_STRETCH, "stretch is"},
                {QN__QT_COMPLEX, "complex numbers are"},
                {QN__QT_DURATIONOF, "durationof is"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (r->token.kind == rows[i].kind) {
            return QN_QASM_UNSUPPORTED(r, &r->token, "%s not supported", rows[i].what);
        }
    }
    return qn__qasm_expected(r, "a statement");
}

static void pragma(qn__qasm_reader *r, const char *what)
{
    if (r->dry == 0 || r->failed) {
        qn__qasm_remark(r, QN_SEVERITY_WARNING, r->token.at, r->token.length, "%s is ignored", what);
    }
}

/* box { ... }: its duration means nothing to a circuit. */
static qn_status box(qn__qasm_reader *r)
{
    qn__qasm_advance(r);
    if (qn__qasm_at(r, QN__QT_LEFT_SQUARE)) {
        return QN_QASM_UNSUPPORTED(r, &r->token, "the duration of a box is not supported");
    }
    if (!qn__qasm_at(r, QN__QT_LEFT_CURLY)) {
        return qn__qasm_expected(r, "'{' after box");
    }
    return qn__qasm_block(r);
}

/* A statement that begins with a name: an assignment, a call of a subroutine, or a gate. */
static qn_status named(qn__qasm_reader *r)
{
    qn__qasm_symbol *symbol = qn__qasm_lookup(r, r->token.name);
    if (symbol != NULL && !r->version2) {
        switch (symbol->kind) {
        case QN__SYMBOL_BITS:
        case QN__SYMBOL_NUMBER:
        case QN__SYMBOL_ARRAY:
            return qn__qasm_assignment(r, symbol);
        case QN__SYMBOL_SUBROUTINE: {
            const qn__qasm_token name = r->token;
            qn__qasm_operand value;
            if (r->in_gate) {
                return QN_QASM_FAIL(r, &name, "a subroutine in the body of a gate; expected gates only");
            }
            qn__qasm_advance(r);
            QN_TRY(qn__qasm_subroutine_call(r, &name, symbol, &value));
            if (qn__qasm_is_assignment(r->token.kind)) {
                return qn__qasm_expected(r, "';'");
            }
            qn__qasm_operand_drop(r, &value);
            return qn__qasm_expect(r, QN__QT_SEMICOLON, "after the call");
        }
        default:
            break;
        }
    }
    return qn__qasm_gate_call(r);
}

/* What may stand in the body of a gate. */
static bool fits_gate(const qn__qasm_reader *r)
{
    switch (r->token.kind) {
    case QN__QT_NAME:
    case QN__QT_BARRIER:
    case QN__QT_CTRL:
    case QN__QT_NEGCTRL:
    case QN__QT_INV:
    case QN__QT_POW:
    case QN__QT_PRAGMA:
    case QN__QT_SEMICOLON:
    case QN__QT_BAD:
        return true;
    case QN__QT_FOR:
    case QN__QT_IF:
    case QN__QT_AT:
    case QN__QT_LEFT_CURLY:
    case QN__QT_BREAK:
    case QN__QT_CONTINUE:
        return !r->version2;
    default:
        return false;
    }
}

static qn_status dispatch(qn__qasm_reader *r)
{
    switch (r->token.kind) {
    case QN__QT_NAME:
        return named(r);
    case QN__QT_CTRL:
    case QN__QT_NEGCTRL:
    case QN__QT_INV:
    case QN__QT_POW:
        return qn__qasm_gate_call(r);
    case QN__QT_MEASURE:
        return qn__qasm_measure_statement(r);
    case QN__QT_RESET:
        return qn__qasm_reset_statement(r);
    case QN__QT_BARRIER:
        return qn__qasm_barrier_statement(r);
    case QN__QT_DELAY:
        return qn__qasm_delay_statement(r);
    case QN__QT_GATE:
        return qn__qasm_gate_definition(r);
    case QN__QT_OPAQUE:
        return qn__qasm_opaque_declaration(r);
    case QN__QT_QREG:
    case QN__QT_CREG:
        return qn__qasm_register_declaration(r);
    case QN__QT_QUBIT:
    case QN__QT_BOOL:
    case QN__QT_BIT:
    case QN__QT_INT:
    case QN__QT_UINT:
    case QN__QT_FLOAT_TYPE:
    case QN__QT_ANGLE:
    case QN__QT_ARRAY:
        return qn__qasm_declaration(r);
    case QN__QT_CONST:
        return qn__qasm_const_declaration(r);
    case QN__QT_INPUT:
    case QN__QT_OUTPUT:
        return qn__qasm_io_declaration(r);
    case QN__QT_LET:
        return qn__qasm_let(r);
    case QN__QT_IF:
        return qn__qasm_if(r);
    case QN__QT_FOR:
        return qn__qasm_for(r);
    case QN__QT_WHILE:
        return qn__qasm_while(r);
    case QN__QT_SWITCH:
        return qn__qasm_switch(r);
    case QN__QT_BREAK:
    case QN__QT_CONTINUE:
    case QN__QT_STOP:
        return qn__qasm_exit_statement(r);
    case QN__QT_DEF:
        return qn__qasm_subroutine_definition(r);
    case QN__QT_RETURN:
        return qn__qasm_return(r);
    case QN__QT_INCLUDE:
        return qn__qasm_include(r);
    case QN__QT_BOX:
        return box(r);
    case QN__QT_LEFT_CURLY:
        return qn__qasm_block(r);
    case QN__QT_PRAGMA:
        pragma(r, "this pragma");
        qn__qasm_advance(r);
        return QN_OK;
    case QN__QT_AT: { /* an annotation, to the end of the line */
        r->lexer.at = r->token.at.offset;
        qn__qasm_lexer_skip_line(&r->lexer);
        r->token.length = r->lexer.at - r->token.at.offset;
        pragma(r, "this annotation");
        qn__qasm_advance(r);
        return QN_OK;
    }
    case QN__QT_SEMICOLON:
        qn__qasm_advance(r);
        return QN_OK;
    case QN__QT_OPENQASM:
        return QN_QASM_FAIL(r, &r->token, "the version line is not the first statement; expected it there, and once");
    case QN__QT_ELSE:
        return QN_QASM_FAIL(r, &r->token, "'else' without 'if'; expected a statement");
    case QN__QT_RIGHT_CURLY:
        return QN_QASM_FAIL(r, &r->token, "'}' closes nothing; expected a statement");
    default:
        return unsupported(r);
    }
}

qn_status qn__qasm_statement(qn__qasm_reader *r)
{
    const qn__qasm_token token = r->token;
    QN_TRY(qn__qasm_step(r, &token));
    if (r->in_gate && !fits_gate(r)) {
        return QN_QASM_FAIL(r, &token, "'%.*s' in the body of a gate; expected gates and barriers only",
                            QN_TEXT(r, &token));
    }
    if (token.kind == QN__QT_BAD) {
        return QN_QASM_FAIL(r, &token, "%s", token.why);
    }
    if (token.kind == QN__QT_SEMICOLON && r->version2) {
        return QN_QASM_FAIL(r, &token, "an empty statement; expected no ';' here");
    }
    return dispatch(r);
}

/* OPENQASM 2.0; the first statement, if it is there at all. */
static qn_status version_line(qn__qasm_reader *r)
{
    qn__qasm_advance(r);
    const qn__qasm_token number = r->token;
    double version = 0;
    if (number.kind == QN__QT_INTEGER) {
        version = (double)number.integer;
    } else if (number.kind == QN__QT_FLOAT) {
        version = number.number;
    } else {
        return qn__qasm_expected(r, "a version such as 2.0 or 3.0");
    }
    const bool two = version == 2.0;
    if (!two && !(version >= 3.0 && version < 4.0)) {
        return QN_QASM_FAIL(r, &number, "version %.*s of OpenQASM; expected 2.0, 3.0 or 3.1", QN_TEXT(r, &number));
    }
    if (r->options.version != 0 && (r->options.version == 2) != two) {
        return QN_QASM_FAIL(r, &number, "the file says version %.*s; expected %u, as asked for", QN_TEXT(r, &number),
                            r->options.version);
    }
    r->version2 = two;
    r->lexer.version2 = two;
    qn__qasm_advance(r);
    return qn__qasm_expect(r, QN__QT_SEMICOLON, "after the version");
}

/* All statements of the outermost level; operations get the line of theirs in the main file. */
qn_status qn__qasm_program(qn__qasm_reader *r)
{
    uint32_t line = 0;
    while (qn__qasm_at(r, QN__QT_PRAGMA)) {
        QN_TRY(qn__qasm_statement(r));
    }
    if (qn__qasm_at(r, QN__QT_OPENQASM)) {
        const qn__qasm_lexer start = qn__qasm_mark(r);
        const qn__qasm_checkpoint checkpoint = qn__qasm_checkpoint_now(r);
        const qn_status status = version_line(r);
        if (status == QN_ERR_PARSE) {
            QN_TRY(recover(r, &checkpoint, &start));
        } else {
            QN_TRY(status);
        }
    }
    QN_TRY(qn__qasm_builtin_gates(r));
    while (r->errors < QN__QASM_ERRORS) {
        if (qn__qasm_at(r, QN__QT_END)) {
            if (r->hard != QN_OK || r->nopen == 1) {
                break;
            }
            QN_TRY(qn__qasm_include_end(r));
            continue;
        }
        if (r->token.at.file == 0 && r->token.at.line != line) {
            line = r->token.at.line;
            qn_circuit_set_line(r->circuit, line);
        }
        if (r->blocks != NULL) {
            qn__qasm_arena_reset(r, false);
        }
        r->ntokens = 0;
        r->nwires = 0;
        QN_TRY(statement_or_recover(r));
        if (r->flow == QN__FLOW_STOP && r->dry == 0) { /* `end;`: nothing after it runs */
            r->dry++;
        }
        r->flow = QN__FLOW_NORMAL;
    }
    if (r->hard == QN_OK && r->errors == 0 && r->nqubits == 0) {
        return QN_QASM_FAIL(r, &r->token, "the program declares no qubits; expected %s",
                            r->version2 ? "qreg q[n];" : "qubit[n] q;");
    }
    return r->hard;
}
