/* reader.c: tokens, errors and limits of one reading; qn_read_qasm itself. */
#include "format/qasm/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "format/cursor.h"

static const uint64_t MOST_OPERATIONS = 50000000, MOST_ITERATIONS = 1000000;
static const uint32_t MOST_QUBITS = 65536;

const char *qn__qasm_text_at(const qn__qasm_reader *r, qn__qasm_place at)
{
    return r->files[at.file].text + at.offset;
}

void qn__qasm_advance(qn__qasm_reader *r)
{
    r->behind = r->token.at;
    r->behind.offset += r->token.length;
    if (r->hard == QN_OK) {
        r->hard = qn__qasm_lexer_next(&r->lexer, &r->idents, &r->token);
    }
    if (r->hard != QN_OK) { /* nothing more is read */
        r->token.kind = QN__QT_END;
        r->token.length = 0;
    }
}

qn__qasm_lexer qn__qasm_mark(const qn__qasm_reader *r)
{
    qn__qasm_lexer lexer = r->lexer;
    lexer.at = r->token.at.offset;
    lexer.line = r->token.at.line;
    return lexer;
}

void qn__qasm_seek(qn__qasm_reader *r, const qn__qasm_lexer *lexer)
{
    r->lexer = *lexer;
    r->token.at = (qn__qasm_place){lexer->at, lexer->file, lexer->line};
    r->token.length = 0;
    qn__qasm_advance(r);
}

/* Errors. */

static qn_status keep(qn__qasm_reader *r, qn_severity severity, bool unsupported, qn__qasm_place at, size_t length,
                      const char *message)
{
    const qn__qasm_file *file = &r->files[at.file];
    const qn__qasm_finding finding = {severity,     unsupported, file->name, file->text,
                                      file->length, at.offset,   length,     message};
    return qn__diagnostics_add(r->list, &finding);
}

qn_status qn__qasm_error(qn__qasm_reader *r, qn__qasm_error_kind kind, qn__qasm_place at, size_t length,
                         const char *format, ...)
{
    if (r->hard != QN_OK) {
        return r->hard;
    }
    if (r->errors >= QN__QASM_ERRORS) {
        return QN_ERR_PARSE;
    }
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    r->hard = keep(r, QN_SEVERITY_ERROR, kind == QN__ERROR_UNSUPPORTED, at, length, message);
    if (r->hard != QN_OK) {
        return r->hard;
    }
    if (r->errors++ == 0) {
        qn_diagnostic first;
        qn_diagnostics_get(r->list, qn_diagnostics_count(r->list) - 1, &first);
        (void)snprintf(r->first_message, sizeof r->first_message, "%.400s:%u:%u: error: %s", first.file, first.line,
                       first.column, first.message);
        r->too_large = kind == QN__ERROR_LARGE;
    }
    r->unsupported += kind == QN__ERROR_UNSUPPORTED;
    return QN_ERR_PARSE;
}

void qn__qasm_remark(qn__qasm_reader *r, qn_severity severity, qn__qasm_place at, size_t length, const char *format,
                     ...)
{
    enum { MOST_REMARKS = 200 };
    if (r->hard != QN_OK || r->remarks >= MOST_REMARKS) {
        return;
    }
    r->remarks++;
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    r->hard = keep(r, severity, false, at, length, message);
}

qn_status qn__qasm_expected(qn__qasm_reader *r, const char *what)
{
    const qn__qasm_token *token = &r->token;
    switch (token->kind) {
    case QN__QT_END:
        return QN_QASM_FAIL(r, token, "expected %s, got the end of the file", what);
    case QN__QT_BAD:
        return QN_QASM_FAIL(r, token, "%s; expected %s", token->why, what);
    default:
        return QN_QASM_FAIL(r, token, "expected %s, got '%.*s'", what, QN_TEXT(r, token));
    }
}

