/* tree.c: the cut fraction of QAOA on D-regular graphs of girth above 2p + 1, where the neighbourhood of an edge is a
 * tree (Basso, Farhi, Marwaha, Villalonga, Zhou, arXiv:2110.14206).
 *
 * A branch of the tree is summarised by a function H of the 2p + 1 spins a_1..a_p, a_0, a_-p..a_-1 of its root's
 * history: H_0 = 1, H_t(a) = (sum_b f(b) H_{t-1}(b) cos(Gamma (ab) / 2))^(D - 1). Products ab of spins are exclusive
 * ors of indices, so each step is a convolution: two Walsh-Hadamard transforms. Slopes by reverse accumulation. */
#include <quern/qaoa.h>

#include <complex.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"

enum { MOST_LAYERS = 12, MOST_DEGREE = 1000 };

typedef double complex number;

typedef struct tree {
    uint32_t layers, bits; /* bit k: a_(k+1) for k < p, a_0 for k = p, a_-(2p+1-k) above: 1 is spin -1 */
    size_t size;
    double power; /* degree - 1 */
    const double *gamma, *beta;
    number *f, *phase;           /* phase: Gamma a / 2, real */
    number *cosine, *sine;       /* transformed kernels */
    number *u, *c;               /* layers x size: f H, and its convolution; u is kept transformed */
    number *h, *v, *bar, *total; /* of one step */
    number *work, *kernel;       /* slopes: kernel's bar in the transformed domain */
} tree;

static void transform(number *x, size_t size)
{
    for (size_t step = 1; step < size; step *= 2) {
        for (size_t base = 0; base < size; base += 2 * step) {
            for (size_t k = base; k < base + step; k++) {
                const number a = x[k], b = x[k + step];
                x[k] = a + b;
                x[k + step] = a - b;
            }
        }
    }
}

static number power(number x, uint32_t n)
{
    number out = 1.0;
    for (; n > 0; n /= 2, x *= x) {
        if (n % 2 != 0) {
            out *= x;
        }
    }
    return out;
}

/* How often layer k's mixer keeps (0), flips (1) the spin on the way out and, conjugated, on the way back. */
static void turns(const tree *t, size_t a, uint32_t k, int *out, int *back)
{
    const uint32_t p = t->layers, far = 2 * p - k; /* a_-(k+1) */
    *out = (int)((a >> k ^ a >> (k + 1)) & 1);
    *back = (int)((a >> far ^ a >> (far - 1)) & 1);
}

static void fill(tree *t)
{
    const uint32_t p = t->layers;
    for (size_t a = 0; a < t->size; a++) {
        number f = 0.5;
        double phase = 0.0;
        for (uint32_t k = 0; k < p; k++) {
            int out = 0, back = 0;
            turns(t, a, k, &out, &back);
            const number keep = cos(t->beta[k]), flip = (number)I * sin(t->beta[k]);
            f *= (out ? flip : keep) * (back ? -flip : keep);
            const double plus = (a >> k & 1) ? -1.0 : 1.0, minus = (a >> (2 * p - k) & 1) ? -1.0 : 1.0;
            phase += t->gamma[k] * (plus - minus);
        }
        t->f[a] = f;
        t->phase[a] = 0.5 * phase;
        t->cosine[a] = cos(0.5 * phase);
        t->sine[a] = sin(0.5 * phase);
    }
    transform(t->cosine, t->size);
    transform(t->sine, t->size);
}

static double root_sign(const tree *t, size_t a)
{
    return (a >> t->layers & 1) ? -1.0 : 1.0;
}

/* The fraction; leaves u, c of all steps, v transformed, h = H_p. */
static double forward(tree *t)
{
    const size_t size = t->size;
    const double per = 1.0 / (double)size;
    for (size_t a = 0; a < size; a++) {
        t->h[a] = 1.0;
    }
    for (uint32_t step = 0; step < t->layers; step++) {
        number *u = t->u + step * size, *c = t->c + step * size;
        for (size_t a = 0; a < size; a++) {
            u[a] = t->f[a] * t->h[a];
        }
        transform(u, size);
        for (size_t z = 0; z < size; z++) {
            c[z] = u[z] * t->cosine[z];
        }
        transform(c, size);
        for (size_t a = 0; a < size; a++) {
            c[a] *= per;
            t->h[a] = power(c[a], (uint32_t)t->power);
        }
    }
    for (size_t a = 0; a < size; a++) {
        t->v[a] = root_sign(t, a) * t->f[a] * t->h[a];
    }
    transform(t->v, size);
    number sum = 0.0;
    for (size_t z = 0; z < size; z++) {
        sum += t->v[z] * t->v[z] * t->sine[z];
    }
    return 0.5 + creal(0.5 * (number)I * sum * per);
}

