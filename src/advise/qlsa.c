/* qlsa.c: calls and gates of quantum linear-system solvers, and the iterations of their rival. */
#include "advise/qlsa.h"

#include <math.h>

qn__count qn__qlsa_dalzell(qn__count kappa, qn__count eps, qn__count constant, qn__count log_constant)
{
    return constant * kappa + log_constant * kappa * logl(1 / eps);
}

qn__count qn__qlsa_known_norm(qn__count kappa, qn__count eps)
{
    return kappa * logl(2 * sqrtl(2.0L) / eps);
}

qn__count qn__qlsa_costa(qn__count kappa, qn__count eps, qn__count constant)
{
    return constant * kappa + kappa * logl(2 / eps);
}

qn__count qn__qlsa_hhl(qn__count kappa, qn__count eps, qn__count constant)
{
    return constant * kappa * kappa / eps;
}

qn__dense_solver qn__qlsa_dense(qn__count unknowns, qn__count K, qn__count eps, qn__count delta, qn__count constant)
{
    qn__dense_solver out = {.K = K};
    out.L = qn__power_of_two_from(fmaxl(unknowns, 2));
    const qn__count l = log2l(out.L), share = eps / 5;
    out.walk = ceill(2 * constant * K);
    out.filter = 2 * ceill(K * logl(2 / share));
    const qn__count calls = out.walk + out.filter;
    out.eps_matrix = share / (2 * calls);
    out.eps_vector = share / (4 * calls);
    const qn__count eps_reflection = share / (4 * out.walk), eps_phase = share / (2 * out.filter);
    const qn__dense_encoding encoding = qn__dense_block_encoding(out.L, out.eps_matrix, out.eps_vector);
    const qn__count loading = 2 * calls * encoding.controlled_t + 4 * calls * encoding.preparation_t;
    const qn__count rest = 12 * out.walk * log2l(1 / eps_reflection) + out.walk * (24 * l + 31) +
                           3 * out.filter * log2l(1 / eps_phase) + out.filter * (32 * l - 2);
    out.attempts = fmaxl(ceill(log2l(1 / delta)), 1);
    out.encoding_t = encoding.t;
    out.loading_t = out.attempts * loading;
    out.t = out.attempts * (loading + rest);
    out.depth = out.attempts * 2 * calls * encoding.depth;
    out.queries = out.attempts * 2 * calls;
    out.qubits = encoding.qubits;
    return out;
}

qn__count qn__tomography_copies(qn__count L, qn__count eps, qn__count delta, qn__count constant)
{
    return constant * L * logl(6 * L / delta) / (eps * eps * (1 - eps * eps / 4));
}

qn__count qn__gradient_iterations(qn__count unknowns, qn__count kappa, qn__count eps, int positive)
{
    const qn__count steps = 0.5L * (positive ? sqrtl(kappa) : kappa) * logl(2 / eps);
    return fminl(fmaxl(ceill(steps), 1), unknowns);
}