qn_status qn__qasm_expect(qn__qasm_reader *r, qn__qasm_token_kind kind, const char *where)
{
    if (r->token.kind == kind) {
        qn__qasm_advance(r);
        return QN_OK;
    }
    char what[160];
    (void)snprintf(what, sizeof what, "%s%s%s", qn__qasm_token_text(kind), where[0] != '\0' ? " " : "", where);
    if (r->token.kind != QN__QT_BAD && r->token.at.line != r->behind.line && r->token.at.file == r->behind.file &&
        kind != QN__QT_RIGHT_CURLY) {
        /* What is missing was to stand at the end of the line before. */
        const size_t back = r->behind.offset > 0;
        const qn__qasm_place end = {r->behind.offset - back, r->behind.file, r->behind.line};
        if (r->token.kind == QN__QT_END) {
            return qn__qasm_error(r, QN__ERROR_PLAIN, end, 1, "expected %s, got the end of the file", what);
        }
        return qn__qasm_error(r, QN__ERROR_PLAIN, end, 1, "expected %s, got '%.*s' on line %u", what,
                              QN_TEXT(r, &r->token), r->token.at.line);
    }
    return qn__qasm_expected(r, what);
}

qn_status qn__qasm_enter(qn__qasm_reader *r, const qn__qasm_token *token)
{
    if (r->depth >= QN__QASM_DEPTH) {
        return QN_QASM_LARGE(r, token, "nested more than %d deep; expected less", QN__QASM_DEPTH);
    }
    r->depth++;
    return QN_OK;
}

qn_status qn__qasm_step(qn__qasm_reader *r, const qn__qasm_token *token)
{
    if (r->hard != QN_OK) {
        return r->hard;
    }
    if (r->expansions > 0 && ++r->steps > r->max_steps) {
        return QN_QASM_LARGE(r, token,
                             "loops and calls take more than %llu steps to unroll; the limit on operations is %llu",
                             (unsigned long long)r->max_steps, (unsigned long long)r->options.max_operations);
    }
    return QN_OK;
}

/* Opening and closing. */

static void read_options(const qn_qasm_options *given, qn_qasm_options *out)
{
    *out = (qn_qasm_options)QN_QASM_OPTIONS_INIT;
    if (given != NULL) {
        const size_t known = given->size < sizeof *out ? given->size : sizeof *out;
        memcpy(out, given, known);
    }
    out->max_operations = out->max_operations == 0 ? MOST_OPERATIONS : out->max_operations;
    out->max_iterations = out->max_iterations == 0 ? MOST_ITERATIONS : out->max_iterations;
    out->max_qubits = out->max_qubits == 0 ? MOST_QUBITS : out->max_qubits;
}

static void close_reader(qn__qasm_reader *r)
{
    while (r->region != NULL) {
        qn__qasm_region_drop(r);
    }
    while (r->nscopes > 0) {
        qn__qasm_scope_pop(r);
    }
    while (r->free_symbols != NULL) {
        qn__qasm_symbol *next = r->free_symbols->next;
        qn__free(r->free_symbols);
        r->free_symbols = next;
    }
    for (size_t i = 0; i < r->nfiles; i++) {
        qn__free(r->files[i].name);
        qn__free(r->files[i].owned);
    }
    qn__free(r->files);
    qn__qasm_arena_reset(r, true);
    qn__free(r->by_name);
    qn__free(r->scopes);
    qn__free(r->bits);
    qn__free(r->tokens);
    qn__free(r->terms);
    qn__free(r->wires);
    qn__free(r->locals);
    qn__qasm_idents_close(&r->idents);
    qn_circuit_free(r->circuit);
}

