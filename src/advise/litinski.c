/* litinski.c: the 15-to-1 factory of D. Litinski, arXiv:1905.06903, by a density-matrix run of its five qubits.
 *
 * Fifteen pi/8 rotations about products of Z act on |+>^5 and qubits 2 to 5 are projected on |+>. Every rotation also
 * turns by other angles, with probabilities made of the physical error and of the code's over the surgery that does it,
 * and every tile waits and errs meanwhile. All rotations are diagonal, so a run is a few thousand products. */
#include <quern/estimate.h>

#include <math.h>
#include <string.h>

#include "base/status.h"

enum { QUBITS = 5, SIZE = 1 << QUBITS, FIRST = 1 << (QUBITS - 1) /* qubit 1 is the leftmost letter */ };

static const double PI = 3.14159265358979323846;

typedef struct factory {
    double re[SIZE][SIZE], im[SIZE][SIZE]; /* the density matrix */
    double p, dx, dz, dm;                  /* physical error and distances */
    double px, pz, pm;                     /* logical error of a tile a round at those distances */
} factory;

static unsigned mask_of(const char *letters)
{
    unsigned mask = 0;
    for (int i = 0; i < QUBITS; i++) {
        mask = mask << 1 | (letters[i] == 'Z' ? 1U : 0U);
    }
    return mask;
}

static bool odd(unsigned bits)
{
    bits ^= bits >> 4;
    bits ^= bits >> 2;
    bits ^= bits >> 1;
    return (bits & 1) != 0;
}

/* rho -> sum over t of w(t) exp(i t pi/8 P) rho exp(-i t pi/8 P), t = 1, 5, -1, 3. Where both basis states have the
 * same parity nothing happens; else the element turns by +- t pi/4. */
static void rotate(factory *f, const char *letters, double p1, double p2)
{
    const double p3 = f->p / 3, weights[4] = {1 - p1 - p2 - p3, p1, p2, p3};
    static const double turns[4] = {1, 5, -1, 3};
    double cosine = 0, sine = 0;
    for (int k = 0; k < 4; k++) {
        cosine += weights[k] * cos(turns[k] * PI / 4);
        sine += weights[k] * sin(turns[k] * PI / 4);
    }
    const unsigned mask = mask_of(letters);
    for (unsigned a = 0; a < SIZE; a++) {
        for (unsigned b = 0; b < SIZE; b++) {
            const bool odd_a = odd(a & mask), odd_b = odd(b & mask);
            if (odd_a != odd_b) {
                const double s = odd_b ? sine : -sine, re = f->re[a][b], im = f->im[a][b];
                f->re[a][b] = re * cosine - im * s;
                f->im[a][b] = re * s + im * cosine;
            }
        }
    }
}

/* A rotation about one qubit, done by injecting into its own tile. */
static void rotate_one(factory *f, const char *letters)
{
    rotate(f, letters, f->p / 3 + 0.5 * (f->dm / f->dz) * f->pz * f->dm, f->p / 3 + 0.5 * f->dz * f->pm);
}

/* A rotation about several, through an ancilla of so many columns. */
static void rotate_many(factory *f, const char *letters, double length)
{
    const double p1 = f->p / 3 + 0.5 * f->pm * f->dm;
    rotate(f, letters, p1, p1 + 0.5 * length * (f->dx / f->dm) * f->pm);
}

/* A flip of sign with probability p. */
static void err_z(factory *f, unsigned qubit, double p)
{
    const unsigned bit = FIRST >> qubit;
    for (unsigned a = 0; a < SIZE; a++) {
        for (unsigned b = 0; b < SIZE; b++) {
            if (((a ^ b) & bit) != 0) {
                f->re[a][b] *= 1 - 2 * p;
                f->im[a][b] *= 1 - 2 * p;
            }
        }
    }
}

static void mix(double *x, double *y, double p)
{
    const double a = *x, b = *y;
    *x = (1 - p) * a + p * b;
    *y = (1 - p) * b + p * a;
}

static void err_x(factory *f, unsigned qubit, double p)
{
    const unsigned bit = FIRST >> qubit;
    for (unsigned a = 0; a < SIZE; a++) {
        for (unsigned b = 0; b < SIZE; b++) {
            if ((a & bit) == 0) {
                mix(&f->re[a][b], &f->re[a ^ bit][b ^ bit], p);
                mix(&f->im[a][b], &f->im[a ^ bit][b ^ bit], p);
            }
        }
    }
}

