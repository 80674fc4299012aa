/* gate_text.c: reads the texts of gates.def, "rz(p0/2) 1; cx 0,1; ...": the one interpreter of decompositions and
 * inverses. Numbers are read by hand, since strtod follows the program's locale. */
#include "circuit/gate.h"

#include <string.h>

#include "base/alloc.h"
#include "base/status.h"

enum { DEEPEST = 16 };

typedef struct reader {
    const char *at;
    bool bad;
    unsigned depth;
} reader;

static void skip(reader *r)
{
    while (*r->at == ' ') {
        r->at++;
    }
}

static bool take(reader *r, char c)
{
    skip(r);
    if (*r->at != c) {
        return false;
    }
    r->at++;
    return true;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static double number(reader *r)
{
    double value = 0, scale = 1;
    while (digit(*r->at)) {
        value = value * 10 + (*r->at++ - '0');
    }
    if (*r->at == '.') {
        for (r->at++; digit(*r->at); r->at++) {
            value = value * 10 + (*r->at - '0');
            scale *= 10;
        }
    }
    return value / scale;
}

static bool is_constant(const qn__affine *a)
{
    for (size_t i = 0; i < QN__GATE_PARAMS; i++) {
        if (a->slope[i] != 0) {
            return false;
        }
    }
    return true;
}

static void add(qn__affine *a, const qn__affine *b, double factor)
{
    a->constant += factor * b->constant;
    for (size_t i = 0; i < QN__GATE_PARAMS; i++) {
        a->slope[i] += factor * b->slope[i];
    }
}

static void scale_by(qn__affine *a, double factor)
{
    a->constant *= factor;
    for (size_t i = 0; i < QN__GATE_PARAMS; i++) {
        a->slope[i] *= factor;
    }
}

static qn__affine sum(reader *r);

static qn__affine factor(reader *r)
{
    qn__affine value = {0, {0}};
    skip(r);
    if (take(r, '-')) {
        value = factor(r);
        scale_by(&value, -1);
    } else if (take(r, '(')) {
        if (++r->depth > DEEPEST) {
            r->bad = true;
            return value;
        }
        value = sum(r);
        r->bad |= !take(r, ')');
        r->depth--;
    } else if (r->at[0] == 'p' && r->at[1] == 'i') {
        r->at += 2;
        value.constant = 3.14159265358979323846;
    } else if (r->at[0] == 'p' && r->at[1] >= '0' && r->at[1] < '0' + QN__GATE_PARAMS) {
        value.slope[r->at[1] - '0'] = 1;
        r->at += 2;
    } else if (digit(*r->at)) {
        value.constant = number(r);
    } else {
        r->bad = true;
    }
    return value;
}

static qn__affine product(reader *r)
{
    qn__affine value = factor(r);
    while (!r->bad) {
        if (take(r, '*')) {
            qn__affine right = factor(r);
            if (is_constant(&value)) {
                scale_by(&right, value.constant);
                value = right;
            } else if (is_constant(&right)) {
                scale_by(&value, right.constant);
            } else {
                r->bad = true; /* not affine */
            }
        } else if (take(r, '/')) {
            const qn__affine right = factor(r);
            r->bad |= !is_constant(&right) || right.constant == 0;
            scale_by(&value, r->bad ? 0 : 1 / right.constant);
        } else {
            break;
        }
    }
    return value;
}

static qn__affine sum(reader *r)
{
    qn__affine value = product(r);
    while (!r->bad) {
        const bool plus = take(r, '+');
        if (!plus && !take(r, '-')) {
            break;
        }
        const qn__affine right = product(r);
        add(&value, &right, plus ? 1 : -1);
    }
    return value;
}

static void read_step(reader *r, qn__gate_step *step)
{
    const size_t length = strcspn(r->at, " (;");
    if (!qn__gate_lookup(r->at, length, &step->gate)) {
        r->bad = true;
        return;
    }
    r->at += length;
    if (take(r, '(')) {
        do {
            if (step->nparams == QN__GATE_PARAMS) {
                r->bad = true;
                return;
            }
            step->params[step->nparams++] = sum(r);
        } while (!r->bad && take(r, ','));
        r->bad |= !take(r, ')');
    }
    skip(r);
    while (!r->bad && digit(*r->at)) {
        if (step->nqubits == QN__GATE_QUBITS) {
            r->bad = true;
            return;
        }
        step->qubits[step->nqubits++] = (uint32_t)(*r->at++ - '0');
        if (!take(r, ',')) {
            break;
        }
    }
    const qn_gate_info *info = qn_gate_describe(step->gate);
    r->bad |= step->nparams != info->params || step->nqubits != info->qubits;
}

qn_status qn__gate_text_next(const char **cursor, qn__gate_step *step, bool *found)
{
    reader r = {*cursor, false, 0};
    skip(&r);
    if (*r.at == '\0') {
        *found = false;
        return QN_OK;
    }
    qn__gate_step read;
    memset(&read, 0, sizeof read);
    read_step(&r, &read);
    skip(&r);
    if (r.bad || (*r.at != '\0' && *r.at != ';')) {
        return QN_FAIL(ERR_INTERNAL, "gate text is malformed at \"%.40s\"", *cursor);
    }
    r.at += *r.at == ';';
    *cursor = r.at;
    *step = read;
    *found = true;
    return QN_OK;
}

double qn__affine_value(const qn__affine *expression, const double *params, uint32_t nparams)
{
    double value = expression->constant;
    for (uint32_t i = 0; i < nparams; i++) {
        if (expression->slope[i] != 0) {
            value += expression->slope[i] * params[i];
        }
    }
    return value;
}

qn_status qn__gate_text_parse(const char *text, qn__gate_steps *out)
{
    size_t count = 0;
    bool found = text != NULL;
    qn__gate_step step;
    for (const char *at = text; found;) {
        QN_TRY(qn__gate_text_next(&at, &step, &found));
        count += found;
    }
    qn__gate_step *steps = qn__alloc(count, sizeof *steps);
    QN_ALLOC_CHECK(steps);
    for (size_t i = 0; i < count; i++) {
        const qn_status status = qn__gate_text_next(&text, &steps[i], &found);
        if (status != QN_OK) {
            qn__free(steps);
            return status;
        }
    }
    *out = (qn__gate_steps){steps, count, true};
    return QN_OK;
}
