/* xml_check.h: whether a picture is well-formed, and whether its words cover each other: by small readers of tags,
 * independent of the writer. */
#ifndef XML_CHECK_H
#define XML_CHECK_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* XML as far as our pictures use it: tags nest, attributes are quoted, no bare & or <. */
static inline bool well_formed(const char *xml)
{
    char stack[64][24];
    size_t depth = 0;
    if (strncmp(xml, "<?xml", 5) == 0) {
        xml = strstr(xml, "?>") + 2;
    }
    while (*xml != '\0') {
        if (*xml == '&') {
            const size_t length = strcspn(xml, ";");
            if (length > 6 || xml[length] != ';') {
                return false;
            }
        }
        if (*xml != '<') {
            xml++;
            continue;
        }
        const bool closing = xml[1] == '/';
        const char *name = xml + 1 + closing;
        const size_t length = strcspn(name, " />\n");
        if (length == 0 || length >= sizeof stack[0]) {
            return false;
        }
        const char *at = name + length;
        while (*at != '>') {
            if (*at == '\0' || *at == '<') {
                return false;
            }
            if (*at == '"') {
                const size_t value = strcspn(at + 1, "\"<");
                if (at[1 + value] != '"') {
                    return false;
                }
                at += value + 1;
            }
            at++;
        }
        if (closing) {
            if (depth == 0 || strncmp(stack[depth - 1], name, length) != 0 || stack[depth - 1][length] != '\0') {
                return false;
            }
            depth--;
        } else if (at[-1] != '/') {
            if (depth == 64) {
                return false;
            }
            memcpy(stack[depth], name, length);
            stack[depth++][length] = '\0';
        }
        xml = at + 1;
    }
    return depth == 0;
}

static inline size_t occurrences(const char *text, const char *word)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, word)) != NULL; at += strlen(word)) {
        count++;
    }
    return count;
}

/* Where a <text> lies: its box by an average width of letters, which is less than what the writer leaves room for. */
typedef struct words_box {
    double left, right, top, bottom;
    char words[64];
} words_box;

static inline double attribute_of(const char *tag, const char *name)
{
    char pattern[32];
    (void)snprintf(pattern, sizeof pattern, " %s=\"", name);
    const char *at = strstr(tag, pattern);
    return at != NULL && at < strchr(tag, '>') ? strtod(at + strlen(pattern), NULL) : (double)NAN;
}

static inline words_box box_of(const char *tag)
{
    const char *begin = strchr(tag, '>') + 1, *end = strstr(begin, "</text>");
    const char *anchor = strstr(tag, "text-anchor=\""), *turn = strstr(tag, "translate(");
    const bool title = strstr(tag, "class=\"title\"") != NULL && strstr(tag, "class=\"title\"") < begin;
    const bool cell = strstr(tag, "class=\"cell") != NULL && strstr(tag, "class=\"cell") < begin;
    const double size = title ? 17.0 : cell ? 10.0 : 12.0;
    words_box b;
    size_t letters = 0;
    for (const char *at = begin; at < end; at++) {
        if (*at == '&') {
            at = strchr(at, ';');
        }
        letters += ((unsigned char)*at & 0xC0) != 0x80;
    }
    (void)snprintf(b.words, sizeof b.words, "%.*s", (int)(end - begin < 60 ? end - begin : 60), begin);
    const double width = 0.5 * size * (double)letters;
    const double shift = anchor[13] == 's' ? 0.0 : anchor[13] == 'm' ? width / 2.0 : width;
    if (turn != NULL && turn < begin) { /* upright, read from below, its end at the top */
        char *next = NULL;
        const double x = strtod(turn + 10, &next), y = strtod(next, NULL);
        b.left = x - 0.7 * size;
        b.right = x;
        b.top = y - width + shift;
        b.bottom = b.top + width;
        return b;
    }
    b.left = attribute_of(tag, "x") - shift;
    b.right = b.left + width;
    b.bottom = attribute_of(tag, "y");
    b.top = b.bottom - 0.7 * size;
    return b;
}

/* Pairs of words that cover each other, and words outside of the picture; each is reported. */
static inline size_t words_in_the_way(const char *svg)
{
    enum { MOST = 2000 };
    static words_box boxes[MOST];
    size_t count = 0, found = 0;
    const char *size = strstr(svg, "viewBox=\"0 0 ");
    char *next = NULL;
    const double width = strtod(size + 13, &next), height = strtod(next, NULL);
    for (const char *at = svg; (at = strstr(at, "<text")) != NULL && count < MOST; at++) {
        boxes[count++] = box_of(at);
    }
    for (size_t i = 0; i < count; i++) {
        const words_box *a = &boxes[i];
        if (a->left < -1.0 || a->right > width + 1.0 || a->top < 0.0 || a->bottom > height) {
            (void)fprintf(stderr, "outside: '%s' at %g..%g, %g..%g of %g x %g\n", a->words, a->left, a->right, a->top,
                          a->bottom, width, height);
            found++;
        }
        for (size_t k = 0; k < i; k++) {
            const words_box *b = &boxes[k];
            if (a->left < b->right && b->left < a->right && a->top < b->bottom && b->top < a->bottom) {
                (void)fprintf(stderr, "'%s' covers '%s'\n", a->words, b->words);
                found++;
            }
        }
    }
    return found;
}

#endif
