/* lexer.c: OpenQASM 2 and 3 as tokens. The two languages differ here in keywords, number forms and a few marks only. */
#include "format/qasm/lexer.h"

#include <math.h>
#include <string.h>

#include "format/cursor.h"
#include "format/number.h"

static const unsigned char keyword_versions[] = {
#define QN_KEYWORD(id, text, versions) versions,
#include "format/qasm/token.def"
};

static const char *const token_texts[] = {
#define QN_MARK(id, text) text,
#define QN_KEYWORD(id, text, versions) "'" text "'",
#include "format/qasm/token.def"
};

const char *qn__qasm_token_text(qn__qasm_token_kind kind)
{
    return token_texts[kind];
}

static int peek(const qn__qasm_lexer *lexer, size_t ahead)
{
    return lexer->length - lexer->at > ahead ? (unsigned char)lexer->text[lexer->at + ahead] : -1;
}

void qn__qasm_lexer_skip_line(qn__qasm_lexer *lexer)
{
    while (lexer->at < lexer->length && !qn__is_newline(lexer->text[lexer->at])) {
        lexer->at++;
    }
}

/* Blanks, line ends and comments. *open is where a comment begins that never ends, else SIZE_MAX. */
static void skip_blanks(qn__qasm_lexer *lexer, size_t *open)
{
    *open = SIZE_MAX;
    const char *const text = lexer->text;
    for (;;) {
        if (lexer->at >= lexer->length) {
            return;
        }
        const char byte = text[lexer->at];
        if (byte == ' ' || byte == '\t' || byte == '\f' || byte == '\v') {
            lexer->at++;
        } else if (byte == '\n' || byte == '\r') {
            lexer->at += byte == '\r' && peek(lexer, 1) == '\n' ? 2 : 1;
            lexer->line++;
        } else if (byte == '/' && peek(lexer, 1) == '/') {
            qn__qasm_lexer_skip_line(lexer);
        } else if (byte == '/' && peek(lexer, 1) == '*') {
            const size_t begin = lexer->at;
            for (lexer->at += 2; !(peek(lexer, 0) == '*' && peek(lexer, 1) == '/'); lexer->at++) {
                if (lexer->at >= lexer->length) {
                    *open = begin;
                    return;
                }
                lexer->line += text[lexer->at] == '\n' || (text[lexer->at] == '\r' && peek(lexer, 1) != '\n');
            }
            lexer->at += 2;
        } else {
            return;
        }
    }
}

static qn_status bad(qn__qasm_lexer *lexer, qn__qasm_token *out, size_t length, const char *why)
{
    out->kind = QN__QT_BAD;
    out->length = length;
    out->why = why;
    lexer->at = out->at.offset + length;
    return QN_OK;
}

/* Length of a UTF-8 letter outside ASCII at `at`; 0 when there is none: broken UTF-8, blanks, quotes and dashes. */
static size_t utf8_letter(const qn__qasm_lexer *lexer, size_t at)
{
    const unsigned char *p = (const unsigned char *)lexer->text + at;
    const size_t left = lexer->length - at;
    const size_t n = p[0] >= 0xf0 && p[0] <= 0xf4 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc2 ? 2 : 0;
    if (n == 0 || p[0] > 0xf4 || left < n) {
        return 0;
    }
    uint32_t code = p[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
        code = code << 6 | (p[i] & 0x3fu);
    }
    const bool overlong = (n == 3 && code < 0x800) || (n == 4 && code < 0x10000);
    const bool surrogate = code >= 0xd800 && code < 0xe000;
    const bool punctuation = code <= 0xa9 || (code >= 0xab && code <= 0xb4) || (code >= 0xb6 && code <= 0xb9) ||
                             code == 0xbb || code == 0xbf || code == 0xd7 || code == 0xf7 ||
                             (code >= 0x2000 && code <= 0x206f) || code == 0x3000 || code == 0xfeff || code == 0xfffd ||
                             code > 0x10ffff;
    return overlong || surrogate || punctuation ? 0 : n;
}

