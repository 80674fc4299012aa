/* test_chains.c: kernels of the chains in detailed balance by enumeration; what they sample against exact averages. */
#include <math.h>

#include <qn_test.h>

#include <quern/generative.h>

#include "learn/generative.h"

enum { SPINS = 4, SIZE = 1 << SPINS };

static void gibbs(const double *energy, double temperature, double *p)
{
    double sum = 0;
    for (int x = 0; x < SIZE; x++) {
        sum += p[x] = exp(-energy[x] / temperature);
    }
    for (int x = 0; x < SIZE; x++) {
        p[x] /= sum;
    }
}

/* Transition probabilities of a Metropolis chain from those of its proposals, as the sampler accepts them. */
static void accept(const double *energy, double temperature, const double *proposal, double *p)
{
    for (int x = 0; x < SIZE; x++) {
        double stay = 1;
        for (int y = 0; y < SIZE; y++) {
            if (x != y) {
                p[x * SIZE + y] = proposal[x * SIZE + y] * qn__chain_accept((energy[y] - energy[x]) / temperature);
                stay -= p[x * SIZE + y];
            }
        }
        p[x * SIZE + x] = stay;
        assert_true(stay > -1e-12);
    }
}

static void enumerate(int chain, const qn__chain_target *target, double *proposal)
{
    double scratch[4 * SIZE];
    memset(proposal, 0, SIZE * SIZE * sizeof *proposal);
    for (int x = 0; x < SIZE; x++) {
        const int draws = chain == QN_CHAIN_LOCAL ? SPINS : SIZE;
        for (int k = 0; k < draws && chain != QN_CHAIN_QUANTUM; k++) {
            proposal[x * SIZE + (int)qn__chain_propose(chain, SPINS, (uint64_t)x, (k + .5) / draws)] += 1.0 / draws;
        }
        if (chain == QN_CHAIN_QUANTUM) {
            qn__chain_evolve(target, (uint64_t)x, .4, 7.3, scratch);
            memcpy(proposal + x * SIZE, scratch, SIZE * sizeof *proposal);
        }
        double sum = 0;
        for (int y = 0; y < SIZE; y++) {
            sum += proposal[x * SIZE + y];
        }
        assert_near(sum, 1, 1e-12);
    }
}

static void test_detailed_balance(void **unused)
{
    (void)unused;
    double energy[SIZE], pi[SIZE], proposal[SIZE * SIZE], p[SIZE * SIZE];
    const double norm = qn__chain_energy(SPINS, 5, energy);
    const qn__chain_target target = {SPINS, energy, norm, .8};
    gibbs(energy, target.temperature, pi);
    for (int chain = 0; chain < QN_CHAINS; chain++) {
        enumerate(chain, &target, proposal);
        accept(energy, target.temperature, proposal, p);
        for (int x = 0; x < SIZE; x++) {
            for (int y = 0; y < SIZE; y++) {
                assert_near(pi[x] * p[x * SIZE + y], pi[y] * p[y * SIZE + x], 1e-14);
            }
        }
    }
}

/* Replicas at two temperatures: exchange is in detailed balance, and a sweep of both followed by it leaves the product
 * of the two Gibbs laws as it is. */
static void test_exchange(void **unused)
{
    (void)unused;
    double energy[SIZE], cold[SIZE], hot[SIZE], proposal[SIZE * SIZE], p[SIZE * SIZE], q[SIZE * SIZE];
    static double joint[SIZE * SIZE], after[SIZE * SIZE];
    const double norm = qn__chain_energy(SPINS, 6, energy), low = .7, high = 2.1;
    const qn__chain_target target = {SPINS, energy, norm, low};
    gibbs(energy, low, cold);
    gibbs(energy, high, hot);
    enumerate(QN_CHAIN_LOCAL, &target, proposal);
    accept(energy, low, proposal, p);
    accept(energy, high, proposal, q);
    for (int x = 0; x < SIZE; x++) {
        for (int y = 0; y < SIZE; y++) {
            for (int k = 0; k < SIZE * SIZE; k++) {
                joint[x * SIZE + y] += cold[k / SIZE] * p[k / SIZE * SIZE + x] * hot[k % SIZE] * q[k % SIZE * SIZE + y];
            }
        }
    }
    for (int x = 0; x < SIZE; x++) {
        for (int y = 0; y < SIZE; y++) {
            const double there = qn__chain_exchange(1 / low, 1 / high, energy[x], energy[y]),
                         back = qn__chain_exchange(1 / low, 1 / high, energy[y], energy[x]);
            assert_near(cold[x] * hot[y] * there, cold[y] * hot[x] * back, 1e-14);
            after[x * SIZE + y] += joint[x * SIZE + y] * (1 - there);
            after[y * SIZE + x] += joint[x * SIZE + y] * there;
        }
    }
    for (int k = 0; k < SIZE * SIZE; k++) {
        assert_near(after[k], cold[k / SIZE] * hot[k % SIZE], 1e-14);
    }
}

static void assert_covers(double mean, double error, double exact)
{
    assert_true(error > 0);
    assert_near(mean, exact, 4.5 * error);
}

/* Long chains cover the exact averages, and their errors are small enough for that to say something. */
static void test_samples(void **unused)
{
    (void)unused;
    qn_context *context = NULL;
    qn_chain_samples s, again;
    assert_ok(qn_context_create(NULL, &context));
    for (uint64_t seed = 1; seed <= 2; seed++) {
        assert_ok(qn_generative_chain_samples(context, 6, 16, 12000, 1.5, seed, &s));
        for (int chain = 0; chain < QN_CHAIN_SAMPLERS; chain++) {
            const qn_chain_sample *const c = &s.of[chain];
            assert_covers(c->energy, c->energy_error, s.energy);
            assert_covers(c->magnetisation, c->magnetisation_error, s.magnetisation);
            assert_true(c->variation > 0 && c->variation < .5);
        }
        const qn_chain_sample *const tempering = &s.of[QN_CHAIN_TEMPERING];
        assert_true(tempering->energy_error < .02 * fabs(s.energy) && tempering->magnetisation_error < .05);
        assert_true(tempering->variation < .1);
        const double free = s.of[QN_CHAIN_INDEPENDENT].autocorrelation;
        assert_true(free > .25 && free < 2.5);
        assert_true(s.of[QN_CHAIN_QUANTUM].autocorrelation > 1);
    }
    assert_ok(qn_generative_chain_samples(context, 6, 16, 12000, 1.5, 2, &again));
    assert_memory_equal(&s, &again, sizeof s);
    qn_context_free(context);
}

static void test_refusals(void **unused)
{
    (void)unused;
    qn_context *context = NULL;
    qn_chain_samples s;
    assert_ok(qn_context_create(NULL, &context));
    assert_fails(qn_generative_chain_samples(context, 17, 16, 1000, 1, 1, &s), QN_ERR_RANGE, "17 spins");
    assert_fails(qn_generative_chain_samples(context, 4, 1, 1000, 1, 1, &s), QN_ERR_RANGE, "1 chains");
    assert_fails(qn_generative_chain_samples(context, 4, 2, 10, 1, 1, &s), QN_ERR_RANGE, "10 evaluations");
    assert_fails(qn_generative_chain_samples(context, 4, 2, 1000, (double)NAN, 1, &s), QN_ERR_RANGE, "temperature");
    qn_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_detailed_balance),
        cmocka_unit_test(test_exchange),
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
