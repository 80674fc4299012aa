/* qsp_functions.c: Chebyshev series of the functions that quantum algorithms ask for. */
#include <math.h>

#include "algorithm/qsp.h"

static double cosine(double x, const void *user)
{
    return cos(*(const double *)user * x);
}

static double sine(double x, const void *user)
{
    return sin(*(const double *)user * x);
}

static double error_function(double x, const void *user)
{
    return erf(*(const double *)user * x);
}

static double gaussian(double x, const void *user)
{
    const double y = x / *(const double *)user;
    return exp(-0.5 * y * y);
}

/* All of these need a degree of some `waves` at least. */
static qn_status approximate(qn_qsp_function function, double parameter, double waves, unsigned parity, double epsilon,
                             qn_qsp_polynomial **out)
{
    QN_CHECK(isfinite(parameter), ERR_NAN, "the function's parameter is not finite");
    const uint64_t most = QN__QSP_MOST_DEGREE / 16;
    QN_CHECK(fabs(waves) < (double)most, ERR_RANGE, "this needs a polynomial of degree over %llu",
             (unsigned long long)most);
    return qn_qsp_approximate(function, &parameter, parity, epsilon, QN__QSP_MOST_DEGREE / 8, out);
}

qn_status qn_qsp_cosine(double tau, double epsilon, qn_qsp_polynomial **out)
{
    return approximate(cosine, tau, tau, 0, epsilon, out);
}

qn_status qn_qsp_sine(double tau, double epsilon, qn_qsp_polynomial **out)
{
    return approximate(sine, tau, tau, 1, epsilon, out);
}

qn_status qn_qsp_sign(double steepness, double epsilon, qn_qsp_polynomial **out)
{
    return approximate(error_function, steepness, steepness, 1, epsilon, out);
}

qn_status qn_qsp_gaussian(double width, double epsilon, qn_qsp_polynomial **out)
{
    QN_CHECK(width > 0, ERR_RANGE, "width %g; expected a positive number", width);
    return approximate(gaussian, width, 1 / width, 0, epsilon, out);
}

typedef struct kernel {
    double delta, ell;
} kernel;

static double chebyshev(double n, double z)
{
    return fabs(z) <= 1 ? cos(n * acos(z)) : cosh(n * acosh(fabs(z))) * (z < 0 && fmod(n, 2) > 0.5 ? -1 : 1);
}

static double reflection(double x, const void *user)
{
    const kernel *const k = user;
    const double d = k->delta * k->delta, z = (1 + d - 2 * x * x) / (1 - d), z0 = (1 + d) / (1 - d);
    return 2 * (chebyshev(k->ell, z) + 1) / (chebyshev(k->ell, z0) + 1) - 1;
}

qn_status qn_qsp_kernel_reflection(double delta, double error, qn_qsp_polynomial **out)
{
    QN_CHECK(delta > 0 && delta < 1 && error > 0 && error < 1, ERR_RANGE,
             "gap %g, error %g; both between 0 and 1 expected", delta, error);
    const kernel k = {delta, ceil(log(2 / error) / (2 * delta))};
    QN_CHECK(2 * k.ell <= (double)QN__QSP_MOST_DEGREE, ERR_TOO_LARGE, "degree %g", 2 * k.ell);
    return qn_qsp_interpolate(reflection, &k, (uint64_t)(2 * k.ell), out);
}
