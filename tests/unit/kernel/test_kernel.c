/* test_kernel.c: every kernel of every instruction set of this machine against its definition, on states from one to
 * nine qubits and with the work cut into one, three and seven ranges. */
#include "qn_test.h"

#include <quern/context.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "kernel/kernel.h"

enum { MOST = 9, SIZE = 1 << MOST };

typedef struct state {
    const qn__kernels *kernels;
    uint32_t nqubits;
    uint64_t size, blocks;
    void *data;
    double re[SIZE], im[SIZE]; /* the model */
} state;

static uint64_t seed, draws;

static double uniform(void)
{
    return qn__random_uniform(seed, 1, draws++) * 2.0 - 1.0;
}

static uint64_t below(uint64_t n)
{
    return (uint64_t)((uniform() + 1.0) / 2.0 * (double)n);
}

/* Calls test(kernels) for all instruction sets and precisions this machine can run. */
static void each(void (*test)(const qn__kernels *kernels, double tolerance))
{
    static const char *const archs[] = {"generic", "avx2", "avx512", "neon"};
    unsigned ran = 0;
    for (size_t a = 0; a < sizeof archs / sizeof archs[0]; a++) {
        qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
        options.arch = archs[a];
        qn_context *context = NULL;
        if (qn_context_create(&options, &context) != QN_OK) {
            continue;
        }
        qn_context_free(context);
        for (int single = 0; single < 2; single++) {
            const qn__kernels *kernels = qn__kernels_find(archs[a], single != 0);
            if (kernels != NULL) {
                assert_string_equal(kernels->name, archs[a]);
                assert_int_equal(kernels->real_size, single != 0 ? 4 : 8);
                test(kernels, single != 0 ? 2e-6 : 1e-13);
                ran++;
            }
        }
    }
    assert_true(ran >= 2);
}

/* The real or the imaginary part (1) of amplitude i, by the layout of kernel.h. */
static double number(const state *s, uint64_t i, uint64_t part)
{
    const uint64_t lanes = s->kernels->lanes, at = i / lanes * 2 * lanes + i % lanes + part * lanes;
    return s->kernels->real_size == 4 ? (double)((float *)s->data)[at] : ((double *)s->data)[at];
}

static void set(const state *s, uint64_t i, double re, double im)
{
    const uint64_t lanes = s->kernels->lanes, at = i / lanes * 2 * lanes + i % lanes;
    if (s->kernels->real_size == 4) {
        ((float *)s->data)[at] = (float)re;
        ((float *)s->data)[at + lanes] = (float)im;
    } else {
        ((double *)s->data)[at] = re;
        ((double *)s->data)[at + lanes] = im;
    }
}

static state *make(const qn__kernels *kernels, uint32_t nqubits)
{
    state *s = malloc(sizeof *s);
    assert_non_null(s);
    s->kernels = kernels;
    s->nqubits = nqubits;
    s->size = UINT64_C(1) << nqubits;
    s->blocks = s->size < kernels->lanes ? 1 : s->size / kernels->lanes;
    s->data = qn__calloc(s->blocks * kernels->lanes * 2, kernels->real_size);
    assert_non_null(s->data);
    for (uint64_t i = 0; i < s->size; i++) {
        s->re[i] = (double)(float)uniform(); /* the same in both precisions */
        s->im[i] = (double)(float)uniform();
        set(s, i, s->re[i], s->im[i]);
    }
    return s;
}

static void drop(state *s)
{
    qn__free(s->data);
    free(s);
}

static void compare(const state *s, double tolerance)
{
    for (uint64_t i = 0; i < s->size; i++) {
        assert_near(number(s, i, 0), s->re[i], tolerance);
        assert_near(number(s, i, 1), s->im[i], tolerance);
    }
}

/* The definition of qn__kernel_gate. */
static void model_gate(state *s, const qn__kernel_gate *g)
{
    const double *m = g->m;
    for (uint64_t i = 0; i < s->size; i++) {
        if ((i & g->fixed) != g->value) {
            continue;
        }
        const double sign = (__builtin_popcountll(i & g->z) & 1) != 0 ? -1.0 : 1.0;
        if (g->x == 0) {
            const double *d = sign > 0 ? m : m + 6;
            const double re = s->re[i] * d[0] - s->im[i] * d[1];
            s->im[i] = s->re[i] * d[1] + s->im[i] * d[0];
            s->re[i] = re;
            continue;
        }
        const uint64_t j = i ^ g->x;
        const double ur = s->re[i], ui = s->im[i], vr = s->re[j], vi = s->im[j];
        s->re[i] = m[0] * ur - m[1] * ui + sign * (m[2] * vr - m[3] * vi);
        s->im[i] = m[0] * ui + m[1] * ur + sign * (m[2] * vi + m[3] * vr);
        s->re[j] = m[6] * vr - m[7] * vi + sign * (m[4] * ur - m[5] * ui);
        s->im[j] = m[6] * vi + m[7] * vr + sign * (m[4] * ui + m[5] * ur);
    }
}

