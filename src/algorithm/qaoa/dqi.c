/* dqi.c: decoded quantum interferometry by its exact law (Jordan et al., arXiv:2408.08292, theorem 4.1 and lemma 9.2).
 */
#include <quern/qaoa.h>

#include <math.h>

#include "base/status.h"

/* Number of eigenvalues below x of the symmetric tridiagonal matrix with diagonal d k and off-diagonal
 * sqrt(k (m - k + 1)), k = 0..l (Sturm's sequence). */
static uint32_t below(double x, uint32_t m, uint32_t l, double d)
{
    uint32_t count = 0;
    double pivot = 1.0;
    for (uint32_t k = 0; k <= l; k++) {
        const double square = (double)k * ((double)m - (double)k + 1.0);
        pivot = d * (double)k - x - (k > 0 ? square / pivot : 0.0);
        pivot = pivot == 0.0 ? -1e-300 : pivot;
        count += pivot < 0.0;
    }
    return count;
}

qn_status qn_dqi_fraction(uint32_t m, uint32_t l, uint32_t p, uint32_t r, double *fraction)
{
    QN_CHECK(fraction != NULL && m >= 1 && l <= m, ERR_RANGE, "l = %u errors of m = %u constraints; expected l <= m", l,
             m);
    QN_CHECK(p >= 2 && r >= 1 && r < p, ERR_RANGE, "%u allowed values of %u; expected 1 to %u", r, p, p - 1);
    const double spread = sqrt((double)r * (double)(p - r)), d = ((double)p - 2.0 * (double)r) / spread;
    double low = -1.0, high = fabs(d) * (double)l + 2.0 * (double)m + 1.0; /* Gershgorin */
    for (int k = 0; k < 200 && high - low > 1e-13 * high; k++) {
        const double middle = 0.5 * (low + high);
        if (below(middle, m, l, d) > l) {
            high = middle;
        } else {
            low = middle;
        }
    }
    *fraction = (double)r / (double)p + spread / (double)p * 0.5 * (low + high) / (double)m;
    return QN_OK;
}

double qn_dqi_limit(double mu, double ratio)
{
    if (mu >= 1.0 - ratio) {
        return 1.0;
    }
    const double root = sqrt(mu * (1.0 - ratio)) + sqrt(ratio * (1.0 - mu));
    return root * root;
}
