/* test_qaoa_state.c: alternating layers of every instruction set and precision, in tiles so small that states of a few
 * qubits have many, against the definition; derivatives against differences. */
#include "qn_random.h"

#include <complex.h>

#include <quern/context.h>

#include "algorithm/qaoa/state.h"
#include "base/alloc.h"

enum { LAYERS = 3, MOST = 11 };

typedef double complex number;

static const number imaginary = (number)I;

/* Terms of random masks; of even numbers of spins on request; coefficients from a grid or not. */
static qn__spin_terms random_terms(qn_random *r, uint32_t n, bool even, bool whole)
{
    qn__spin_terms t = {.nqubits = n, .offset = 0.25};
    t.z = qn__alloc(2 * (size_t)n, sizeof *t.z);
    t.c = qn__alloc(2 * (size_t)n, sizeof *t.c);
    assert_true(t.z != NULL && t.c != NULL);
    for (uint32_t k = 0; k < 2 * n; k++) {
        const uint64_t z = qn_random_word(r) & ((UINT64_C(1) << n) - 1);
        if (z != 0 && !(even && __builtin_popcountll(z) % 2 != 0)) {
            t.z[t.count] = z;
            t.c[t.count++] = whole ? 0.5 * ((double)qn_random_below(r, 7) - 3.0) : qn_random_between(r, -1, 1);
        }
    }
    return t;
}

/* The average by the definition, amplitudes one by one. */
static double model(const qn__spin_terms *t, const double *gamma, const double *beta)
{
    const size_t size = (size_t)1 << t->nqubits;
    number *a = calloc(size, sizeof *a), *b = calloc(size, sizeof *b);
    assert_true(a != NULL && b != NULL);
    for (size_t x = 0; x < size; x++) {
        a[x] = 1.0 / sqrt((double)size);
    }
    for (uint32_t l = 0; l < LAYERS; l++) {
        for (size_t x = 0; x < size; x++) {
            a[x] *= cexp(-imaginary * gamma[l] * qn__spin_terms_value(t, x));
        }
        for (uint32_t q = 0; q < t->nqubits; q++) {
            for (size_t x = 0; x < size; x++) {
                b[x] = cos(beta[l]) * a[x] - imaginary * sin(beta[l]) * a[x ^ (size_t)1 << q];
            }
            memcpy(a, b, size * sizeof *a);
        }
    }
    double sum = 0.0;
    for (size_t x = 0; x < size; x++) {
        sum += (creal(a[x]) * creal(a[x]) + cimag(a[x]) * cimag(a[x])) * qn__spin_terms_value(t, x);
    }
    free(a);
    free(b);
    return sum;
}

static double difference(const qn__spin_terms *t, const double *gamma, const double *beta, uint32_t angle)
{
    double moved[2][2 * LAYERS];
    for (int side = 0; side < 2; side++) {
        memcpy(moved[side], gamma, LAYERS * sizeof *gamma);
        memcpy(moved[side] + LAYERS, beta, LAYERS * sizeof *beta);
        moved[side][angle] += side == 0 ? -1e-5 : 1e-5;
    }
    return (model(t, moved[1], moved[1] + LAYERS) - model(t, moved[0], moved[0] + LAYERS)) / 2e-5;
}

typedef struct reference {
    double gamma[LAYERS], beta[LAYERS], value, slopes[2 * LAYERS];
} reference;

static reference make_reference(qn_random *r, const qn__spin_terms *t)
{
    reference ref;
    for (uint32_t l = 0; l < LAYERS; l++) {
        ref.gamma[l] = qn_random_between(r, -1, 1);
        ref.beta[l] = qn_random_between(r, -2, 2);
    }
    ref.value = model(t, ref.gamma, ref.beta);
    for (uint32_t k = 0; k < 2 * LAYERS; k++) {
        ref.slopes[k] = difference(t, ref.gamma, ref.beta, k);
    }
    return ref;
}

static void check(const char *arch, const qn__spin_terms *t, bool mirrored, bool single, const reference *ref)
{
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.arch = arch;
    options.threads = 2;
    qn_context *context = NULL;
    if (qn_context_create(&options, &context) != QN_OK) {
        return; /* not of this machine */
    }
    qn__diagonal d;
    assert_ok(qn__diagonal_create(context, t, mirrored, &d));
    const double tolerance = single ? 3e-5 : 1e-12;
    double values[2];
    for (uint32_t threads = 1; threads <= 2; threads++) {
        for (uint64_t tile = 2048; tile <= 8192; tile *= 2) {
            qn__qaoa_state s;
            double slopes[2 * LAYERS];
            assert_ok(qn__qaoa_state_create(context, &d, single, true, LAYERS, threads, tile, &s));
            assert_ok(qn__qaoa_state_run(&s, LAYERS, ref->gamma, ref->beta, &values[threads - 1], slopes));
            assert_near(values[threads - 1], ref->value, tolerance * (1.0 + fabs(ref->value)));
            for (uint32_t k = 0; k < 2 * LAYERS; k++) {
                assert_near(slopes[k], ref->slopes[k], single ? 1e-3 : 2e-7);
            }
            assert_ok(qn__qaoa_state_run(&s, LAYERS, ref->gamma, ref->beta, &values[threads - 1], NULL));
            assert_near(values[threads - 1], ref->value, tolerance * (1.0 + fabs(ref->value)));
            /* layer by layer, with the slope of the last mixer */
            double value = 0.0, slope = 0.0;
            for (uint32_t l = 0; l < LAYERS; l++) {
                assert_ok(qn__qaoa_state_step(&s, l == 0, ref->gamma[l], ref->beta[l], &value, &slope));
            }
            assert_near(value, ref->value, tolerance * (1.0 + fabs(ref->value)));
            assert_near(slope, ref->slopes[2 * LAYERS - 1], single ? 1e-3 : 2e-7);
            qn__qaoa_state_release(&s);
        }
    }
    assert_true(values[0] == values[1]); /* the same bits for any number of threads */
    qn__diagonal_release(&d);
    qn_context_free(context);
}