static bool is_name_start(int byte)
{
    return qn__is_letter(byte) || byte == '_';
}

static qn_status read_name(qn__qasm_lexer *lexer, qn__qasm_idents *names, qn__qasm_token *out)
{
    const size_t begin = lexer->at;
    for (;;) {
        const int byte = peek(lexer, 0);
        if (is_name_start(byte) || qn__is_digit(byte)) {
            lexer->at++;
            continue;
        }
        const size_t more = byte >= 0x80 ? utf8_letter(lexer, lexer->at) : 0;
        if (more == 0) {
            break;
        }
        lexer->at += more;
    }
    out->length = lexer->at - begin;
    QN_TRY(qn__qasm_idents_intern(names, lexer->text + begin, out->length, &out->name));
    out->kind = QN__QT_NAME;
    if (out->name < QN__NAME_KEYWORDS) {
        const unsigned versions = keyword_versions[out->name];
        if (versions == 23 || versions == (lexer->version2 ? 2u : 3u)) {
            out->kind = (qn__qasm_token_kind)(QN__QT_OPENQASM + (int)out->name);
        }
    }
    if (out->kind == QN__QT_PRAGMA_WORD) {
        qn__qasm_lexer_skip_line(lexer);
        out->kind = QN__QT_PRAGMA;
        out->length = lexer->at - begin;
    }
    return QN_OK;
}

static int digit_value(int byte)
{
    return qn__is_digit(byte)             ? byte - '0'
           : (byte >= 'a' && byte <= 'f') ? byte - 'a' + 10
           : (byte >= 'A' && byte <= 'F') ? byte - 'A' + 10
                                          : 99;
}

/* 0x1f, 0b1_0, 0o17 of OpenQASM 3. */
static qn_status read_based(qn__qasm_lexer *lexer, qn__qasm_token *out, unsigned base)
{
    uint64_t value = 0;
    bool any = false, over = false;
    for (lexer->at += 2;; lexer->at++) {
        const int byte = peek(lexer, 0);
        if (byte == '_') {
            continue;
        }
        const int digit = digit_value(byte);
        if (digit >= (int)base) {
            break;
        }
        any = true;
        over = over || __builtin_mul_overflow(value, (uint64_t)base, &value) ||
               __builtin_add_overflow(value, (uint64_t)digit, &value);
    }
    const size_t length = lexer->at - out->at.offset;
    if (!any || is_name_start(peek(lexer, 0)) || qn__is_digit(peek(lexer, 0))) {
        return bad(lexer, out, length + (any && lexer->at < lexer->length), "not a number of this base");
    }
    if (over) {
        return bad(lexer, out, length, "an integer over 64 bits");
    }
    out->kind = QN__QT_INTEGER;
    out->length = length;
    out->integer = value;
    return QN_OK;
}

/* A unit behind a number of OpenQASM 3: durations in seconds, `im`. */
static qn_status read_unit(qn__qasm_lexer *lexer, qn__qasm_token *out, double value, size_t begin)
{
    const size_t unit = lexer->at;
    size_t end = unit;
    while (end < lexer->length && (is_name_start((unsigned char)lexer->text[end]) ||
                                   qn__is_digit((unsigned char)lexer->text[end]) || (lexer->text[end] & 0x80) != 0)) {
        end++;
    }
    static const struct {
        const char *text;
        double factor;
    } units[] = {{"dt", -1},          {"ns", 1e-9}, {"us", 1e-6}, {"\xc2\xb5s", 1e-6},
                 {"\xce\xbcs", 1e-6}, {"ms", 1e-3}, {"s", 1}};
    lexer->at = end;
    const size_t length = end - unit;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strlen(units[i].text) == length && memcmp(units[i].text, lexer->text + unit, length) == 0) {
            out->kind = QN__QT_DURATION;
            out->length = end - begin;
            out->number = value * units[i].factor;
            return QN_OK;
        }
    }
    if (length == 2 && memcmp(lexer->text + unit, "im", 2) == 0) {
        out->kind = QN__QT_IMAGINARY;
        out->length = end - begin;
        out->number = value;
        return QN_OK;
    }
    return bad(lexer, out, end - begin, "a number runs into a name");
}