/* Random masks with the highest bit of x among the fixed ones. */
static void random_gate(uint32_t n, bool flips, bool is_signed, qn__kernel_gate *g)
{
    const uint64_t all = (UINT64_C(1) << n) - 1;
    *g = (qn__kernel_gate){.x = flips ? 1 + below(all) : 0, .z = is_signed ? below(all + 1) : 0};
    g->fixed = below(all + 1) & below(all + 1) & below(all + 1);
    if (flips) {
        g->x = below(2) == 0 ? UINT64_C(1) << below(n) : g->x; /* half of them on one qubit */
        g->fixed |= UINT64_C(1) << (63 - __builtin_clzll(g->x));
    }
    g->value = below(all + 1) & g->fixed;
    for (int k = 0; k < 8; k++) {
        g->m[k] = uniform();
    }
}

/* Entries a shape does not read must be zero by its meaning. */
static void shape_matrix(qn__kernel_shape shape, double *m)
{
    if (shape == QN__SHAPE_REAL) {
        m[1] = m[3] = m[5] = m[7] = 0.0;
    } else if (shape == QN__SHAPE_IMAGINARY) {
        m[1] = m[2] = m[4] = m[7] = 0.0;
    } else if (shape == QN__SHAPE_SWAP) {
        const double x[8] = {0, 0, 1, 0, 1, 0, 0, 0};
        memcpy(m, x, sizeof x);
    }
}

static const uint64_t cuts[] = {1, 3, 7};

static void pairs_of(const qn__kernels *kernels, double tolerance)
{
    for (uint32_t n = 1; n <= MOST; n++) {
        for (uint32_t round = 0; round < 48; round++) {
            state *s = make(kernels, n);
            const qn__kernel_shape shape = (qn__kernel_shape)(round % 4);
            qn__kernel_gate g;
            random_gate(n, true, false, &g);
            shape_matrix(shape, g.m);
            const uint64_t parts = cuts[round % 3];
            for (uint64_t part = 0; part < parts; part++) {
                kernels->pair(s->data, s->blocks, &g, shape, part, parts);
            }
            model_gate(s, &g);
            compare(s, 4 * tolerance);
            drop(s);
        }
    }
}

static void paulis_and_diagonals_of(const qn__kernels *kernels, double tolerance)
{
    for (uint32_t n = 1; n <= MOST; n++) {
        for (uint32_t round = 0; round < 48; round++) {
            state *s = make(kernels, n);
            qn__kernel_gate g;
            random_gate(n, round % 2 == 0, true, &g);
            const uint64_t parts = cuts[round % 3];
            if (round % 2 == 0) {
                shape_matrix((__builtin_popcountll(g.x & g.z) & 1) != 0 ? QN__SHAPE_REAL : QN__SHAPE_IMAGINARY, g.m);
            }
            for (uint64_t part = 0; part < parts; part++) {
                (round % 2 == 0 ? kernels->pauli : kernels->diagonal)(s->data, s->blocks, &g, part, parts);
            }
            model_gate(s, &g);
            compare(s, 4 * tolerance);
            drop(s);
        }
    }
}

