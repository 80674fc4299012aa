/* json_locate.c: walks a well-formed JSON text to the offset of one value. Works without recursion; stays inside
 * whatever it is given. */
#include "format/json_locate.h"

#include <stdbool.h>
#include <string.h>

typedef struct walker {
    const char *text;
    size_t length, at;
} walker;

static char peek(const walker *w)
{
    return w->at < w->length ? w->text[w->at] : '\0';
}

static void skip_space(walker *w)
{
    while (w->at < w->length && strchr(" \t\r\n", w->text[w->at]) != NULL) {
        w->at++;
    }
}

static void skip_string(walker *w)
{
    for (w->at++; w->at < w->length && w->text[w->at] != '"'; w->at++) {
        w->at += w->text[w->at] == '\\';
    }
    w->at = w->at < w->length ? w->at + 1 : w->length;
}

static void skip_value(walker *w)
{
    size_t depth = 0;
    do {
        skip_space(w);
        const char byte = peek(w);
        if (byte == '"') {
            skip_string(w);
        } else if (byte == '[' || byte == '{') {
            depth++;
            w->at++;
        } else if (byte == ']' || byte == '}') {
            depth -= depth > 0;
            w->at++;
        } else if (byte == ',' || byte == ':') {
            w->at++;
        } else {
            while (w->at < w->length && strchr(",:[]{}\" \t\r\n", w->text[w->at]) == NULL) {
                w->at++;
            }
        }
    } while (depth > 0 && w->at < w->length);
}

/* True when the string at the walker is `key`, written without escapes. */
static bool is_key(const walker *w, const char *key)
{
    const size_t size = strlen(key);
    return w->length - w->at >= size + 2 && memcmp(w->text + w->at + 1, key, size) == 0 &&
           w->text[w->at + 1 + size] == '"';
}

static bool descend(walker *w, const qn__json_step *step)
{
    const char open = peek(w);
    if (open != '[' && open != '{') {
        return false;
    }
    w->at++;
    for (size_t index = 0; w->at < w->length; index++) {
        skip_space(w);
        if (peek(w) == ']' || peek(w) == '}') {
            return false;
        }
        const bool wanted = open == '{' && step->key != NULL ? is_key(w, step->key) : index == step->index;
        if (wanted && step->key == NULL) {
            return true;
        }
        if (open == '{') {
            skip_string(w);
            skip_space(w);
            w->at += w->at < w->length; /* the colon */
            skip_space(w);
        }
        if (wanted) {
            return true;
        }
        skip_value(w);
        skip_space(w);
        w->at += peek(w) == ',';
    }
    return false;
}

size_t qn__json_locate(const char *text, size_t length, size_t start, const qn__json_step *steps, size_t count)
{
    walker w = {text, length, start};
    skip_space(&w);
    size_t found = w.at;
    for (size_t i = 0; i < count && descend(&w, &steps[i]); i++) {
        found = w.at;
    }
    return found < length ? found : length;
}
