/* run_exact.c: writes the run of a qubit in gates of fixed angles: rotations are synthesised, and the whole word is
 * brought to its normal form of the fewest T. */
#include <math.h>
#include <string.h>

#include <quern/pass.h>

#include "base/alloc.h"
#include "circuit/passes/exact_synthesis.h"
#include "circuit/passes/lower.h"

enum { MOST_T = 200 /* numerators grow as 2^(T/4), and their squares must fit in 127 bits */ };

static const double PI = 3.14159265358979323846, EXACT = 1e-11;

/* Letters in time order. */
typedef struct word {
    qn__lower *l;
    char *letters;
    size_t count;
    int eighths;  /* diag(1, omega)^eighths at the end, not in the letters yet */
    double angle; /* and rz of this */
} word;

static qn_status put(word *w, char letter)
{
    if (w->count == w->l->letters_capacity) {
        const qn_status status = qn__grow(&w->l->letters, &w->l->letters_capacity, w->count + 1, 1);
        w->letters = w->l->letters;
        QN_TRY(status);
    }
    w->letters[w->count++] = letter;
    return QN_OK;
}

/* rz(angle) as T^m and a phase when it is one. */
static qn_status put_angle(word *w, double angle, bool *exact)
{
    const double eighths = angle * 4 / PI, whole = rint(eighths);
    *exact = fabs(angle - whole * (PI / 4)) <= EXACT;
    if (*exact) {
        w->eighths += (int)fmod(whole, 8);
        return qn__run_turn(w->l, -fmod(whole, 16) * PI / 8);
    }
    return QN_OK;
}

static qn_status put_synthesis(word *w, double angle)
{
    char *gates = NULL;
    qn_status status = QN_OK;
    QN_TRY(qn_rz_synthesize(angle, w->l->error, &gates, NULL, NULL));
    double phase = 0;
    for (size_t i = strlen(gates); i-- > 0;) {
        if (gates[i] == 'W' || gates[i] == 'V') {
            phase += gates[i] == 'W' ? PI / 4 : PI / 8;
        } else {
            QN_TRY_CLEANUP(put(w, gates[i]));
        }
    }
    status = qn__run_turn(w->l, phase);
cleanup:
    qn__free(gates);
    return status;
}

static qn_status end_diagonal(word *w)
{
    bool exact = true;
    if (w->angle != 0) {
        QN_TRY(put_angle(w, w->angle, &exact));
    }
    if (!exact) { /* T^m = exp(i m pi/8) rz(m pi/4) goes into the rotation */
        const double angle = w->angle + w->eighths * (PI / 4);
        QN_TRY(qn__run_turn(w->l, w->eighths * (PI / 8)));
        w->eighths = 0;
        w->angle = 0;
        return put_synthesis(w, angle);
    }
    w->angle = 0;
    const int turns = ((w->eighths % 8) + 8) % 8;
    w->eighths = 0;
    for (int i = 0; i < turns / 2; i++) {
        QN_TRY(put(w, 'S'));
    }
    return turns % 2 != 0 ? put(w, 'T') : QN_OK;
}

static qn_status put_all(word *w, const char *letters)
{
    for (; *letters != '\0'; letters++) {
        if (*letters == 'S') {
            w->eighths += 2;
            continue;
        }
        QN_TRY(end_diagonal(w));
        QN_TRY(put(w, *letters));
    }
    return QN_OK;
}

static qn_status put_item(word *w, const qn__run_item *item)
{
    bool exact = false;
    switch ((int)item->gate) {
    case QN_GATE_RZ:
        QN_TRY(put_angle(w, item->angle.constant, &exact));
        w->angle += exact ? 0 : item->angle.constant;
        return QN_OK;
    case QN_GATE_Z:
        w->eighths += 4;
        return QN_OK;
    case QN_GATE_S:
        w->eighths += 2;
        return QN_OK;
    case QN_GATE_SDG:
        w->eighths -= 2;
        return QN_OK;
    case QN_GATE_T:
        w->eighths += 1;
        return QN_OK;
    case QN_GATE_TDG:
        w->eighths -= 1;
        return QN_OK;
    case QN_GATE_H:
        return put_all(w, "H");
    case QN_GATE_X:
        return put_all(w, "X");
    case QN_GATE_Y: /* i X Z */
        QN_TRY(put_all(w, "SSX"));
        return qn__run_turn(w->l, PI / 2);
    case QN_GATE_SX:
        return put_all(w, "HSH");
    case QN_GATE_SXDG:
        return put_all(w, "HSSSH");
    default:
        return QN_FAIL(ERR_INTERNAL, "gate %s in a run of fixed angles", qn_gate_describe(item->gate)->name);
    }
}