static void dense_of(const qn__kernels *kernels, double tolerance)
{
    for (uint32_t n = 1; n <= 7; n++) {
        for (uint32_t round = 0; round < 24; round++) {
            state *s = make(kernels, n), *in = make(kernels, n);
            qn__kernel_dense g = {.ntargets = 1 + (uint32_t)below(n < 4 ? n : 4)};
            double matrix[2 << (2 * QN__KERNEL_TARGETS)];
            uint64_t used = 0;
            for (uint32_t t = 0; t < g.ntargets; t++) {
                do {
                    g.targets[t] = (uint32_t)below(n);
                } while ((used >> g.targets[t] & 1) != 0);
                used |= UINT64_C(1) << g.targets[t];
            }
            g.fixed = below(UINT64_C(1) << n) & below(UINT64_C(1) << n) & ~used;
            g.value = below(UINT64_C(1) << n) & g.fixed;
            const uint64_t dimension = UINT64_C(1) << g.ntargets;
            for (uint64_t k = 0; k < 2 * dimension * dimension; k++) {
                matrix[k] = uniform();
            }
            g.matrix = matrix;
            memcpy(in->re, s->re, sizeof in->re);
            memcpy(in->im, s->im, sizeof in->im);
            const uint64_t parts = cuts[round % 3];
            for (uint64_t part = 0; part < parts; part++) {
                kernels->dense(s->data, s->blocks, &g, part, parts);
            }
            for (uint64_t i = 0; i < s->size; i++) {
                if ((i & g.fixed) != g.value) {
                    continue;
                }
                uint64_t row = 0;
                for (uint32_t t = 0; t < g.ntargets; t++) {
                    row |= (i >> g.targets[t] & 1) << t;
                }
                s->re[i] = s->im[i] = 0.0;
                for (uint64_t column = 0; column < dimension; column++) {
                    uint64_t j = i & ~used;
                    for (uint32_t t = 0; t < g.ntargets; t++) {
                        j |= (column >> t & 1) << g.targets[t];
                    }
                    const double *m = matrix + 2 * (row * dimension + column);
                    s->re[i] += m[0] * in->re[j] - m[1] * in->im[j];
                    s->im[i] += m[0] * in->im[j] + m[1] * in->re[j];
                }
            }
            compare(s, 10 * tolerance);
            drop(s);
            drop(in);
        }
    }
}

static void model_overlap(const state *bra, const state *ket, const qn__kernel_gate *g, double *t)
{
    memset(t, 0, 8 * sizeof *t);
    for (uint64_t i = 0; i < bra->size; i++) {
        if ((i & g->fixed) != g->value) {
            continue;
        }
        const bool odd = (__builtin_popcountll(i & g->z) & 1) != 0;
        const uint64_t at[2] = {i, i ^ g->x};
        for (int a = 0; a < 2; a++) {
            for (int b = 0; b < 2; b++) {
                if (g->x == 0 && (a != b || (a == 1) != odd)) {
                    continue;
                }
                const double sign = a != b && odd ? -1.0 : 1.0;
                const uint64_t k = at[a], l = at[b];
                t[4 * a + 2 * b] += sign * (bra->re[k] * ket->re[l] + bra->im[k] * ket->im[l]);
                t[4 * a + 2 * b + 1] += sign * (bra->re[k] * ket->im[l] - bra->im[k] * ket->re[l]);
            }
        }
    }
}

static void overlaps_of(const qn__kernels *kernels, double tolerance)
{
    for (uint32_t n = 1; n <= MOST; n++) {
        for (uint32_t round = 0; round < 24; round++) {
            state *bra = make(kernels, n), *ket = make(kernels, n);
            qn__kernel_gate g;
            random_gate(n, round % 3 != 0, round % 2 == 0, &g);
            double want[8], sums[8], part_sums[8];
            model_overlap(bra, ket, &g, want);
            const uint64_t parts = cuts[round % 3];
            memset(sums, 0, sizeof sums);
            for (uint64_t part = 0; part < parts; part++) {
                kernels->pair_undo(bra->data, ket->data, bra->blocks, &g, part, parts, part_sums);
                for (int t = 0; t < 8; t++) {
                    sums[t] += part_sums[t];
                }
            }
            for (int t = 0; t < 8; t++) {
                assert_near(sums[t], want[t], 40 * tolerance);
            }
            model_gate(bra, &g);
            model_gate(ket, &g);
            compare(bra, 4 * tolerance);
            compare(ket, 4 * tolerance);
            drop(bra);
            drop(ket);
        }
    }
}

