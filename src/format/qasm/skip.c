/* skip.c: moving over text by its brackets only, and what a scan of a body finds. */
#include "format/qasm/reader.h"

/* Over a group in curly brackets; the current token is '{'. */
static void skip_group(qn__qasm_reader *r)
{
    uint32_t depth = 0;
    do {
        depth += qn__qasm_at(r, QN__QT_LEFT_CURLY);
        depth -= qn__qasm_at(r, QN__QT_RIGHT_CURLY);
        qn__qasm_advance(r);
    } while (depth > 0 && !qn__qasm_at(r, QN__QT_END));
}

/* Curly brackets behind these hold values, not statements. */
static bool holds_values(qn__qasm_token_kind before)
{
    return before == QN__QT_IN || before == QN__QT_ASSIGN || before == QN__QT_LEFT_SQUARE || before == QN__QT_COMMA ||
           before == QN__QT_LEFT_ROUND || before == QN__QT_LEFT_CURLY;
}

void qn__qasm_skip_statement(qn__qasm_reader *r)
{
    qn__qasm_token_kind before = QN__QT_END;
    bool any = false;
    while (!qn__qasm_at(r, QN__QT_END)) {
        if (qn__qasm_at(r, QN__QT_SEMICOLON) || (qn__qasm_at(r, QN__QT_PRAGMA) && !any)) {
            qn__qasm_advance(r);
            if (qn__qasm_at(r, QN__QT_ELSE)) { /* if (a) b; else c; */
                before = QN__QT_ELSE;
                qn__qasm_advance(r);
                continue;
            }
            return;
        }
        if (qn__qasm_at(r, QN__QT_RIGHT_CURLY)) { /* of the block around; a stray one is stepped over */
            if (!any) {
                qn__qasm_advance(r);
            }
            return;
        }
        any = true;
        if (qn__qasm_at(r, QN__QT_LEFT_CURLY)) {
            const bool values = holds_values(before);
            skip_group(r);
            before = QN__QT_RIGHT_CURLY;
            if (values) {
                continue;
            }
            if (!qn__qasm_at(r, QN__QT_ELSE)) {
                return;
            }
        }
        before = r->token.kind;
        qn__qasm_advance(r);
    }
}

void qn__qasm_scan_exits(qn__qasm_reader *r, bool *breaks, bool *continues)
{
    const qn__qasm_lexer back = qn__qasm_mark(r);
    qn__qasm_skip_statement(r);
    const size_t end = r->token.at.offset;
    qn__qasm_seek(r, &back);
    *breaks = false;
    *continues = false;
    while (r->token.at.offset < end && !qn__qasm_at(r, QN__QT_END)) {
        if (qn__qasm_at(r, QN__QT_FOR) || qn__qasm_at(r, QN__QT_WHILE)) { /* has its own */
            qn__qasm_skip_statement(r);
            continue;
        }
        *breaks = *breaks || qn__qasm_at(r, QN__QT_BREAK);
        *continues = *continues || qn__qasm_at(r, QN__QT_CONTINUE);
        qn__qasm_advance(r);
    }
    qn__qasm_seek(r, &back);
}

/* Over a group in round or square brackets, the current token being the one that opens it. */
static void skip_brackets(qn__qasm_reader *r, qn__qasm_token_kind open, qn__qasm_token_kind close)
{
    uint32_t depth = 0;
    do {
        depth += qn__qasm_at(r, open);
        depth -= qn__qasm_at(r, close);
        qn__qasm_advance(r);
    } while (depth > 0 && !qn__qasm_at(r, QN__QT_END));
}

/* Over `int i in [0:3]`, `i in {1, 2}`, `b in register[0:1]`: up to the body of a for. */
static void skip_for_header(qn__qasm_reader *r)
{
    while (!qn__qasm_at(r, QN__QT_IN) && !qn__qasm_at(r, QN__QT_END)) {
        qn__qasm_advance(r);
    }
    qn__qasm_advance(r);
    if (qn__qasm_at(r, QN__QT_LEFT_CURLY)) {
        skip_group(r);
        return;
    }
    if (!qn__qasm_at(r, QN__QT_LEFT_SQUARE)) {
        qn__qasm_advance(r); /* a register */
    }
    if (qn__qasm_at(r, QN__QT_LEFT_SQUARE)) {
        skip_brackets(r, QN__QT_LEFT_SQUARE, QN__QT_RIGHT_SQUARE);
    }
}

/* One branch of an if: a block, or one statement; an `else` behind it is left to whose branch it is. It was read once
 * before, so that its nesting is within bounds. */
static void skip_branch(qn__qasm_reader *r)
{
    if (qn__qasm_at(r, QN__QT_LEFT_CURLY)) {
        skip_group(r);
    } else if (qn__qasm_at(r, QN__QT_IF)) {
        qn__qasm_advance(r);
        skip_brackets(r, QN__QT_LEFT_ROUND, QN__QT_RIGHT_ROUND);
        skip_branch(r);
        if (qn__qasm_at(r, QN__QT_ELSE)) {
            qn__qasm_advance(r);
            skip_branch(r);
        }
    } else if (qn__qasm_at(r, QN__QT_WHILE)) {
        qn__qasm_advance(r);
        skip_brackets(r, QN__QT_LEFT_ROUND, QN__QT_RIGHT_ROUND);
        skip_branch(r);
    } else if (qn__qasm_at(r, QN__QT_FOR)) {
        skip_for_header(r);
        skip_branch(r);
    } else {
        while (!qn__qasm_at(r, QN__QT_SEMICOLON) && !qn__qasm_at(r, QN__QT_END)) {
            if (qn__qasm_at(r, QN__QT_LEFT_CURLY)) {
                skip_group(r);
            } else {
                qn__qasm_advance(r);
            }
        }
        qn__qasm_advance(r);
    }
}

qn_status qn__qasm_block_unused(qn__qasm_reader *r)
{
    if (r->expansions > 0) { /* its dry run was before */
        skip_branch(r);
        return QN_OK;
    }
    return qn__qasm_block_dry(r);
}
