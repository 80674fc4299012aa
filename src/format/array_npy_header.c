/* array_npy_header.c: the header of a .npy file (numpy.lib.format): magic bytes, version, the length of a Python
 * dictionary literal that names the type of the numbers, their order and the shape. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "format/array.h"
#include "format/cursor.h"

static const char magic[QN__NPY_MAGIC + 1] = "\x93NUMPY";

bool qn__array_is_npy(const char *bytes, size_t length)
{
    return length >= QN__NPY_MAGIC && memcmp(bytes, magic, QN__NPY_MAGIC) == 0;
}

/* The dictionary as it is read; offsets are those of the file, and so are the columns of messages (line 1). */
typedef struct reader {
    const char *name, *bytes;
    size_t at, end;
} reader;

#define HEADER_FAIL(r, offset, ...) header_fail((r), (offset), __LINE__, __VA_ARGS__)

static qn_status header_fail(const reader *r, size_t offset, int line, const char *format, ...) QN_PRINTF(4, 5);

static qn_status header_fail(const reader *r, size_t offset, int line, const char *format, ...)
{
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    const int written = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return qn__fail(QN_ERR_PARSE, __FILE__, line, "%s:1:%zu: error: %s", r->name, offset + 1,
                    written < 0 ? "" : message);
}

static void skip_space(reader *r)
{
    while (r->at < r->end && (qn__is_blank(r->bytes[r->at]) || qn__is_newline(r->bytes[r->at]))) {
        r->at++;
    }
}

static bool accept(reader *r, char byte)
{
    skip_space(r);
    if (r->at < r->end && r->bytes[r->at] == byte) {
        r->at++;
        return true;
    }
    return false;
}

static qn_status expect(reader *r, char byte, const char *where)
{
    return accept(r, byte) ? QN_OK : HEADER_FAIL(r, r->at, "%s: expected '%c'", where, byte);
}

enum { WORD = 32 };

static qn_status read_string(reader *r, char word[WORD], const char *what)
{
    skip_space(r);
    const char quote = r->at < r->end ? r->bytes[r->at] : '\0';
    if (quote != '\'' && quote != '"') {
        return HEADER_FAIL(r, r->at, "%s: expected a string in quotes%s", what,
                           quote == '[' ? "; arrays of records (structured types) are not read" : "");
    }
    const size_t start = ++r->at;
    size_t length = 0;
    while (r->at < r->end && r->bytes[r->at] != quote) {
        if (length + 1 == WORD || r->bytes[r->at] < ' ' || r->bytes[r->at] > '~') {
            return HEADER_FAIL(r, start, "%s: not a string that NumPy writes", what);
        }
        word[length++] = r->bytes[r->at++];
    }
    word[length] = '\0';
    return expect(r, quote, what);
}

static qn_status read_type(reader *r, qn__npy_header *out)
{
    char word[WORD] = "";
    skip_space(r);
    const size_t start = r->at;
    QN_TRY(read_string(r, word, "'descr'"));
    const char *type = word;
    out->order = '|';
    if (strchr("<>=|", word[0]) != NULL && word[0] != '\0') {
        const uint16_t one = 1;
        const bool little = *(const unsigned char *)&one == 1;
        out->order = word[0] != '=' ? word[0] : little ? '<' : '>';
        type++;
    }
    static const char *const known[] = {"?",  "b1", "i1", "i2", "i4", "i8", "u1", "u2",
                                        "u4", "u8", "f2", "f4", "f8", "c8", "c16"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(type, known[i]) == 0) {
            out->kind = type[0] == '?' ? 'b' : type[0];
            out->item_size = 1;
            if (type[0] != '?') {
                out->item_size = strcmp(type, "c16") == 0 ? 16 : (uint32_t)(type[1] - '0');
            }
            if (out->item_size > 1 && out->order == '|') {
                out->order = '<';
            }
            return QN_OK;
        }
    }
    return HEADER_FAIL(r, start, "type '%s' is not read; expected bool, an integer, f2, f4, f8, c8 or c16", word);
}

static qn_status read_bool(reader *r, bool *out)
{
    skip_space(r);
    const size_t left = r->end - r->at;
    if (left >= 4 && memcmp(r->bytes + r->at, "True", 4) == 0) {
        *out = true;
        r->at += 4;
        return QN_OK;
    }
    if (left >= 5 && memcmp(r->bytes + r->at, "False", 5) == 0) {
        *out = false;
        r->at += 5;
        return QN_OK;
    }
    return HEADER_FAIL(r, r->at, "'fortran_order': expected True or False");
}

static qn_status read_size(reader *r, uint64_t *out)
{
    skip_space(r);
    const size_t start = r->at;
    uint64_t value = 0;
    while (r->at < r->end && qn__is_digit(r->bytes[r->at])) {
        const uint64_t digit = (uint64_t)(r->bytes[r->at++] - '0');
        if (qn__mul_overflows(value, 10, &value) || value > UINT64_MAX - digit) {
            return HEADER_FAIL(r, start, "'shape': a number that does not fit 64 bits");
        }
        value += digit;
    }
    if (r->at == start) {
        return HEADER_FAIL(r, start, "'shape': expected a number");
    }
    (void)(r->at < r->end && r->bytes[r->at] == 'L' && r->at++); /* Python 2 wrote 3L */
    *out = value;
    return QN_OK;
}