/* bar: dE/dH_t on entry of step t. total: dE/df. kernel, work: dE/d(cosine), dE/d(sine), transformed. */
static void backward(tree *t)
{
    const size_t size = t->size;
    const double per = 1.0 / (double)size;
    for (size_t z = 0; z < size; z++) {
        t->work[z] = 0.5 * (number)I * t->v[z] * t->v[z];
        t->bar[z] = (number)I * t->v[z] * t->sine[z];
        t->kernel[z] = 0.0;
    }
    transform(t->bar, size);
    for (size_t a = 0; a < size; a++) {
        const number bar = root_sign(t, a) * t->bar[a] * per;
        t->total[a] = t->h[a] * bar;
        t->bar[a] = t->f[a] * bar;
    }
    for (uint32_t step = t->layers; step-- > 0;) {
        const number *u = t->u + step * size, *c = t->c + step * size;
        for (size_t a = 0; a < size; a++) {
            t->bar[a] *= t->power * power(c[a], (uint32_t)t->power - 1);
        }
        transform(t->bar, size);
        for (size_t z = 0; z < size; z++) {
            t->kernel[z] += t->bar[z] * u[z];
            t->bar[z] *= t->cosine[z];
        }
        transform(t->bar, size);
        for (size_t a = 0; a < size; a++) {
            const number bar = t->bar[a] * per;
            const number h = step > 0 ? power(t->c[(step - 1) * size + a], (uint32_t)t->power) : 1.0;
            t->total[a] += h * bar;
            t->bar[a] = t->f[a] * bar;
        }
    }
    transform(t->kernel, size);
    transform(t->work, size);
}

static void gather(const tree *t, double *slopes)
{
    const uint32_t p = t->layers;
    const double per = 1.0 / (double)t->size;
    memset(slopes, 0, 2 * (size_t)p * sizeof *slopes);
    for (size_t a = 0; a < t->size; a++) {
        const double phase = creal(t->phase[a]);
        const double bar = creal((t->work[a] * cos(phase) - t->kernel[a] * sin(phase)) * per);
        for (uint32_t k = 0; k < p; k++) {
            int out = 0, back = 0;
            turns(t, a, k, &out, &back);
            const double plus = (a >> k & 1) ? -1.0 : 1.0, minus = (a >> (2 * p - k) & 1) ? -1.0 : 1.0;
            slopes[k] += bar * 0.5 * (plus - minus);
            const double tangent = tan(t->beta[k]);
            const double rate = (out ? 1.0 / tangent : -tangent) + (back ? 1.0 / tangent : -tangent);
            slopes[p + k] += creal(t->total[a] * t->f[a]) * rate;
        }
    }
}

qn_status qn_qaoa_tree(uint32_t degree, uint32_t layers, const double *angles, double *fraction, double *slopes)
{
    QN_CHECK(angles != NULL && fraction != NULL, ERR_ARGUMENT, "angles and room for the fraction are needed");
    QN_CHECK(degree >= 2 && degree <= MOST_DEGREE, ERR_RANGE, "degree %u; expected 2 to %d", degree, (int)MOST_DEGREE);
    QN_CHECK(layers >= 1 && layers <= MOST_LAYERS, ERR_RANGE, "%u layers; expected 1 to %d", layers, (int)MOST_LAYERS);
    double shifted[2 * MOST_LAYERS];
    for (uint32_t k = 0; k < 2 * layers; k++) {
        QN_CHECK(isfinite(angles[k]), ERR_NAN, "angle %u is not a finite number", k);
        /* slopes divide by sine and cosine; a shift below rounding of the fraction keeps them from 0 */
        shifted[k] = k >= layers && fabs(sin(2.0 * angles[k])) < 1e-12 ? angles[k] + 1e-12 : angles[k];
    }
    tree t = {
        .layers = layers, .bits = 2 * layers + 1, .power = degree - 1, .gamma = shifted, .beta = shifted + layers};
    t.size = (size_t)1 << t.bits;
    number *memory = qn__alloc((10 + 2 * (size_t)layers) * t.size, sizeof *memory), *next = memory;
    QN_ALLOC_CHECK(memory);
    number **const parts[] = {&t.f, &t.phase, &t.cosine, &t.sine, &t.h, &t.v, &t.bar, &t.total, &t.work, &t.kernel};
    for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++, next += t.size) {
        *parts[k] = next;
    }
    t.u = next;
    t.c = next + layers * t.size;
    fill(&t);
    *fraction = forward(&t);
    if (slopes != NULL) {
        backward(&t);
        gather(&t, slopes);
    }
    qn__free(memory);
    return QN_OK;
}
