/* json_writer.c: streaming JSON (RFC 8259): commas, indentation and escapes. Plain values of an array share a line. */
#include "report/json.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "report/number.h"
#include "report/text.h"

enum { DEEPEST = 64, INDENT = 2 };

typedef struct level {
    bool array;
    bool single_line; /* asked for, or plain values in an array so far */
    bool empty;
} level;

struct qn_json {
    qn_text *text; /* borrowed */
    size_t depth;
    level levels[DEEPEST];
};

qn_status qn_json_create(qn_text *text, qn_json **out)
{
    qn_json *json = qn__calloc(1, sizeof *json);
    QN_ALLOC_CHECK(json);
    json->text = text;
    *out = json;
    return QN_OK;
}

void qn_json_destroy(qn_json *json)
{
    qn__free(json);
}

static void new_line(qn_json *json)
{
    qn__text_fill(json->text, '\n', 1);
    qn__text_fill(json->text, ' ', INDENT * json->depth);
}

static void quoted(qn_json *json, const char *string)
{
    qn_text *text = json->text;
    qn__text_fill(text, '"', 1);
    while (*string != '\0') {
        const size_t length = qn__utf8_length(string);
        const unsigned char c = (unsigned char)*string;
        if (length == 0) {
            qn__text_puts(text, "\\ufffd");
            string++;
            continue;
        }
        switch (c) {
        case '"':
            qn__text_puts(text, "\\\"");
            break;
        case '\\':
            qn__text_puts(text, "\\\\");
            break;
        case '\n':
            qn__text_puts(text, "\\n");
            break;
        case '\t':
            qn__text_puts(text, "\\t");
            break;
        case '\r':
            qn__text_puts(text, "\\r");
            break;
        default:
            if (c < 0x20 || c == 0x7F) {
                qn_text_printf(text, "\\u%04x", c);
            } else {
                qn_text_append(text, string, length);
            }
        }
        string += length;
    }
    qn__text_fill(text, '"', 1);
}

/* Comma, line and key in front of a value; `container`: the value is an object or array. */
static void before_value(qn_json *json, const char *key, bool container)
{
    if (json->depth == 0) {
        return;
    }
    level *top = &json->levels[json->depth - 1];
    if ((key == NULL) != top->array) {
        qn__text_fail(json->text, QN_ERR_INTERNAL); /* a key in an array, or none in an object */
        return;
    }
    if (!top->empty) {
        qn__text_fill(json->text, ',', 1);
    }
    if (top->array && container) {
        top->single_line = false;
    }
    if (!top->single_line) {
        new_line(json);
    } else if (!top->empty) {
        qn__text_fill(json->text, ' ', 1);
    }
    top->empty = false;
    if (key != NULL) {
        quoted(json, key);
        qn__text_puts(json->text, ": ");
    }
}

static void begin(qn_json *json, const char *key, bool array, bool single_line)
{
    before_value(json, key, true);
    if (json->depth >= DEEPEST) {
        qn__text_fail(json->text, QN_ERR_INTERNAL);
        return;
    }
    qn__text_fill(json->text, array ? '[' : '{', 1);
    json->levels[json->depth++] = (level){array, single_line, true};
}

static void end(qn_json *json, bool array)
{
    if (json->depth == 0 || json->levels[json->depth - 1].array != array) {
        qn__text_fail(json->text, QN_ERR_INTERNAL);
        return;
    }
    const level closed = json->levels[--json->depth];
    if (!closed.single_line && !closed.empty) {
        new_line(json);
    }
    qn__text_fill(json->text, array ? ']' : '}', 1);
    if (json->depth == 0) {
        qn__text_fill(json->text, '\n', 1);
    }
}

void qn_json_begin_object(qn_json *json, const char *key)
{
    begin(json, key, false, false);
}

void qn__json_begin_short_object(qn_json *json, const char *key)
{
    begin(json, key, false, true);
}

void qn_json_end_object(qn_json *json)
{
    end(json, false);
}

void qn_json_begin_array(qn_json *json, const char *key)
{
    begin(json, key, true, true);
}

void qn_json_end_array(qn_json *json)
{
    end(json, true);
}

void qn_json_number(qn_json *json, const char *key, double value)
{
    char buffer[QN__NUMBER_SIZE];
    before_value(json, key, false);
    qn__text_puts(json->text, isfinite(value) ? qn__number_shortest(buffer, value) : "null");
}

void qn_json_unsigned(qn_json *json, const char *key, uint64_t value)
{
    before_value(json, key, false);
    qn_text_printf(json->text, "%llu", (unsigned long long)value);
}

void qn_json_bool(qn_json *json, const char *key, bool value)
{
    before_value(json, key, false);
    qn__text_puts(json->text, value ? "true" : "false");
}

void qn_json_string(qn_json *json, const char *key, const char *value)
{
    before_value(json, key, false);
    if (value == NULL) {
        qn__text_puts(json->text, "null");
    } else {
        quoted(json, value);
    }
}