static void states_of(const qn__kernels *kernels, double tolerance)
{
    for (uint32_t n = 1; n <= MOST; n++) {
        state *s = make(kernels, n), *other = make(kernels, n);
        double out[2 * SIZE], norm = 0.0, inner = 0.0;
        for (uint64_t i = 0; i < s->size; i++) {
            norm += s->re[i] * s->re[i] + s->im[i] * s->im[i];
            inner += s->re[i] * other->re[i] + s->im[i] * other->im[i];
        }
        assert_near(kernels->norm(s->data, 0, s->blocks), norm, 1e-10);
        assert_near(kernels->inner(s->data, other->data, 0, s->blocks), inner, 1e-10);
        kernels->probabilities(s->data, 0, s->size, out);
        for (uint64_t i = 0; i < s->size; i++) {
            assert_near(out[i], s->re[i] * s->re[i] + s->im[i] * s->im[i], 1e-15);
        }
        kernels->read(s->data, 1, s->size - 1, out);
        for (uint64_t i = 1; i < s->size; i++) {
            assert_near(out[2 * i - 2], s->re[i], 0.0);
            assert_near(out[2 * i - 1], s->im[i], 0.0);
        }
        kernels->scaled_copy(other->data, s->data, s->blocks, 0.5, -0.25);
        for (uint64_t i = 0; i < s->size; i++) {
            other->re[i] = 0.5 * s->re[i] + 0.25 * s->im[i];
            other->im[i] = 0.5 * s->im[i] - 0.25 * s->re[i];
        }
        compare(other, tolerance);
        double columns[4 * MOST];
        for (uint32_t k = 0; k < 4 * n; k++) {
            columns[k] = uniform();
        }
        kernels->product(s->data, n, columns);
        for (uint64_t i = 0; i < s->size; i++) {
            double re = 1.0, im = 0.0;
            for (uint32_t q = 0; q < n; q++) {
                const double *c = columns + 4 * (size_t)q + 2 * (i >> q & 1);
                const double r = re * c[0] - im * c[1];
                im = re * c[1] + im * c[0];
                re = r;
            }
            s->re[i] = re;
            s->im[i] = im;
        }
        compare(s, tolerance);
        kernels->clear(s->data, s->blocks);
        memset(s->re, 0, sizeof s->re);
        memset(s->im, 0, sizeof s->im);
        compare(s, 0.0);
        drop(s);
        drop(other);
    }
}

/* A group on one tile, and on the two halves of a state as two tiles. */
static void groups_of(const qn__kernels *kernels, double tolerance)
{
    for (uint32_t n = 2; n <= MOST; n++) {
        for (uint32_t round = 0; round < 24; round++) {
            state *s = make(kernels, n), *out = make(kernels, n);
            enum { TERMS = 20 };
            const size_t count = round % 2 == 0 ? TERMS : 3;
            const uint64_t x = round % 4 < 2 ? below(s->size) : UINT64_C(1) << below(n);
            uint64_t z[2][TERMS];
            double c[2][TERMS], table[2][SIZE], value = 0.0, weight = 0.6;
            void *tables[2];
            for (int odd = 0; odd < 2; odd++) { /* even |x & z| makes the real table, odd the imaginary one */
                for (size_t t = 0; t < count; t++) {
                    do {
                        z[odd][t] = below(s->size);
                    } while (x != 0 && (__builtin_popcountll(x & z[odd][t]) & 1) != odd);
                    c[odd][t] = x == 0 && odd != 0 ? 0.0 : uniform();
                }
                tables[odd] = qn__alloc(s->blocks * kernels->lanes, kernels->real_size);
                assert_non_null(tables[odd]);
                (round % 3 == 0 ? kernels->table_terms : kernels->table_transform)(tables[odd], s->blocks, count,
                                                                                   z[odd], c[odd]);
                for (uint64_t i = 0; i < s->size; i++) {
                    table[odd][i] = 0.0;
                    for (size_t t = 0; t < count; t++) {
                        table[odd][i] += (__builtin_popcountll(i & z[odd][t]) & 1) != 0 ? -c[odd][t] : c[odd][t];
                    }
                    const double got =
                        kernels->real_size == 4 ? (double)((float *)tables[odd])[i] : ((double *)tables[odd])[i];
                    assert_near(got, table[odd][i], 10 * tolerance);
                }
            }
            const bool has_re = round % 5 != 1, has_im = round % 5 != 2 && x != 0;
            for (uint64_t i = 0; i < s->size; i++) { /* H|i> = F(i) |i ^ x> */
                const uint64_t j = i ^ x;
                const double fr = has_re ? table[0][i] : 0.0, fi = has_im ? table[1][i] : 0.0;
                const double hr = fr * s->re[i] - fi * s->im[i], hi = fr * s->im[i] + fi * s->re[i];
                value += s->re[j] * hr + s->im[j] * hi;
                out->re[j] += weight * hr;
                out->im[j] += weight * hi;
            }
            const void *re = has_re ? tables[0] : NULL, *im = has_im ? tables[1] : NULL;
            if (has_re || has_im) {
                assert_near(kernels->group_expect(s->data, s->data, s->blocks, x, re, im), value, 400 * tolerance);
                state *once = make(kernels, n); /* gathering only must give the same */
                memcpy(once->data, out->data, s->blocks * kernels->lanes * 2 * kernels->real_size);
                kernels->group_apply(s->data, s->data, out->data, out->data, s->blocks, x, re, im, weight);
                compare(out, 20 * tolerance);
                kernels->group_apply(s->data, s->data, once->data, NULL, s->blocks, x, re, im, weight);
                memcpy(once->re, out->re, sizeof once->re);
                memcpy(once->im, out->im, sizeof once->im);
                compare(once, 20 * tolerance);
                drop(once);
            }
            const uint64_t half = s->size / 2;
            if (s->blocks >= 2 && (x & half) != 0 && (has_re || has_im)) { /* lower tile owns the pairs */
                unsigned char *upper = (unsigned char *)s->data + half * 2 * kernels->real_size;
                assert_near(kernels->group_expect(s->data, upper, s->blocks / 2, x & (half - 1), re, im), value,
                            400 * tolerance);
            }
            qn__free(tables[0]);
            qn__free(tables[1]);
            drop(s);
            drop(out);
        }
    }
}