/* One step of waiting: qubit 1 for `own` rounds of its X distance, qubits 2 to `last` for dm. */
static void wait(factory *f, double own, unsigned last)
{
    const double x = 0.5 * (f->dz / f->dx) * f->px * f->dm, z = 0.5 * (f->dx / f->dz) * f->pz * f->dm;
    err_x(f, 0, 0.5 * f->px * own);
    err_z(f, 0, 0.5 * f->px * own);
    for (unsigned q = 1; q < last; q++) {
        err_x(f, q, x);
        err_z(f, q, z);
    }
}

/* Qubit 1 takes part in measurements over ancillas of these lengths, one beside the other. */
static void stretch(factory *f, double length)
{
    err_z(f, 0, 0.5 * length / f->dx * f->px * f->dm);
}

static void run(factory *f)
{
    const double dx = f->dx, dz = f->dz, dm = f->dm;
    rotate_one(f, "IZIII");
    rotate_one(f, "IIZII");
    rotate_one(f, "IIIZI");
    rotate_many(f, "IZZZI", 3 * dz);
    wait(f, 0, 4);
    rotate_many(f, "ZZZII", dx + 2 * dz);
    rotate_many(f, "ZZIZI", dx + 3 * dz);
    stretch(f, 2 * dx + 5 * dz);
    wait(f, dm, 4);
    rotate_many(f, "ZIZZI", dx + 3 * dz);
    rotate_many(f, "ZIIZZ", dx + 4 * dz);
    rotate_one(f, "IIIIZ");
    stretch(f, 2 * dx + 7 * dz);
    wait(f, dm, 5);
    rotate_many(f, "ZZIIZ", dx + 4 * dz);
    rotate_many(f, "ZIZIZ", dx + 4 * dz);
    stretch(f, 2 * dx + 8 * dz);
    wait(f, dm, 5);
    rotate_many(f, "ZZZZZ", dx + 4 * dz);
    rotate_many(f, "IIZZZ", 3 * dz);
    stretch(f, dx + 4 * dz);
    wait(f, dm + 2 * dx, 5);
    rotate_many(f, "IZIZZ", 4 * dz);
    rotate_many(f, "IZZIZ", 4 * dz);
    wait(f, 0, 5);
}

/* Qubit 1 after qubits 2 to 5 were found in |+>: not normalised. */
static void project(const factory *f, double re[2][2], double im[2][2])
{
    memset(re, 0, 4 * sizeof(double));
    memset(im, 0, 4 * sizeof(double));
    for (unsigned a = 0; a < SIZE; a++) {
        for (unsigned b = 0; b < SIZE; b++) {
            re[a / FIRST][b / FIRST] += f->re[a][b] / FIRST;
            im[a / FIRST][b / FIRST] += f->im[a][b] / FIRST;
        }
    }
}

static double per_round(double p, double distance)
{
    return 0.1 * pow(p / 0.01, (distance + 1) / 2);
}

qn_status qn_litinski_run(uint32_t dx, uint32_t dz, uint32_t dm, double physical_error, qn_litinski *out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "result pointer is NULL");
    QN_CHECK(dx >= 1 && dz >= 1 && dm >= 1 && dx <= 99 && dz <= 99 && dm <= 99, ERR_RANGE,
             "distances %u, %u, %u; expected 1 to 99", dx, dz, dm);
    QN_CHECK(physical_error > 0 && physical_error < 0.01, ERR_RANGE,
             "physical error %g is outside (0, 0.01): at and above the threshold no distance helps", physical_error);
    factory f = {.p = physical_error, .dx = dx, .dz = dz, .dm = dm};
    f.px = per_round(f.p, f.dx);
    f.pz = per_round(f.p, f.dz);
    f.pm = per_round(f.p, f.dm);
    for (unsigned a = 0; a < SIZE; a++) {
        for (unsigned b = 0; b < SIZE; b++) {
            f.re[a][b] = 1.0 / SIZE;
        }
    }
    run(&f);
    double re[2][2], im[2][2];
    project(&f, re, im);
    const double kept = re[0][0] + re[1][1];
    QN_CHECK(kept > 0 && kept <= 1 + 1e-12, ERR_NUMERIC, "the factory keeps %g of its states", kept);
    /* <T| rho |T> with T = (|0> + e^(i pi/4) |1>) / sqrt 2, which is what fifteen perfect rotations leave */
    const double overlap = 0.5 * (kept + 2 * (re[0][1] * cos(PI / 4) - im[0][1] * sin(PI / 4)));
    *out = (qn_litinski){.output_error = 1 - overlap / kept,
                         .failure_probability = 1 - kept,
                         .physical_qubits = 2 * (f.dx + 4 * f.dz) * 3 * f.dx + 4 * f.dm,
                         .cycles = 6 * f.dm / kept};
    return QN_OK;
}