/* The text as a whole: UTF-16 and 0 bytes are nobody's OpenQASM. */
static qn_status check_text(qn__qasm_reader *r)
{
    qn__qasm_file *file = &r->files[0];
    const unsigned char *t = (const unsigned char *)file->text;
    const qn__qasm_place start = {0, 0, 1};
    if (file->length >= 2 && ((t[0] == 0xff && t[1] == 0xfe) || (t[0] == 0xfe && t[1] == 0xff))) {
        return qn__qasm_error(r, QN__ERROR_PLAIN, start, 1, "the file is UTF-16; expected ASCII or UTF-8");
    }
    const char *zero = file->length > 0 ? memchr(file->text, '\0', file->length) : NULL;
    if (zero != NULL) {
        const qn__qasm_place at = {(size_t)(zero - file->text), 0, 1};
        return qn__qasm_error(r, QN__ERROR_PLAIN, at, 1, "a 0 byte: the file is not text; expected ASCII or UTF-8");
    }
    return QN_OK;
}

static qn_status open_reader(qn__qasm_reader *r, const char *text, size_t length, const char *name)
{
    void *files = NULL;
    QN_TRY(qn__grow(&files, &r->files_capacity, 4, sizeof *r->files));
    r->files = files;
    r->files[0] = (qn__qasm_file){.text = text != NULL ? text : "", .length = length};
    r->nfiles = 1;
    r->nopen = 1;
    r->files[0].name = qn__strdup(name != NULL ? name : "-");
    QN_ALLOC_CHECK(r->files[0].name);
    QN_TRY(qn__qasm_idents_open(&r->idents));
    QN_TRY(qn_circuit_create(1, &r->circuit));
    return qn__qasm_scope_push(r);
}

static qn_status finish(qn__qasm_reader *r, qn_circuit **out)
{
    if (r->hard != QN_OK) {
        return r->hard;
    }
    if (r->errors > 0) {
        if (r->too_large > 0) {
            return QN_FAIL(ERR_TOO_LARGE, "%s", r->first_message);
        }
        if (r->unsupported == r->errors) {
            return QN_FAIL(ERR_UNSUPPORTED, "%s", r->first_message);
        }
        return QN_FAIL(ERR_PARSE, "%s", r->first_message);
    }
    qn_circuit_set_line(r->circuit, 0);
    *out = r->circuit;
    r->circuit = NULL;
    return QN_OK;
}

qn_status qn_read_qasm(const char *text, size_t length, const char *name, const qn_qasm_options *options,
                       qn_diagnostics *diagnostics, qn_circuit **out)
{
    QN_CHECK((text != NULL || length == 0) && out != NULL, ERR_ARGUMENT,
             "a text and a place for the circuit are needed");
    QN_CHECK(options == NULL || (options->version == 0 || options->version == 2 || options->version == 3), ERR_ARGUMENT,
             "version %u of OpenQASM; expected 2, 3, or 0 for what the file says", options->version);
    qn__qasm_reader *r = qn__calloc(1, sizeof *r);
    QN_ALLOC_CHECK(r);
    read_options(options, &r->options);
    r->max_steps =
        r->options.max_operations > UINT64_MAX / 32 ? UINT64_MAX : 16 * r->options.max_operations + UINT64_C(100000);
    qn_diagnostics *own = NULL;
    qn_status status = QN_OK;
    if (diagnostics == NULL) {
        QN_TRY_CLEANUP(qn_diagnostics_create(&own));
    }
    r->list = diagnostics != NULL ? diagnostics : own;
    QN_TRY_CLEANUP(open_reader(r, text, length, name));
    status = check_text(r);
    if (status == QN_OK) {
        const size_t start = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
        r->files[0].start = start;
        const qn__qasm_lexer lexer = {r->files[0].text, length, start, 0, 1, r->options.version == 2};
        r->version2 = lexer.version2;
        qn__qasm_seek(r, &lexer);
        status = qn__qasm_program(r);
    }
    if (status != QN_OK && status != QN_ERR_PARSE && r->hard == QN_OK) {
        r->hard = status;
    }
    status = finish(r, out);
cleanup:
    close_reader(r);
    qn_diagnostics_free(own);
    qn__free(r);
    return status;
}