/* H on random qubits, on all and on one, of states that span several parts of the kernel. */
static void hadamards_of(const qn__kernels *kernels, double tolerance)
{
    static double re[1 << 13], im[1 << 13]; /* the model; too large for the stack */
    for (uint32_t n = 4; n <= 13; n++) {
        for (int round = 0; round < 6; round++) {
            const uint64_t size = UINT64_C(1) << n, lanes = kernels->lanes, blocks = size / lanes;
            const uint64_t qubits = round == 0   ? size - 1
                                    : round == 1 ? UINT64_C(1) << below(n)
                                    : round == 2 ? (size - 1) & ~(lanes - 1)
                                                 : 1 + below(size - 1);
            state s = {.kernels = kernels, .data = qn__calloc(blocks * lanes * 2, kernels->real_size)};
            assert_non_null(s.data);
            for (uint64_t i = 0; i < size; i++) {
                re[i] = (double)(float)uniform();
                im[i] = (double)(float)uniform();
                set(&s, i, re[i], im[i]);
            }
            for (uint32_t q = 0; q < n; q++) {
                for (uint64_t i = 0; i < size && (qubits >> q & 1) != 0; i++) {
                    const uint64_t j = i | UINT64_C(1) << q;
                    if (j != i) {
                        const double h = 0.70710678118654752440, u = re[i], v = im[i];
                        re[i] = h * (u + re[j]);
                        im[i] = h * (v + im[j]);
                        re[j] = h * (u - re[j]);
                        im[j] = h * (v - im[j]);
                    }
                }
            }
            kernels->hadamard(s.data, blocks, qubits);
            for (uint64_t i = 0; i < size; i++) {
                assert_near(number(&s, i, 0), re[i], 20 * tolerance);
                assert_near(number(&s, i, 1), im[i], 20 * tolerance);
            }
            qn__free(s.data);
        }
    }
}

static void hadamards(void **unused)
{
    (void)unused;
    each(hadamards_of);
}

static void pairs(void **unused)
{
    (void)unused;
    each(pairs_of);
}

static void paulis_and_diagonals(void **unused)
{
    (void)unused;
    each(paulis_and_diagonals_of);
}

static void dense(void **unused)
{
    (void)unused;
    each(dense_of);
}

static void overlaps(void **unused)
{
    (void)unused;
    each(overlaps_of);
}

static void states(void **unused)
{
    (void)unused;
    each(states_of);
}

static void groups(void **unused)
{
    (void)unused;
    each(groups_of);
}

static void unknown_instruction_set(void **unused)
{
    (void)unused;
    assert_null(qn__kernels_find("avx1024", false));
    assert_non_null(qn__kernels_find("generic", true));
}

int main(void)
{
    seed = qn_test_seed();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs),
        cmocka_unit_test(hadamards),
        cmocka_unit_test(paulis_and_diagonals),
        cmocka_unit_test(dense),
        cmocka_unit_test(states),
        cmocka_unit_test(overlaps),
        cmocka_unit_test(groups),
        cmocka_unit_test(unknown_instruction_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
