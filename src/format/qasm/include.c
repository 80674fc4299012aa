/* include.c: the built-in libraries, and files found beside the including one or on the search path. */
#include <stdio.h>
#include <string.h>

#include <quern/format.h>

#include "base/alloc.h"
#include "format/qasm/reader.h"

enum { MOST_BYTES = 1 << 28 };

static bool name_is(const qn__qasm_reader *r, const qn__qasm_token *token, const char *name)
{
    return token->length == strlen(name) + 2 &&
           memcmp(qn__qasm_text_at(r, token->at) + 1, name, token->length - 2) == 0;
}

/* folder of `beside` (or `folder`) + name, in the arena. */
static qn_status join_path(qn__qasm_reader *r, const char *folder, size_t length, const qn__qasm_token *token,
                           char **out)
{
    const size_t name = token->length - 2;
    const bool slash = length > 0 && folder[length - 1] != '/';
    char *path = qn__qasm_arena(r, length + slash + name + 1);
    QN_ALLOC_CHECK(path);
    memcpy(path, folder, length);
    if (slash) {
        path[length] = '/';
    }
    memcpy(path + length + slash, qn__qasm_text_at(r, token->at) + 1, name);
    path[length + slash + name] = '\0';
    *out = path;
    return QN_OK;
}

/* Tries one place; *found when there was a file. */
static qn_status try_file(qn__qasm_reader *r, const char *path, char **text, size_t *length, bool *found)
{
    const qn_status status = qn_file_read(path, MOST_BYTES, text, length);
    *found = status == QN_OK;
    if (status == QN_ERR_IO) {
        return QN_OK;
    }
    if (status == QN_ERR_TOO_LARGE) {
        return QN_QASM_LARGE(r, &r->token, "%.200s", qn_last_error()->message);
    }
    return status;
}

static qn_status find_file(qn__qasm_reader *r, const qn__qasm_token *token, char **path, char **text, size_t *length)
{
    bool found = false;
    const char *from = r->files[token->at.file].name;
    const char *slash = strrchr(from, '/');
    const bool absolute = token->length > 2 && qn__qasm_text_at(r, token->at)[1] == '/';
    QN_TRY(join_path(r, from, slash == NULL || absolute ? 0 : (size_t)(slash - from) + 1, token, path));
    QN_TRY(try_file(r, *path, text, length, &found));
    for (size_t i = 0; i < r->options.ninclude_paths && !found && !absolute; i++) {
        const char *folder = r->options.include_paths[i];
        if (folder == NULL) {
            continue;
        }
        QN_TRY(join_path(r, folder, strlen(folder), token, path));
        QN_TRY(try_file(r, *path, text, length, &found));
    }
    if (!found) {
        return QN_QASM_FAIL(r, token, "cannot read the included file %.*s; expected it beside this file%s",
                            QN_TEXT(r, token), r->options.ninclude_paths > 0 ? " or on the include path" : "");
    }
    return QN_OK;
}

static qn_status open_file(qn__qasm_reader *r, const qn__qasm_token *token)
{
    char *path = NULL, *text = NULL;
    size_t length = 0;
    if (token->length <= 2 || name_is(r, token, "-")) {
        return QN_QASM_FAIL(r, token, "the name of no file; expected one such as \"gates.inc\"");
    }
    QN_TRY(find_file(r, token, &path, &text, &length));
    qn_status status = QN_OK;
    for (uint32_t i = 0; i < r->nopen && status == QN_OK; i++) {
        if (strcmp(r->files[r->open[i]].name, path) == 0) {
            status = QN_QASM_FAIL(r, token, "%.*s includes itself, directly or by way of others", QN_TEXT(r, token));
        }
    }
    if (status == QN_OK && (r->nopen == QN__QASM_FILES || r->nfiles >= UINT32_MAX / 2)) {
        status = QN_QASM_LARGE(r, token, "includes nested more than %d deep", QN__QASM_FILES);
    }
    if (status == QN_OK && ++r->steps > r->max_steps) {
        status = QN_QASM_LARGE(r, token, "too many included files");
    }
    if (status == QN_OK && length > 0 && memchr(text, '\0', length) != NULL) {
        status =
            QN_QASM_FAIL(r, token, "%.*s has a 0 byte: it is not text; expected ASCII or UTF-8", QN_TEXT(r, token));
    }
    void *files = r->files;
    if (status == QN_OK) {
        status = qn__grow(&files, &r->files_capacity, r->nfiles + 1, sizeof *r->files);
    }
    char *name = status == QN_OK ? qn__strdup(path) : NULL;
    if (name == NULL) {
        qn_text_free(text);
        return status != QN_OK ? status : QN_ERR_MEMORY;
    }
    r->files = files;
    const size_t start = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    r->files[r->nfiles] = (qn__qasm_file){.name = name, .text = text, .owned = text, .length = length, .start = start};
    r->open[r->nopen++] = (uint32_t)r->nfiles;
    r->back[r->nopen - 1] = qn__qasm_mark(r);
    const qn__qasm_lexer lexer = {text, length, start, (uint32_t)r->nfiles, 1, r->version2};
    r->nfiles++;
    qn__qasm_seek(r, &lexer);
    if (qn__qasm_at(r, QN__QT_OPENQASM)) { /* a whole program: its version line says nothing new */
        qn__qasm_skip_statement(r);
    }
    return QN_OK;
}

qn_status qn__qasm_include_end(qn__qasm_reader *r)
{
    const qn__qasm_lexer back = r->back[--r->nopen];
    qn__qasm_seek(r, &back);
    return r->hard;
}

qn_status qn__qasm_include(qn__qasm_reader *r)
{
    const qn__qasm_token token = r->token;
    if (r->nscopes > 1 || r->in_gate) {
        return QN_QASM_FAIL(r, &token, "an include inside of a block; expected it at the outermost level");
    }
    qn__qasm_advance(r);
    const qn__qasm_token name = r->token;
    if (!qn__qasm_at(r, QN__QT_STRING)) {
        return qn__qasm_expected(r, "the name of a file in quotes");
    }
    qn__qasm_advance(r);
    QN_TRY(qn__qasm_expect(r, QN__QT_SEMICOLON, "after the include"));
    if (name_is(r, &name, "qelib1.inc")) {
        return qn__qasm_library_gates(r, true);
    }
    if (name_is(r, &name, "stdgates.inc")) {
        if (r->version2) {
            return QN_QASM_FAIL(r, &name, "stdgates.inc belongs to OpenQASM 3; expected qelib1.inc in OpenQASM 2");
        }
        return qn__qasm_library_gates(r, false);
    }
    return open_file(r, &name);
}