static void layers_match_the_definition(void **state)
{
    (void)state;
    static const char *const archs[] = {"generic", "avx2", "avx512", "neon"};
    qn_random r = {qn_test_seed()};
    for (uint32_t n = 1; n <= MOST; n++) {
        for (int kind = 0; kind < 4; kind++) {
            const bool even = kind % 2 != 0, whole = kind >= 2;
            qn__spin_terms t = random_terms(&r, n, even, whole);
            const reference ref = make_reference(&r, &t);
            for (size_t a = 0; a < sizeof archs / sizeof archs[0]; a++) {
                for (int single = 0; single < 2; single++) {
                    check(archs[a], &t, even, single != 0, &ref);
                    if (even) {
                        check(archs[a], &t, false, single != 0, &ref);
                    }
                }
            }
            qn__spin_terms_release(&t);
        }
    }
}

/* Enough qubits for several threads, and small tiles, so that each thread moves many of them to and fro. */
static void threads_and_tiles_agree(void **state)
{
    (void)state;
    enum { QUBITS = 18 };
    qn_random r = {qn_test_seed() + 2};
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = 3;
    qn_context *context = NULL;
    assert_ok(qn_context_create(&options, &context));
    for (int kind = 0; kind < 8; kind++) {
        const bool even = kind % 2 != 0, whole = kind % 4 >= 2, single = kind >= 4;
        qn__spin_terms t = random_terms(&r, QUBITS, even, whole);
        double gamma[LAYERS], beta[LAYERS];
        for (uint32_t l = 0; l < LAYERS; l++) {
            gamma[l] = qn_random_between(&r, -1, 1);
            beta[l] = qn_random_between(&r, -0.7, 0.7); /* all near, in the first round */
        }
        qn__diagonal d;
        assert_ok(qn__diagonal_create(context, &t, even, &d));
        for (int far = 0; far < 2; far++) {
            double usual = 0.0;
            for (uint64_t tile = 0; tile <= 16384; tile += 8192) {
                double first = 0.0;
                for (uint32_t threads = 1; threads <= 3; threads++) {
                    qn__qaoa_state s;
                    double value = 0.0;
                    assert_ok(qn__qaoa_state_create(context, &d, single, false, LAYERS, threads, tile, &s));
                    assert_ok(qn__qaoa_state_run(&s, LAYERS, gamma, beta, &value, NULL));
                    first = threads == 1 ? value : first;
                    assert_true(value == first);
                    qn__qaoa_state_release(&s);
                }
                usual = tile == 0 ? first : usual;
                assert_near(first, usual, (single ? 3e-5 : 1e-12) * (1.0 + fabs(usual)));
            }
            beta[1] = 1.2;
        }
        qn__diagonal_release(&d);
        qn__spin_terms_release(&t);
    }
    qn_context_free(context);
}

static void costs_are_those_of_the_terms(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed() + 1};
    qn_context *context = NULL;
    assert_ok(qn_context_create(NULL, &context));
    for (uint32_t n = 1; n <= 16; n += 3) { /* from padded tables to more than one tile */
        for (int kind = 0; kind < 4; kind++) {
            const bool even = kind % 2 != 0, whole = kind >= 2;
            qn__spin_terms t = random_terms(&r, n, even, whole);
            qn__diagonal d;
            assert_ok(qn__diagonal_create(context, &t, even, &d));
            assert_true(d.mirrored == (even && n > 1));
            assert_true(whole ? d.index != NULL : t.count == 0 || d.value != NULL);
            double low = HUGE_VAL, high = -HUGE_VAL;
            uint64_t optima = 0;
            for (uint64_t x = 0; x < UINT64_C(1) << n; x++) {
                const double c = qn__spin_terms_value(&t, x);
                const uint64_t all = (UINT64_C(1) << n) - 1;
                assert_near(qn__diagonal_at(&d, d.mirrored && x >> (n - 1) != 0 ? ~x & all : x), c,
                            1e-12 * (double)(n + 4));
                low = fmin(low, c);
                high = fmax(high, c);
            }
            for (uint64_t x = 0; x < UINT64_C(1) << n; x++) {
                optima += qn__spin_terms_value(&t, x) <= low + 1e-9 * (high - low);
            }
            assert_near(d.low, low, 1e-12 * (double)(n + 4));
            assert_near(d.high, high, 1e-12 * (double)(n + 4));
            assert_near(qn__spin_terms_value(&t, d.best), low, 1e-12 * (double)(n + 4));
            assert_int_equal(d.optima, optima);
            qn__diagonal_release(&d);
            qn__spin_terms_release(&t);
        }
    }
    qn_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layers_match_the_definition),
        cmocka_unit_test(threads_and_tiles_agree),
        cmocka_unit_test(costs_are_those_of_the_terms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
