/* cursor.h: a place in a text that is being read, and errors that name it as line and column.
 *
 * Readers keep byte offsets only; line and column are counted when a message needs them, so that reading stays fast. */
#ifndef QN_FORMAT_CURSOR_H
#define QN_FORMAT_CURSOR_H

#include "base/status.h"

/* A text and what messages call it. `start` is where reading begins: behind a byte order mark. A text that was taken
 * out of another, as a string out of JSON, names the other in `outer` and says by `locate` where one of its own offsets
 * stands there. */
typedef struct qn__source {
    const char *text;
    size_t length;
    size_t start;
    const char *name;
    const struct qn__source *outer;
    size_t (*locate)(const void *user, size_t offset);
    const void *user;
} qn__source;

/* Memory that a reader may take for its result, so that a few bytes of text cannot ask for all there is. */
#define QN__READ_LIMIT (UINT64_C(2) << 30)

/* Looks at the text as a whole: skips a UTF-8 byte order mark, refuses UTF-16 and 0 bytes. `name` may be NULL. */
QN_MUST_USE qn_status qn__source_open(qn__source *source, const char *text, size_t length, const char *name);

/* Records "name:line:column: error: …" for the byte at `offset` and returns `status`. Lines end with LF, CR LF or CR;
 * a column is a character, not a byte. */
qn_status qn__source_fail(const qn__source *source, size_t offset, qn_status status, const char *file, int line,
                          const char *format, ...) QN_PRINTF(6, 7);
#define QN_PARSE_FAIL(source, offset, ...)                                                                             \
    qn__source_fail((source), (offset), QN_ERR_PARSE, __FILE__, __LINE__, __VA_ARGS__)

/* Line and column, from 1, of the byte at `offset`. */
void qn__source_position(const qn__source *source, size_t offset, size_t *line, size_t *column);

/* Reads forward through a part of a source. */
typedef struct qn__cursor {
    const qn__source *source;
    size_t at;  /* next byte to read */
    size_t end; /* first byte behind the part */
} qn__cursor;

/* Next byte, or -1 at the end. */
static inline int qn__cursor_peek(const qn__cursor *cursor)
{
    return cursor->at < cursor->end ? (unsigned char)cursor->source->text[cursor->at] : -1;
}

/* The byte `ahead` bytes further, or -1. */
static inline int qn__cursor_ahead(const qn__cursor *cursor, size_t ahead)
{
    return cursor->end - cursor->at > ahead ? (unsigned char)cursor->source->text[cursor->at + ahead] : -1;
}

static inline bool qn__is_newline(int byte)
{
    return byte == '\n' || byte == '\r';
}

static inline bool qn__is_blank(int byte)
{
    return byte == ' ' || byte == '\t' || byte == '\f' || byte == '\v';
}

static inline bool qn__is_digit(int byte)
{
    return byte >= '0' && byte <= '9';
}

static inline bool qn__is_letter(int byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static inline char qn__upper(char byte)
{
    return byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
}

static inline void qn__cursor_skip_blanks(qn__cursor *cursor)
{
    while (qn__is_blank(qn__cursor_peek(cursor))) {
        cursor->at++;
    }
}

static inline void qn__cursor_skip_line(qn__cursor *cursor)
{
    while (cursor->at < cursor->end && !qn__is_newline(qn__cursor_peek(cursor))) {
        cursor->at++;
    }
}

/* The word at `offset`, up to a blank or a line's end, quoted for a message: bytes that do not print become '?', long
 * words are cut; "the end of the line" and "the end of the file" where there is none. */
enum { QN__QUOTE = 64 };
const char *qn__cursor_quote(const qn__cursor *cursor, size_t offset, char buffer[QN__QUOTE]);

/* A finite number, with `what` for the message; `fortran` allows exponents written with D or without a letter. */
QN_MUST_USE qn_status qn__cursor_number(qn__cursor *cursor, bool fortran, const char *what, double *value);

#endif
