/* diagnostics.c: the list of findings and its two faces, text and JSON. */
#include "format/qasm/diagnostics.h"

#include <string.h>

#include "base/alloc.h"
#include "format/buffer.h"
#include "format/cursor.h"

enum {
    SHOWN = 160 /* bytes of a source line that the text shows around the place */
};

typedef struct item {
    qn_severity severity;
    bool unsupported;
    uint32_t line, column, length;
    char *file, *message, *source;
} item;

struct qn_diagnostics {
    item *items;
    size_t count, capacity, errors;
};

static const char *const severity_names[] = {"error", "warning", "note"};

qn_status qn_diagnostics_create(qn_diagnostics **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "result pointer is NULL");
    qn_diagnostics *list = qn__calloc(1, sizeof *list);
    QN_ALLOC_CHECK(list);
    *out = list;
    return QN_OK;
}

void qn_diagnostics_free(qn_diagnostics *list)
{
    if (list == NULL) {
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        qn__free(list->items[i].file);
        qn__free(list->items[i].message);
        qn__free(list->items[i].source);
    }
    qn__free(list->items);
    qn__free(list);
}

size_t qn_diagnostics_count(const qn_diagnostics *list)
{
    return list == NULL ? 0 : list->count;
}

size_t qn_diagnostics_errors(const qn_diagnostics *list)
{
    return list == NULL ? 0 : list->errors;
}

void qn_diagnostics_get(const qn_diagnostics *list, size_t index, qn_diagnostic *out)
{
    if (list == NULL || index >= list->count) {
        *out = (qn_diagnostic){.file = "", .message = "", .source = ""};
        return;
    }
    const item *it = &list->items[index];
    *out = (qn_diagnostic){it->severity, it->unsupported, it->file,    it->line,
                           it->column,   it->length,      it->message, it->source};
}

static char *copy(const char *text, size_t length)
{
    char *out = qn__alloc(length + 1, 1);
    if (out != NULL) {
        if (length > 0) {
            memcpy(out, text, length);
        }
        out[length] = '\0';
    }
    return out;
}

