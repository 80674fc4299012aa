/* latex.c: the words of a picture in LaTeX. */
#include "circuit/draw/latex.h"

#include <string.h>

#include "report/text.h"

typedef struct sign {
    const char *words, *math;
} sign;

/* Longer ones first where one begins with another. */
static const sign signs[] = {
    {"π", "\\pi "},      {"θ", "\\theta "},
    {"φ", "\\varphi "},  {"λ", "\\lambda "},
    {"α", "\\alpha "},   {"β", "\\beta "},
    {"γ", "\\gamma "},   {"δ", "\\delta "},
    {"ω", "\\omega "},   {"τ", "\\tau "},
    {"µ", "\\mu "},      {"†", "^{\\dagger}"},
    {"√X", "\\sqrt{X}"}, {"√", "\\surd "},
    {"…", "\\ldots "},   {"⋮", "\\vdots "},
    {"⟩", "\\rangle "},  {"==", "="},
    {"!=", "\\neq "},    {"<=", "\\leq "},
    {">=", "\\geq "},    {"&&", "\\wedge "},
    {"||", "\\vee "},    {"<<", "\\ll "},
    {">>", "\\gg "},     {"**", "{*}{*}"},
    {"*", "\\,"},        {"!", "\\neg "},
    {"%", "\\bmod "},    {"^", "\\oplus "},
    {"~", "\\sim "},     {"&", "\\mathbin{\\&}"},
    {" ", "\\ "},        {"#", "\\#"},
    {"$", "\\$"},        {"{", "\\{"},
    {"}", "\\}"},        {"\\", "\\backslash "},
};
static const char *const greek[] = {
    "alpha", "beta",  "gamma", "delta", "epsilon", "zeta",  "eta", "theta",   "iota", "kappa", "lambda",
    "mu",    "nu",    "xi",    "pi",    "rho",     "sigma", "tau", "upsilon", "phi",  "chi",   "psi",
    "omega", "Gamma", "Delta", "Theta", "Lambda",  "Xi",    "Pi",  "Sigma",   "Phi",  "Psi",   "Omega"};

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_greek(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof greek / sizeof greek[0]; i++) {
        if (strlen(greek[i]) == length && memcmp(greek[i], name, length) == 0) {
            return true;
        }
    }
    return false;
}

static void put_name(qn_text *text, const char *name, size_t length)
{
    if (is_greek(name, length)) {
        qn_text_printf(text, "\\%.*s", (int)length, name);
        return;
    }
    if (length >= 2 && length <= 3 && name[0] == 'R' && strspn(name + 1, "XYZ") >= length - 1) {
        qn_text_printf(text, "R_{%.*s}", (int)length - 1, name + 1);
        return;
    }
    if (length > 1 && letter(name[0]) && strspn(name + 1, "0123456789") >= length - 1) { /* q0 */
        qn_text_printf(text, "%c_{%.*s}", name[0], (int)length - 1, name + 1);
        return;
    }
    qn__text_puts(text, length > 1 ? "\\mathrm{" : "");
    for (size_t i = 0; i < length; i++) {
        qn_text_printf(text, name[i] == '_' ? "\\_" : "%c", name[i]);
    }
    qn__text_puts(text, length > 1 ? "}" : "");
}

/* A name and its index: theta[0], q[12]. */
static const char *put_named(qn_text *text, const char *at)
{
    size_t length = 0;
    while (letter(at[length]) || digit(at[length]) || at[length] == '_') {
        length++;
    }
    put_name(text, at, length);
    at += length;
    size_t digits = 0;
    while (at[0] == '[' && digit(at[1 + digits])) {
        digits++;
    }
    if (digits > 0 && at[1 + digits] == ']') {
        qn_text_printf(text, "_{%.*s}", (int)digits, at + 1);
        return at + digits + 2;
    }
    return at;
}

static const sign *sign_at(const char *at)
{
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (strncmp(at, signs[i].words, strlen(signs[i].words)) == 0) {
            return &signs[i];
        }
    }
    return NULL;
}

void qn__latex_math(qn_text *text, const char *words)
{
    while (*words != '\0') {
        const sign *s = NULL;
        size_t length = 0;
        if (letter(*words) || *words == '_') {
            words = put_named(text, words);
        } else if ((s = sign_at(words)) != NULL) {
            qn__text_puts(text, s->math);
            words += strlen(s->words);
        } else {
            (void)qn__utf8_decode(words, &length);
            qn__text_puts(text, length > 1 ? "\\text{" : "");
            qn_text_append(text, words, length);
            qn__text_puts(text, length > 1 ? "}" : "");
            words += length;
        }
    }
}

void qn__latex_text(qn_text *text, const char *words)
{
    while (*words != '\0') {
        size_t length = 0;
        const uint32_t c = qn__utf8_decode(words, &length);
        const sign *s = length > 1 ? sign_at(words) : NULL;
        if (s != NULL) {
            qn_text_printf(text, "$%s$", s->math);
            length = strlen(s->words);
        } else if (c < 0x80 && strchr("#$%&_{}", (int)c) != NULL) {
            qn_text_printf(text, "\\%c", (int)c);
        } else if (c == '\\' || c == '^' || c == '~' || c == '<' || c == '>' || c == '|') {
            qn_text_printf(text, "$\\%s$",
                           c == '\\'  ? "backslash"
                           : c == '^' ? "wedge"
                           : c == '~' ? "sim"
                           : c == '<' ? "langle"
                           : c == '>' ? "rangle"
                                      : "vert");
        } else {
            qn_text_append(text, words, length);
        }
        words += length;
    }
}
