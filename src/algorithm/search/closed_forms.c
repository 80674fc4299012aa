/* closed_forms.c: what is known about amplitude amplification without running it. */
#include <math.h>

#include <quern/search.h>

static const double PI = 3.14159265358979323846;

double qn_search_angle(double items, double marked)
{
    return marked >= items ? PI / 2 : asin(sqrt(marked / items));
}

uint64_t qn_search_steps(double items, double marked)
{
    return marked > 0 ? (uint64_t)(PI / 4 / qn_search_angle(items, marked)) : 0;
}

double qn_search_success(double items, double marked, uint64_t steps)
{
    const double s = sin((2 * (double)steps + 1) * qn_search_angle(items, marked));
    return s * s;
}

void qn_search_exact(double items, double marked, uint64_t *steps, double *phase)
{
    const double theta = qn_search_angle(items, marked);
    /* The margin keeps rounding from asking for one step less than the angle needs. */
    const double j = floor((PI / 2 - theta) / (2 * theta) + 1e-12);
    *steps = (uint64_t)j + 1;
    *phase = 2 * asin(fmin(1, sin(PI / (4 * j + 6)) / sin(theta)));
}

/* The Chebyshev polynomial of the first kind, of any real order and for arguments over 1 too. */
static double chebyshev(double order, double x)
{
    return x > 1 ? cosh(order * acosh(x)) : cos(order * acos(x));
}

void qn_search_fixed_point(uint64_t length, double delta, double *alpha, double *beta)
{
    const uint64_t l = (length - 1) / 2;
    const double gamma = 1 / chebyshev(1 / (double)length, 1 / delta);
    const double root = sqrt(1 - gamma * gamma);
    for (uint64_t j = 1; j <= l; j++) {
        /* 2 acot(x) = 2 atan(1 / x), taken in (0, 2 pi) */
        const double x = tan(2 * PI * (double)j / (double)length) * root;
        alpha[j - 1] = 2 * atan2(1, x);
    }
    for (uint64_t j = 1; j <= l; j++) {
        beta[l - j] = -alpha[j - 1];
    }
}

double qn_search_fixed_point_success(uint64_t length, double delta, double fraction)
{
    const double t = chebyshev((double)length, chebyshev(1 / (double)length, 1 / delta) * sqrt(fmax(0, 1 - fraction)));
    return 1 - delta * delta * t * t;
}

uint64_t qn_search_fixed_point_length(double delta, double fraction)
{
    const double exact = log(2 / delta) / sqrt(fraction);
    const uint64_t length = (uint64_t)ceil(exact);
    return length | 1;
}

void qn_search_partial(double items, double blocks, uint64_t *global_steps, uint64_t *local_steps, double *success)
{
    /* The state stays in the span of three vectors: the item, the rest of its block, all other blocks. Amplitudes are
     * of single items; `block` items in a block. After j1 global steps come j2 steps within every block at once, then
     * one reflection about the mean of everything but the item. */
    const double block = items / blocks, theta = asin(1 / sqrt(items)), local = asin(1 / sqrt(block));
    const uint64_t most = qn_search_steps(items, 1);
    *global_steps = most;
    *local_steps = 0;
    *success = qn_search_success(items, 1, most);
    const uint64_t least = most > (uint64_t)ceil(sqrt(block)) + 1 ? most - (uint64_t)ceil(sqrt(block)) - 1 : 0;
    for (uint64_t j1 = least; j1 <= most; j1++) {
        const double turn = (2 * (double)j1 + 1) * theta;
        const double hit = sin(turn), other = cos(turn) / sqrt(items - 1);
        const double rest = other * sqrt(block - 1);
        for (uint64_t j2 = 0; j2 <= (uint64_t)ceil(sqrt(block)) && j1 + j2 + 1 < *global_steps + *local_steps; j2++) {
            /* In the plane (item, rest of its block) each local step turns by 2 local. */
            const double angle = atan2(hit, rest) + 2 * (double)j2 * local, radius = hypot(hit, rest);
            const double near = radius * cos(angle) / sqrt(block - 1);
            const double mean = ((block - 1) * near + (items - block) * other) / items; /* the item stands aside */
            const double far = 2 * mean - other;
            const double missed = (items - block) * far * far;
            if (1 - missed >= *success && j1 + j2 + 1 < *global_steps + *local_steps) {
                *global_steps = j1;
                *local_steps = j2 + 1;
                *success = 1 - missed;
            }
        }
    }
}