static uint32_t clamp(size_t value)
{
    return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

qn_status qn__diagnostics_add(qn_diagnostics *list, const qn__qasm_finding *finding)
{
    void *items = list->items;
    QN_TRY(qn__grow(&items, &list->capacity, list->count + 1, sizeof *list->items));
    list->items = items;
    size_t line = 1, begin = 0;
    for (size_t i = 0; i < finding->offset; i++) {
        const char byte = finding->text[i];
        if (byte == '\n' || (byte == '\r' && !(i + 1 < finding->text_length && finding->text[i + 1] == '\n'))) {
            line++;
            begin = i + 1;
        }
    }
    if (begin == 0 && finding->text_length >= 3 && memcmp(finding->text, "\xef\xbb\xbf", 3) == 0) {
        begin = finding->offset < 3 ? finding->offset : 3; /* a byte order mark is no column */
    }
    size_t end = finding->offset;
    while (end < finding->text_length && !qn__is_newline(finding->text[end])) {
        end++;
    }
    const size_t most = end > finding->offset ? end - finding->offset : 1;
    const size_t length = finding->length < 1 ? 1 : finding->length > most ? most : finding->length;
    const item it = {.severity = finding->severity,
                     .unsupported = finding->unsupported,
                     .line = clamp(line),
                     .column = clamp(finding->offset - begin + 1),
                     .length = clamp(length),
                     .file = qn__strdup(finding->file),
                     .message = qn__strdup(finding->message),
                     .source = copy(finding->text + begin, end - begin)};
    if (it.file == NULL || it.message == NULL || it.source == NULL) {
        qn__free(it.file);
        qn__free(it.message);
        qn__free(it.source);
        return QN_ERR_MEMORY;
    }
    list->items[list->count++] = it;
    list->errors += it.severity == QN_SEVERITY_ERROR;
    return QN_OK;
}

/* The source line and a line of carets under the place. Tabs stay tabs, so that both lines have the same width; UTF-8
 * letters count once. Long lines show what is around the place. */
static qn_status print_source(const item *it, const char *mark, const char *plain, qn__buffer *out)
{
    const size_t length = strlen(it->source);
    const size_t column = it->column - 1 < length ? it->column - 1 : length;
    size_t begin = column > SHOWN / 2 ? column - SHOWN / 2 : 0;
    while (begin > 0 && ((unsigned char)it->source[begin] & 0xc0) == 0x80) {
        begin--;
    }
    size_t end = length - begin > SHOWN ? begin + SHOWN : length;
    while (end < length && ((unsigned char)it->source[end] & 0xc0) == 0x80) {
        end++;
    }
    const char *const left = begin > 0 ? "..." : "", *const right = end < length ? "..." : "";
    QN_TRY(qn__buffer_print(out, "    %s", left));
    for (size_t i = begin; i < end; i++) { /* control bytes would spoil a terminal */
        const char byte = it->source[i];
        const char shown = (unsigned char)byte < 0x20 && byte != '\t' ? '?' : byte;
        QN_TRY(qn__buffer_add(out, &shown, 1));
    }
    QN_TRY(qn__buffer_print(out, "%s\n    %s", right, begin > 0 ? "   " : ""));
    for (size_t i = begin; i < column; i++) {
        if (((unsigned char)it->source[i] & 0xc0) != 0x80) {
            QN_TRY(qn__buffer_add(out, it->source[i] == '\t' ? "\t" : " ", 1));
        }
    }
    QN_TRY(qn__buffer_print(out, "%s^", mark));
    for (size_t i = column + 1; i < column + it->length && i < end; i++) {
        if (((unsigned char)it->source[i] & 0xc0) != 0x80) {
            QN_TRY(qn__buffer_add(out, "~", 1));
        }
    }
    return qn__buffer_print(out, "%s\n", plain);
}

static qn_status print_items(const qn_diagnostics *list, bool colour, qn__buffer *out)
{
    static const char *const colours[] = {"\x1b[1;31m", "\x1b[1;35m", "\x1b[1;36m"};
    const char *const plain = colour ? "\x1b[0m" : "", *const bold = colour ? "\x1b[1m" : "";
    for (size_t i = 0; i < list->count; i++) {
        const item *it = &list->items[i];
        const char *const mark = colour ? colours[it->severity] : "";
        QN_TRY(qn__buffer_print(out, "%s%s:%u:%u:%s %s%s:%s ", bold, it->file, it->line, it->column, plain, mark,
                                severity_names[it->severity], plain));
        QN_TRY(qn__buffer_add(out, it->message, strlen(it->message)));
        QN_TRY(qn__buffer_add(out, "\n", 1));
        QN_TRY(print_source(it, mark, plain, out));
    }
    return QN_OK;
}

qn_status qn_diagnostics_text(const qn_diagnostics *list, bool colour, char **text, size_t *length)
{
    QN_CHECK(list != NULL && text != NULL && length != NULL, ERR_ARGUMENT, "a list and places for the text are needed");
    qn__buffer out = {0};
    qn_status status = print_items(list, colour, &out);
    if (status == QN_OK) {
        status = qn__buffer_take(&out, text, length);
    }
    if (status != QN_OK) {
        qn__free(out.data);
    }
    return status;
}

/* A JSON string; bytes that are no UTF-8 become the replacement character, one each. */
static qn_status print_json_string(qn__buffer *out, const char *text)
{
    QN_TRY(qn__buffer_add(out, "\"", 1));
    const unsigned char *p = (const unsigned char *)text;
    while (*p != 0) {
        size_t n = *p < 0x80                  ? 1
                   : *p >= 0xf0 && *p <= 0xf4 ? 4
                   : *p >= 0xe0 && *p <= 0xef ? 3
                   : *p >= 0xc2 && *p <= 0xdf ? 2
                                              : 0;
        for (size_t i = 1; i < n; i++) {
            if ((p[i] & 0xc0) != 0x80) {
                n = 0;
            }
        }
        const bool surrogate = n == 3 && ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] >= 0xa0));
        const bool outside = n == 4 && ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] >= 0x90));
        if (n == 0 || surrogate || outside) {
            QN_TRY(qn__buffer_print(out, "\\ufffd"));
            p++;
        } else if (*p == '"' || *p == '\\') {
            QN_TRY(qn__buffer_print(out, "\\%c", *p++));
        } else if (*p < 0x20) {
            QN_TRY(qn__buffer_print(out, "\\u%04x", *p++));
        } else {
            QN_TRY(qn__buffer_add(out, (const char *)p, n));
            p += n;
        }
    }
    return qn__buffer_add(out, "\"", 1);
}

static qn_status print_json(const qn_diagnostics *list, qn__buffer *out)
{
    QN_TRY(qn__buffer_print(out, "{\"schema\":\"quern.diagnostics/1\",\"diagnostics\":["));
    for (size_t i = 0; i < list->count; i++) {
        const item *it = &list->items[i];
        QN_TRY(qn__buffer_print(out, "%s{\"file\":", i > 0 ? "," : ""));
        QN_TRY(print_json_string(out, it->file));
        QN_TRY(qn__buffer_print(out, ",\"line\":%u,\"column\":%u,\"length\":%u,\"severity\":\"%s\",\"message\":",
                                it->line, it->column, it->length, severity_names[it->severity]));
        QN_TRY(print_json_string(out, it->message));
        QN_TRY(qn__buffer_print(out, ",\"source\":"));
        QN_TRY(print_json_string(out, it->source));
        QN_TRY(qn__buffer_print(out, "}"));
    }
    return qn__buffer_print(out, "]}\n");
}

qn_status qn_diagnostics_json(const qn_diagnostics *list, char **text, size_t *length)
{
    QN_CHECK(list != NULL && text != NULL && length != NULL, ERR_ARGUMENT, "a list and places for the text are needed");
    qn__buffer out = {0};
    qn_status status = print_json(list, &out);
    if (status == QN_OK) {
        status = qn__buffer_take(&out, text, length);
    }
    if (status != QN_OK) {
        qn__free(out.data);
    }
    return status;
}
