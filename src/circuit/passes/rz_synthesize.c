/* rz_synthesize.c: rotations about Z in Clifford+T to a given error (Ross and Selinger, arXiv:1403.2975).
 *
 * For k = 0, 1, 2, ...: every u = U / sqrt 2^k near exp(-i angle / 2) (grid.c), nearest first; the first for which
 * t adjoint(t) = 2^k - |U|^2 has a solution (norm_equation.c) gives the unitary [[u, -t*], [t, u*]], within the error
 * exactly because u was in the region, and its word (exact_synthesis.c). With t and t omega the T count is 2k - 2 or
 * 2k: the lesser is taken. */
#include <math.h>
#include <string.h>

#include <quern/pass.h>

#include "base/alloc.h"
#include "base/status.h"
#include "circuit/passes/exact_synthesis.h"
#include "circuit/passes/grid.h"
#include "circuit/passes/norm_equation.h"

static const double LARGEST = 0x1p52;
enum { DEEPEST = 100 /* largest k; 1e-14 needs about 75 */ };

static qn_status give(const char *word, uint32_t t, double error, char **gates, uint32_t *t_count, double *reached)
{
    char *text = qn__strdup(word);
    QN_ALLOC_CHECK(text);
    *gates = text;
    if (t_count != NULL) {
        *t_count = t;
    }
    if (reached != NULL) {
        *reached = error;
    }
    return QN_OK;
}

/* angle = eighths pi/4 + rest: diag(1, omega^eighths) exp(-i eighths pi/8). */
static qn_status give_diagonal(long eighths, long double rest, char **gates, uint32_t *t_count, double *reached)
{
    char word[32] = "";
    const unsigned turns = (unsigned)(((eighths % 8) + 8) % 8), halves = (unsigned)(((-eighths % 16) + 16) % 16);
    char *end = qn__repeat(word, 'S', turns / 2);
    end = qn__repeat(end, 'T', turns % 2);
    end = qn__repeat(end, 'W', halves / 2);
    (void)qn__repeat(end, 'V', halves % 2);
    return give(word, turns % 2, (double)(2 * sinl(fabsl(rest) / 4)), gates, t_count, reached);
}

static qn_status best_word(const qn__grid_point *point, qn__omega t, uint32_t k, char *word, uint32_t *count)
{
    char other[QN__WORD];
    uint32_t other_count = 0;
    const qn__exact first = qn__exact_from_column(point->u, t, k);
    const qn__exact second = qn__exact_from_column(point->u, qn__omega_turn(t, 1), k);
    QN_TRY(qn__exact_synthesise(&first, word, count));
    QN_TRY(qn__exact_synthesise(&second, other, &other_count));
    if (other_count < *count) {
        memcpy(word, other, sizeof other);
        *count = other_count;
    }
    return QN_OK;
}

static qn_status search(double angle, double error, char **gates, uint32_t *t_count, double *reached)
{
    qn_status status = QN_OK;
    qn__grid_point *points = qn__alloc(QN__GRID_POINTS, sizeof *points);
    QN_ALLOC_CHECK(points);
    qn__grid grid;
    qn__grid_begin(&grid, qn__fixed_from(-(long double)angle / 2), (long double)error);
    for (uint32_t k = 0; k <= DEEPEST; k++) {
        const size_t count = qn__grid_solve(&grid, k, points);
        for (size_t i = 0; i < count; i++) {
            qn__omega t;
            if (!qn__norm_equation_solve(points[i].rest, &t)) {
                continue;
            }
            char word[QN__WORD];
            uint32_t cost = 0;
            QN_TRY_CLEANUP(best_word(&points[i], t, k, word, &cost));
            QN_TRY_CLEANUP(give(word, cost, (double)points[i].error, gates, t_count, reached));
            goto cleanup;
        }
    }
    status = QN_FAIL(ERR_NUMERIC, "no Clifford+T word within %g of a rotation by %.17g was found", error, angle);
cleanup:
    qn__free(points);
    return status;
}

qn_status qn_rz_synthesize(double angle, double error, char **gates, uint32_t *t_count, double *reached)
{
    QN_CHECK(gates != NULL, ERR_ARGUMENT, "result pointer is NULL");
    QN_CHECK(isfinite(angle), ERR_NAN, "the angle is not a finite number");
    QN_CHECK(fabs(angle) <= LARGEST, ERR_RANGE, "the angle %g is larger than 2^52, where its digits say nothing",
             angle);
    QN_CHECK(error >= 1e-14 && error <= 0.5, ERR_RANGE, "the error %g is outside 1e-14..0.5", error);
    const qn__fixed pi = qn__fixed_pi();
    const long double quarter = qn__fixed_value(pi) / 4;
    for (long step = 2; step >= 1; step--) { /* no T, then one */
        const long double whole = rintl((long double)angle / (quarter * (long double)step)) * (long double)step;
        const qn__fixed multiple = qn__fixed_over(qn__fixed_times(pi, (int64_t)whole), 4);
        const long double rest = qn__fixed_value(qn__fixed_sub(qn__fixed_from((long double)angle), multiple));
        if (2 * sinl(fabsl(rest) / 4) <= (long double)error) {
            return give_diagonal((long)((int64_t)whole % 16), rest, gates, t_count, reached);
        }
    }
    return search(angle, error, gates, t_count, reached);
}