/* The slow way, for numbers with '_', points and exponents. */
static qn_status read_decimal(qn__qasm_lexer *lexer, qn__qasm_token *out)
{
    enum { LONGEST = QN__NUMBER_LONGEST };
    char digits[LONGEST + 1];
    size_t n = 0;
    const size_t begin = lexer->at;
    bool point = false, exponent = false, whole = true;
    for (;; lexer->at++) {
        const int byte = peek(lexer, 0);
        if (byte == '_' && !lexer->version2 && qn__is_digit(peek(lexer, 1))) {
            continue;
        }
        const int sign = peek(lexer, 1) == '+' || peek(lexer, 1) == '-';
        if (byte == '.' && !point && !exponent) {
            point = true;
            whole = false;
        } else if ((byte == 'e' || byte == 'E') && !exponent && qn__is_digit(peek(lexer, 1 + (size_t)sign))) {
            exponent = true;
            whole = false;
            if (sign) {
                if (n < LONGEST) {
                    digits[n++] = 'e';
                }
                lexer->at++;
            }
        } else if (!qn__is_digit(byte)) {
            break;
        }
        if (n >= LONGEST) {
            return bad(lexer, out, lexer->at - begin, "a number of over 255 characters");
        }
        digits[n++] = lexer->text[lexer->at];
    }
    out->length = lexer->at - begin;
    if (whole) {
        uint64_t value = 0;
        for (size_t i = 0; i < n; i++) {
            if (__builtin_mul_overflow(value, UINT64_C(10), &value) ||
                __builtin_add_overflow(value, (uint64_t)(digits[i] - '0'), &value)) {
                return bad(lexer, out, out->length, "an integer over 64 bits");
            }
        }
        out->kind = QN__QT_INTEGER;
        out->integer = value;
    } else {
        size_t used = 0;
        double value = 0;
        const qn__number_result result = qn__number_scan(digits, n, false, &value, &used);
        if (result != QN__NUMBER_OK || used != n) {
            return bad(lexer, out, out->length,
                       result == QN__NUMBER_OVERFLOW ? "a number beyond the largest double" : "not a number");
        }
        out->kind = QN__QT_FLOAT;
        out->number = value;
    }
    const int next = peek(lexer, 0);
    if (is_name_start(next) || next >= 0x80) {
        if (!lexer->version2) {
            return read_unit(lexer, out, whole ? (double)out->integer : out->number, begin);
        }
        return bad(lexer, out, out->length, "a number runs into a name");
    }
    return QN_OK;
}

static qn_status read_number(qn__qasm_lexer *lexer, qn__qasm_token *out)
{
    if (!lexer->version2 && peek(lexer, 0) == '0') {
        const int letter = peek(lexer, 1) | 0x20;
        if (letter == 'x' || letter == 'b' || letter == 'o') {
            return read_based(lexer, out, letter == 'x' ? 16 : letter == 'b' ? 2 : 8);
        }
    }
    /* Short integers are most of a file: register indices. */
    size_t n = 0;
    uint64_t value = 0;
    while (n < 18 && qn__is_digit(peek(lexer, n))) {
        value = 10 * value + (uint64_t)(peek(lexer, n++) - '0');
    }
    const int next = peek(lexer, n);
    if (n > 0 && n < 18 && next != '.' && next != '_' && !qn__is_letter(next) && next < 0x80) {
        lexer->at += n;
        out->kind = QN__QT_INTEGER;
        out->length = n;
        out->integer = value;
        return QN_OK;
    }
    return read_decimal(lexer, out);
}