/* Gates out. */

static qn_status write_eighths(qn__lower *l, uint32_t q, int eighths)
{
    static const qn_gate gates[8][2] = {{QN_GATE_ID, QN_GATE_ID},  {QN_GATE_T, QN_GATE_ID},  {QN_GATE_S, QN_GATE_ID},
                                        {QN_GATE_S, QN_GATE_T},    {QN_GATE_Z, QN_GATE_ID},  {QN_GATE_Z, QN_GATE_T},
                                        {QN_GATE_SDG, QN_GATE_ID}, {QN_GATE_TDG, QN_GATE_ID}};
    if (l->basis->local == QN__LOCAL_H_T) {
        for (int i = 0; i < eighths; i++) {
            QN_TRY(qn__run_append(l, QN_GATE_T, &q, NULL));
        }
        return QN_OK;
    }
    for (int i = 0; i < 2 && gates[eighths][i] != QN_GATE_ID; i++) {
        QN_TRY(qn__run_append(l, gates[eighths][i], &q, NULL));
    }
    return QN_OK;
}

static qn_status write_x(qn__lower *l, uint32_t q)
{
    if (l->basis->local != QN__LOCAL_H_T) {
        return qn__run_append(l, QN_GATE_X, &q, NULL);
    }
    QN_TRY(qn__run_append(l, QN_GATE_H, &q, NULL));
    QN_TRY(write_eighths(l, q, 4));
    return qn__run_append(l, QN_GATE_H, &q, NULL);
}

/* Letters from the last to the first: leftmost applied last. */
static qn_status write_word(qn__lower *l, uint32_t q, const char *letters)
{
    int eighths = 0;
    bool flip = false; /* an X before the eighths */
    for (size_t i = strlen(letters) + 1; i-- > 0;) {
        const char letter = i == 0 ? '\0' : letters[i - 1];
        if (letter == 'W') {
            QN_TRY(qn__run_turn(l, PI / 4));
        } else if (letter == 'S' || letter == 'T') {
            eighths = (eighths + (letter == 'S' ? 2 : 1)) % 8;
        } else {
            const bool y = flip && eighths == 4 && l->basis->local == QN__LOCAL_CLIFFORD_T; /* Z X = i Y */
            if (y) {
                QN_TRY(qn__run_append(l, QN_GATE_Y, &q, NULL));
                QN_TRY(qn__run_turn(l, PI / 2));
            } else {
                QN_TRY(flip ? write_x(l, q) : QN_OK);
                QN_TRY(write_eighths(l, q, eighths));
            }
            eighths = 0;
            flip = letter == 'X';
            QN_TRY(letter == 'H' ? qn__run_append(l, QN_GATE_H, &q, NULL) : QN_OK);
        }
    }
    return QN_OK;
}

/* Letters first .. last - 1 as one unitary in normal form. */
static qn_status write_normal(qn__lower *l, uint32_t q, const char *letters, size_t count)
{
    char normal[QN__WORD];
    uint32_t t_count = 0;
    qn__exact product = qn__exact_identity();
    for (size_t i = count; i-- > 0;) {
        product = qn__exact_times(product, letters[i]);
    }
    QN_TRY(qn__exact_synthesise(&product, normal, &t_count));
    return write_word(l, q, normal);
}

qn_status qn__run_exact(qn__lower *l, uint32_t qubit, const qn__run *run)
{
    word w = {.l = l, .letters = l->letters};
    for (size_t i = 0; i < run->count; i++) {
        QN_TRY(put_item(&w, &run->items[i]));
    }
    QN_TRY(end_diagonal(&w));
    for (size_t first = 0; first < w.count;) {
        size_t last = first;
        for (int t = 0; last < w.count && (w.letters[last] != 'T' || t < MOST_T); last++) {
            t += w.letters[last] == 'T';
        }
        QN_TRY(write_normal(l, qubit, w.letters + first, last - first));
        first = last;
    }
    return QN_OK;
}