static qn_status read_shape(reader *r, qn__npy_header *out)
{
    uint64_t sizes[2] = {1, 1};
    uint32_t count = 0;
    skip_space(r);
    const size_t start = r->at;
    QN_TRY(expect(r, '(', "'shape'"));
    while (!accept(r, ')')) {
        if (count == 2) {
            return HEADER_FAIL(r, start, "more than two dimensions; expected a vector or a matrix");
        }
        QN_TRY(read_size(r, &sizes[count++]));
        if (!accept(r, ',')) {
            QN_TRY(expect(r, ')', "'shape'"));
            break;
        }
    }
    if (sizes[0] == 0 || sizes[1] == 0) {
        return HEADER_FAIL(r, start, "the array is empty; expected at least one number");
    }
    out->rows = sizes[0];
    out->columns = sizes[1];
    return QN_OK;
}

static qn_status read_dictionary(reader *r, qn__npy_header *out)
{
    enum { DESCR = 1, ORDER = 2, SHAPE = 4 };
    unsigned seen = 0;
    char key[WORD];
    QN_TRY(expect(r, '{', "header"));
    while (!accept(r, '}')) {
        skip_space(r);
        const size_t start = r->at;
        QN_TRY(read_string(r, key, "header"));
        QN_TRY(expect(r, ':', "header"));
        if (strcmp(key, "descr") == 0) {
            seen |= DESCR;
            QN_TRY(read_type(r, out));
        } else if (strcmp(key, "fortran_order") == 0) {
            seen |= ORDER;
            QN_TRY(read_bool(r, &out->fortran_order));
        } else if (strcmp(key, "shape") == 0) {
            seen |= SHAPE;
            QN_TRY(read_shape(r, out));
        } else {
            return HEADER_FAIL(r, start, "key '%s'; expected 'descr', 'fortran_order' or 'shape'", key);
        }
        if (!accept(r, ',')) {
            QN_TRY(expect(r, '}', "header"));
            break;
        }
    }
    return seen == (DESCR | ORDER | SHAPE) ? QN_OK
                                           : HEADER_FAIL(r, r->at, "the header lacks %s",
                                                         (seen & DESCR) == 0   ? "'descr'"
                                                         : (seen & ORDER) == 0 ? "'fortran_order'"
                                                                               : "'shape'");
}

qn_status qn__npy_header_parse(const char *name, const char *bytes, size_t length, qn__npy_header *out)
{
    reader r = {name, bytes, 0, length};
    const unsigned char *const b = (const unsigned char *)bytes;
    if (length < 10) {
        return HEADER_FAIL(&r, length, "the file ends within its first 10 bytes");
    }
    const unsigned version = b[6];
    if (version < 1 || version > 3) {
        return HEADER_FAIL(&r, 6, "version %u.%u of the format; expected 1 to 3", version, b[7]);
    }
    const size_t front = version == 1 ? 10 : 12;
    if (length < front) {
        return HEADER_FAIL(&r, length, "the file ends within its first 12 bytes");
    }
    const size_t size = version == 1 ? b[8] + ((size_t)b[9] << 8)
                                     : b[8] + ((size_t)b[9] << 8) + ((size_t)b[10] << 16) + ((size_t)b[11] << 24);
    if (size > length - front) {
        return HEADER_FAIL(&r, front, "a header of %zu bytes, but only %zu are there", size, length - front);
    }
    r.at = front;
    r.end = front + size;
    qn__npy_header header = {.data = front + size};
    QN_TRY(read_dictionary(&r, &header));
    skip_space(&r);
    if (r.at != r.end) {
        return HEADER_FAIL(&r, r.at, "something behind the dictionary of the header");
    }
    *out = header;
    return QN_OK;
}

void qn__npy_header_print(uint64_t rows, uint64_t columns, bool is_complex, char out[QN__NPY_HEADER])
{
    const uint16_t one = 1;
    const char order = *(const unsigned char *)&one == 1 ? '<' : '>';
    memset(out, ' ', QN__NPY_HEADER);
    memcpy(out, magic, QN__NPY_MAGIC);
    out[6] = 1; /* version 1.0 */
    out[7] = 0;
    out[8] = (char)(QN__NPY_HEADER - 10); /* length of what follows, little-endian */
    out[9] = 0;
    char words[QN__NPY_HEADER - 10], second[24] = "";
    if (columns != 1) {
        (void)snprintf(second, sizeof second, " %llu", (unsigned long long)columns);
    }
    const int used = snprintf(words, sizeof words, "{'descr': '%c%s', 'fortran_order': False, 'shape': (%llu,%s), }",
                              order, is_complex ? "c16" : "f8", (unsigned long long)rows, second);
    memcpy(out + 10, words, (size_t)used);
    out[QN__NPY_HEADER - 1] = '\n';
}