static qn_status read_string(qn__qasm_lexer *lexer, qn__qasm_token *out)
{
    const char quote = lexer->text[lexer->at];
    size_t end = lexer->at + 1;
    while (end < lexer->length && lexer->text[end] != quote && !qn__is_newline(lexer->text[end])) {
        end++;
    }
    if (end >= lexer->length || lexer->text[end] != quote) {
        return bad(lexer, out, end - lexer->at, "a string without its closing quote on the same line");
    }
    out->kind = QN__QT_STRING;
    out->length = end + 1 - lexer->at;
    lexer->at = end + 1;
    return QN_OK;
}

typedef struct mark {
    char text[4];
    unsigned char length, kind;
    bool only3;
} mark;

/* Longest first among those with the same first byte. */
static const mark marks[] = {
    {"**=", 3, QN__QT_POWER_ASSIGN, true},
    {"<<=", 3, QN__QT_SHIFT_LEFT_ASSIGN, true},
    {">>=", 3, QN__QT_SHIFT_RIGHT_ASSIGN, true},
    {"->", 2, QN__QT_ARROW, false},
    {"==", 2, QN__QT_EQUAL, false},
    {"!=", 2, QN__QT_NOT_EQUAL, true},
    {"<=", 2, QN__QT_LESS_EQUAL, true},
    {">=", 2, QN__QT_GREATER_EQUAL, true},
    {"<<", 2, QN__QT_SHIFT_LEFT, true},
    {">>", 2, QN__QT_SHIFT_RIGHT, true},
    {"&&", 2, QN__QT_LOGICAL_AND, true},
    {"||", 2, QN__QT_LOGICAL_OR, true},
    {"++", 2, QN__QT_CONCATENATE, true},
    {"**", 2, QN__QT_POWER, false},
    {"+=", 2, QN__QT_PLUS_ASSIGN, true},
    {"-=", 2, QN__QT_MINUS_ASSIGN, true},
    {"*=", 2, QN__QT_STAR_ASSIGN, true},
    {"/=", 2, QN__QT_SLASH_ASSIGN, true},
    {"%=", 2, QN__QT_PERCENT_ASSIGN, true},
    {"&=", 2, QN__QT_AND_ASSIGN, true},
    {"|=", 2, QN__QT_OR_ASSIGN, true},
    {"^=", 2, QN__QT_XOR_ASSIGN, true},
    {"~=", 2, QN__QT_TILDE_ASSIGN, true},
    {";", 1, QN__QT_SEMICOLON, false},
    {":", 1, QN__QT_COLON, false},
    {",", 1, QN__QT_COMMA, false},
    {".", 1, QN__QT_DOT, false},
    {"@", 1, QN__QT_AT, false},
    {"(", 1, QN__QT_LEFT_ROUND, false},
    {")", 1, QN__QT_RIGHT_ROUND, false},
    {"[", 1, QN__QT_LEFT_SQUARE, false},
    {"]", 1, QN__QT_RIGHT_SQUARE, false},
    {"{", 1, QN__QT_LEFT_CURLY, false},
    {"}", 1, QN__QT_RIGHT_CURLY, false},
    {"=", 1, QN__QT_ASSIGN, false},
    {"+", 1, QN__QT_PLUS, false},
    {"-", 1, QN__QT_MINUS, false},
    {"*", 1, QN__QT_STAR, false},
    {"/", 1, QN__QT_SLASH, false},
    {"%", 1, QN__QT_PERCENT, false},
    {"&", 1, QN__QT_AND, false},
    {"|", 1, QN__QT_OR, false},
    {"^", 1, QN__QT_CARET, false},
    {"<", 1, QN__QT_LESS, false},
    {">", 1, QN__QT_GREATER, false},
    {"!", 1, QN__QT_NOT, false},
    {"~", 1, QN__QT_TILDE, false},
};

