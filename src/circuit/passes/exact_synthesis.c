/* exact_synthesis.c: exact synthesis by the Bloch sphere.
 *
 * The rotation R that a Clifford+T unitary U makes of the Pauli matrices has entries in Z[sqrt 2] / sqrt 2^n, and the
 * least n is its T count (Gosset, Kliuchnikov, Mosca, Russo, arXiv:1308.4134). U = (T | HT | SHT) (HT | SHT)* C with a
 * Clifford C, in one way only (Matsumoto and Amano, arXiv:0806.3834); which letter comes first is read off the row of
 * sqrt 2^n R that vanishes modulo sqrt 2: z for T, x for HT, y for SHT (Giles and Selinger, arXiv:1312.6584). */
#include "circuit/passes/exact_synthesis.h"

#include <string.h>

typedef struct bloch {
    qn__root2 r[3][3];
    uint32_t n;
} bloch;

static const char *const PREFIXES[3] = {"HT", "SHT", "T"}; /* by the row that vanishes */

char *qn__repeat(char *at, char letter, unsigned count)
{
    memset(at, letter, count);
    at[count] = '\0';
    return at + count;
}

qn__exact qn__exact_identity(void)
{
    const qn__omega zero = {{0, 0, 0, 0}}, one = {{1, 0, 0, 0}};
    return (qn__exact){{one, zero, zero, one}, 0};
}

qn__exact qn__exact_from_column(qn__omega u, qn__omega t, uint32_t k)
{
    const qn__omega zero = {{0, 0, 0, 0}};
    return (qn__exact){{u, qn__omega_sub(zero, qn__omega_adjoint(t)), t, qn__omega_adjoint(u)}, k};
}

static void shorten(qn__exact *x)
{
    while (x->k > 0 && qn__omega_divisible(x->m[0]) && qn__omega_divisible(x->m[1]) && qn__omega_divisible(x->m[2]) &&
           qn__omega_divisible(x->m[3])) {
        for (int i = 0; i < 4; i++) {
            x->m[i] = qn__omega_divide(x->m[i]);
        }
        x->k--;
    }
}

qn__exact qn__exact_times(qn__exact x, char letter)
{
    qn__omega *m = x.m;
    switch (letter) {
    case 'H':
        for (int row = 0; row < 4; row += 2) {
            const qn__omega a = m[row], b = m[row + 1];
            m[row] = qn__omega_add(a, b);
            m[row + 1] = qn__omega_sub(a, b);
        }
        x.k++;
        shorten(&x);
        break;
    case 'X':
        for (int row = 0; row < 4; row += 2) {
            const qn__omega a = m[row];
            m[row] = m[row + 1];
            m[row + 1] = a;
        }
        break;
    case 'W':
        for (int i = 0; i < 4; i++) {
            m[i] = qn__omega_turn(m[i], 1);
        }
        break;
    default: /* T or S */
        m[1] = qn__omega_turn(m[1], letter == 'S' ? 2 : 1);
        m[3] = qn__omega_turn(m[3], letter == 'S' ? 2 : 1);
        break;
    }
    return x;
}

/* Undo a prefix on the left. */
static void strip(qn__exact *x, const char *prefix)
{
    qn__omega *m = x->m;
    for (; *prefix != '\0'; prefix++) {
        for (int column = 0; column < 2; column++) {
            const qn__omega a = m[column], b = m[2 + column];
            if (*prefix == 'H') {
                m[column] = qn__omega_add(a, b);
                m[2 + column] = qn__omega_sub(a, b);
            } else {
                m[2 + column] = qn__omega_turn(b, *prefix == 'S' ? 6 : 7);
            }
        }
        x->k += *prefix == 'H';
    }
    shorten(x);
}

/* sqrt 2 times the real or imaginary part. */
static qn__root2 real_part(qn__omega w)
{
    return (qn__root2){w.c[1] - w.c[3], w.c[0]};
}

static qn__root2 imaginary_part(qn__omega w)
{
    return (qn__root2){w.c[1] + w.c[3], w.c[2]};
}

static qn__root2 halve_root(qn__root2 x) /* x / sqrt 2 for even a */
{
    return (qn__root2){x.b, x.a / 2};
}

static bool divisible(const bloch *b)
{
    bool even = true;
    for (int i = 0; i < 9; i++) {
        even = even && !qn__odd(b->r[i / 3][i % 3].a);
    }
    return even;
}

