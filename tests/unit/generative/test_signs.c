/* test_signs.c: the packed products of kernel/signs.h against their definition, for every instruction set of this
 * machine. */
#include <math.h>

#include <qn_test.h>

#include <quern/context.h>

#include "base/rng.h"
#include "kernel/kernel.h"
#include "kernel/signs.h"

enum { GATES = 37, STRIDE = 48, BIT_STRIDE = 3, SIGN_STRIDE = 2, LANES = 16 };

typedef struct problem {
    uint8_t bits[GATES * BIT_STRIDE];
    uint32_t signs[GATES * SIGN_STRIDE];
    float numbers[GATES], masks[256 * QN__SIGN_ROWS];
    float matrix[QN__SIGN_ROWS * STRIDE];
} problem;

static void fill(problem *p)
{
    for (size_t k = 0; k < sizeof p->bits; k++) {
        p->bits[k] = (uint8_t)(k % 5 == 0 ? 0 : qn__random_bits(5, 0, k));
    }
    for (size_t k = 0; k < GATES * SIGN_STRIDE; k++) {
        p->signs[k] = (uint32_t)qn__random_bits(5, 1, k);
    }
    for (size_t k = 0; k < GATES; k++) {
        p->numbers[k] = (float)qn__random_normal(5, 2, k);
    }
    for (size_t k = 0; k < QN__SIGN_ROWS * STRIDE; k++) {
        p->matrix[k] = (float)qn__random_normal(5, 3, k);
    }
    for (size_t k = 0; k < 256 * QN__SIGN_ROWS; k++) {
        p->masks[k] = (float)(k / QN__SIGN_ROWS >> k % QN__SIGN_ROWS & 1);
    }
}

static double sign(const problem *p, size_t gate, size_t column)
{
    return p->signs[gate * SIGN_STRIDE] >> column & 1 ? -1 : 1;
}

static double bit(const problem *p, size_t gate, size_t row)
{
    return p->bits[gate * BIT_STRIDE] >> row & 1;
}

static void check_arch(const qn__kernels *kernels)
{
    static problem p;
    _Alignas(64) float sums[GATES * LANES] = {0}, out[QN__SIGN_ROWS * STRIDE];
    fill(&p);
    memcpy(out, p.matrix, sizeof out);
    const qn__sign_tile tile = {GATES, p.bits, BIT_STRIDE, p.signs, SIGN_STRIDE, p.masks};
    kernels->signs->gather(&tile, p.numbers, out, STRIDE);
    kernels->signs->scatter(&tile, p.matrix, STRIDE, sums);
    for (size_t r = 0; r < QN__SIGN_ROWS; r++) {
        for (size_t c = 0; c < STRIDE; c++) {
            double expected = (double)p.matrix[r * STRIDE + c];
            for (size_t j = 0; c < QN__SIGN_COLUMNS && j < GATES; j++) {
                expected += bit(&p, j, r) * (double)p.numbers[j] * sign(&p, j, c);
            }
            assert_true(fabs((double)out[r * STRIDE + c] - expected) < 1e-4);
        }
    }
    for (size_t j = 0; j < GATES; j++) {
        double expected = 0, got = 0;
        for (size_t r = 0; r < QN__SIGN_ROWS; r++) {
            for (size_t c = 0; c < QN__SIGN_COLUMNS; c++) {
                expected += bit(&p, j, r) * (double)p.matrix[r * STRIDE + c] * sign(&p, j, c);
            }
        }
        for (size_t l = 0; l < kernels->lanes; l++) {
            got += (double)sums[j * kernels->lanes + l];
        }
        assert_true(fabs(got - expected) < 1e-3);
    }
}

static void test_all_archs(void **state)
{
    (void)state;
    static const char *const archs[] = {"generic", "neon", "avx2", "avx512"};
    for (size_t k = 0; k < 4; k++) {
        qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
        qn_context *context = NULL;
        options.arch = archs[k];
        if (qn_context_create(&options, &context) == QN_OK) {
            check_arch(qn__kernels_find(archs[k], true));
            qn_context_free(context);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_archs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