static qn_status read_mark(qn__qasm_lexer *lexer, qn__qasm_token *out)
{
    const size_t left = lexer->length - lexer->at;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const mark *m = &marks[i];
        if (m->text[0] == lexer->text[lexer->at] && m->length <= left &&
            memcmp(m->text, lexer->text + lexer->at, m->length) == 0 && !(m->only3 && lexer->version2)) {
            out->kind = (qn__qasm_token_kind)m->kind;
            out->length = m->length;
            lexer->at += m->length;
            return QN_OK;
        }
    }
    const unsigned char byte = (unsigned char)lexer->text[lexer->at];
    if (byte < 0x80) {
        return bad(lexer, out, 1, "a character that OpenQASM does not use");
    }
    size_t n = 1;
    while (n < left && n < 4 && ((unsigned char)lexer->text[lexer->at + n] & 0xc0) == 0x80) {
        n++;
    }
    return bad(lexer, out, n, "a character that no name may have; letters, digits and '_' make names");
}

static qn_status read_dollar(qn__qasm_lexer *lexer, qn__qasm_token *out)
{
    size_t n = 1;
    uint64_t value = 0;
    while (qn__is_digit(peek(lexer, n))) {
        value = value > UINT32_MAX ? value : 10 * value + (uint64_t)(peek(lexer, n) - '0');
        n++;
    }
    if (n == 1 || is_name_start(peek(lexer, n))) {
        return bad(lexer, out, n, "'$' begins a physical qubit such as $0");
    }
    out->kind = QN__QT_PHYSICAL;
    out->length = n;
    out->integer = value;
    lexer->at += n;
    return QN_OK;
}

/* One-byte marks that begin no longer one are most of a file. */
static qn__qasm_token_kind quick_mark(char byte)
{
    switch (byte) {
    case ';':
        return QN__QT_SEMICOLON;
    case ',':
        return QN__QT_COMMA;
    case '[':
        return QN__QT_LEFT_SQUARE;
    case ']':
        return QN__QT_RIGHT_SQUARE;
    case '(':
        return QN__QT_LEFT_ROUND;
    case ')':
        return QN__QT_RIGHT_ROUND;
    default:
        return QN__QT_END;
    }
}

qn_status qn__qasm_lexer_next(qn__qasm_lexer *lexer, qn__qasm_idents *names, qn__qasm_token *out)
{
    size_t open = SIZE_MAX;
    skip_blanks(lexer, &open);
    out->name = QN__NO_NAME;
    out->at = (qn__qasm_place){lexer->at, lexer->file, lexer->line};
    if (open != SIZE_MAX) {
        out->at.offset = open;
        lexer->at = lexer->length;
        out->kind = QN__QT_BAD;
        out->length = 2;
        out->why = "a comment that never ends; expected '*/'";
        return QN_OK;
    }
    if (lexer->at >= lexer->length) {
        out->kind = QN__QT_END;
        out->length = 0;
        return QN_OK;
    }
    const char byte = lexer->text[lexer->at];
    out->kind = quick_mark(byte);
    if (out->kind != QN__QT_END) {
        out->length = 1;
        lexer->at++;
        return QN_OK;
    }
    if (is_name_start(byte) || ((byte & 0x80) != 0 && utf8_letter(lexer, lexer->at) > 0)) {
        return read_name(lexer, names, out);
    }
    if (qn__is_digit(byte) || (byte == '.' && qn__is_digit(peek(lexer, 1)))) {
        return read_number(lexer, out);
    }
    if (byte == '"' || (byte == '\'' && !lexer->version2)) {
        return read_string(lexer, out);
    }
    if (byte == '$') {
        return read_dollar(lexer, out);
    }
    if (byte == '#' && lexer->length - lexer->at >= 7 && memcmp(lexer->text + lexer->at, "#pragma", 7) == 0) {
        qn__qasm_lexer_skip_line(lexer);
        out->kind = QN__QT_PRAGMA;
        out->length = lexer->at - out->at.offset;
        return QN_OK;
    }
    return read_mark(lexer, out);
}
