/* functions.c: functions by name, for loading. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <quern/load.h>

#include "base/status.h"
#include "base/suggest.h"

typedef struct named {
    const char *name;
    uint32_t least, most; /* parameters */
    const char *form;
    double (*evaluate)(const qn_load_function *self, double x);
} named;

/* Squares are exp(-(x - mean)^2 / (2 sigma^2)). */
static double gaussian(const qn_load_function *f, double x)
{
    const double z = (x - f->parameters[0]) / f->parameters[1];
    return exp(-z * z / 4);
}

static double exponential(const qn_load_function *f, double x)
{
    return exp(-f->parameters[0] * x / 2);
}

static double lorentzian(const qn_load_function *f, double x)
{
    const double z = (x - f->parameters[0]) / f->parameters[1];
    return 1 / (1 + z * z);
}

static double sine(const qn_load_function *f, double x)
{
    const double phase = f->nparameters > 1 ? f->parameters[1] : 0;
    return sin(2 * 3.14159265358979323846 * f->parameters[0] * x + phase);
}

static double polynomial(const qn_load_function *f, double x)
{
    double value = 0;
    for (uint32_t k = f->nparameters; k-- > 0;) {
        value = value * x + f->parameters[k];
    }
    return value;
}

static double linear(const qn_load_function *f, double x)
{
    (void)f;
    return x;
}

static const named functions[] = {
    {"gaussian", 2, 2, "gaussian:mean,sigma", gaussian},       {"exponential", 1, 1, "exponential:rate", exponential},
    {"lorentzian", 2, 2, "lorentzian:mean,width", lorentzian}, {"sine", 1, 2, "sine:frequency,phase", sine},
    {"polynomial", 1, 8, "polynomial:c0,c1,...", polynomial},  {"linear", 0, 0, "linear", linear},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

static const char *name_at(const void *user, size_t index)
{
    (void)user;
    return functions[index].name;
}

static qn_status find(const char *word, const named **out)
{
    for (size_t i = 0; i < FUNCTIONS; i++) {
        if (strcmp(functions[i].name, word) == 0) {
            *out = &functions[i];
            return QN_OK;
        }
    }
    const char *near = qn__suggest(word, FUNCTIONS, name_at, NULL);
    return QN_FAIL(ERR_NAME, "no function '%s'%s%s%s", word, near != NULL ? "; did you mean '" : "",
                   near != NULL ? near : "",
                   near != NULL ? "'?"
                                : "; gaussian, exponential, lorentzian, sine, "
                                  "polynomial and linear are known");
}

qn_status qn_load_function_from_text(const char *text, qn_load_function *out)
{
    QN_CHECK(text != NULL && out != NULL, ERR_ARGUMENT, "a text and a place for the function are needed");
    char word[32];
    const size_t length = strcspn(text, ":");
    QN_CHECK(length < sizeof word, ERR_NAME, "no function has a name of %zu letters", length);
    memcpy(word, text, length);
    word[length] = '\0';
    const named *found = NULL;
    QN_TRY(find(word, &found));
    qn_load_function f = {found->evaluate, NULL, {0}, 0};
    const char *at = text + length;
    while (*at != '\0') {
        at++; /* the colon or comma */
        char *end = NULL;
        QN_CHECK(f.nparameters < found->most, ERR_ARGUMENT, "'%s': too many numbers; expected %s", text, found->form);
        const double value = strtod(at, &end);
        QN_CHECK(end != at && (*end == ',' || *end == '\0') && isfinite(value), ERR_ARGUMENT,
                 "'%s': expected a number at '%s'; the form is %s", text, at, found->form);
        f.parameters[f.nparameters++] = value;
        at = end;
    }
    QN_CHECK(f.nparameters >= found->least, ERR_ARGUMENT, "'%s': expected %s", text, found->form);
    QN_CHECK(found->least < 2 || f.parameters[1] > 0, ERR_RANGE, "'%s': the width must be positive", text);
    *out = f;
    return QN_OK;
}