/* R_ij = trace(P_i U P_j U+) / 2. */
static bloch bloch_of(const qn__exact *x)
{
    const qn__omega u = x->m[0], t = x->m[2], v = x->m[1], w = x->m[3];
    /* U P U+ for P = X, Y, Z has lower left entry n and upper left one m: column (Re n, Im n, m). */
    const qn__omega ua = qn__omega_adjoint(u), va = qn__omega_adjoint(v);
    const qn__omega wu = qn__omega_mul(w, ua), tv = qn__omega_mul(t, va), vu = qn__omega_mul(v, ua);
    const qn__omega tu = qn__omega_mul(t, ua), wv = qn__omega_mul(w, va);
    const qn__omega nx = qn__omega_add(wu, tv), nz = qn__omega_sub(tu, wv);
    const qn__omega ny = qn__omega_turn(qn__omega_sub(wu, tv), 2); /* Y = [[0, -i], [i, 0]] */
    const qn__root2 uu = qn__omega_square(u), vv = qn__omega_square(v);
    const qn__root2 x0 = real_part(vu), y0 = imaginary_part(vu);
    bloch b = {{{real_part(nx), real_part(ny), real_part(nz)},
                {imaginary_part(nx), imaginary_part(ny), imaginary_part(nz)},
                {{2 * x0.a, 2 * x0.b}, {-2 * y0.a, -2 * y0.b}, {2 * (uu.b - vv.b), uu.a - vv.a}}},
               2 * x->k + 1};
    while (b.n > 0 && divisible(&b)) {
        for (int i = 0; i < 9; i++) {
            b.r[i / 3][i % 3] = halve_root(b.r[i / 3][i % 3]);
        }
        b.n--;
    }
    return b;
}

static bool row_vanishes(const bloch *b, int row)
{
    return !qn__odd(b->r[row][0].a) && !qn__odd(b->r[row][1].a) && !qn__odd(b->r[row][2].a);
}

/* Undo HT, SHT or T: to the rows (0, 1, 2 = x, y, z). */
static void strip_bloch(bloch *b, int which)
{
    for (int j = 0; j < 3; j++) {
        qn__root2 x = b->r[0][j], y = b->r[1][j], z = b->r[2][j];
        if (which == 1) { /* S: x -> y, y -> -x */
            const qn__root2 old = x;
            x = y;
            y = (qn__root2){-old.a, -old.b};
        }
        if (which != 2) { /* H: x <-> z, y -> -y */
            const qn__root2 old = x;
            x = z;
            z = old;
            y = (qn__root2){-y.a, -y.b};
        }
        /* T: x' = (x + y) / sqrt 2, y' = (y - x) / sqrt 2, over one sqrt 2 less */
        b->r[0][j] = (qn__root2){(x.a + y.a) / 2, (x.b + y.b) / 2};
        b->r[1][j] = (qn__root2){(y.a - x.a) / 2, (y.b - x.b) / 2};
        b->r[2][j] = halve_root(z);
    }
    b->n--;
}

static bool same(const qn__exact *a, const qn__exact *b)
{
    bool equal = a->k == b->k;
    for (int i = 0; i < 4; i++) {
        equal = equal && qn__omega_equal(a->m[i], b->m[i]);
    }
    return equal;
}

/* A Clifford: ("", H, SH) S^j X^k W^l. */
static bool clifford_word(const qn__exact *x, char *out)
{
    static const char *const cosets[] = {"", "H", "SH"};
    for (unsigned i = 0; i < 3 * 4 * 2; i++) {
        char word[16] = "";
        memcpy(word, cosets[i / 8], strlen(cosets[i / 8]) + 1);
        (void)qn__repeat(qn__repeat(word + strlen(word), 'S', i % 4), 'X', i / 4 % 2);
        qn__exact product = qn__exact_identity();
        for (const char *letter = word; *letter != '\0'; letter++) {
            product = qn__exact_times(product, *letter);
        }
        for (unsigned phase = 0; phase < 8; phase++) {
            if (same(&product, x)) {
                memcpy(out, word, strlen(word) + 1);
                (void)qn__repeat(out + strlen(out), 'W', phase);
                return true;
            }
            product = qn__exact_times(product, 'W');
        }
    }
    return false;
}

qn_status qn__exact_synthesise(const qn__exact *x, char word[QN__WORD], uint32_t *t_count)
{
    enum { TAIL = 16 };
    qn__exact rest = *x;
    shorten(&rest);
    bloch b = bloch_of(&rest);
    size_t length = 0;
    *t_count = b.n;
    while (b.n > 0) {
        int which = 0;
        while (which < 3 && !row_vanishes(&b, which)) {
            which++;
        }
        QN_CHECK(which < 3 && length + TAIL + 3 < QN__WORD, ERR_INTERNAL, "matrix is not in the Clifford+T group");
        const size_t added = strlen(PREFIXES[which]);
        memcpy(word + length, PREFIXES[which], added + 1);
        length += added;
        strip_bloch(&b, which);
        strip(&rest, PREFIXES[which]);
    }
    QN_CHECK(clifford_word(&rest, word + length), ERR_INTERNAL, "remainder of a synthesis is no Clifford gate");
    return QN_OK;
}
