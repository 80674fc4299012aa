/* landscapes.h: functions to minimise, with their known minima, and an objective that counts and can misbehave. */
#ifndef QN_TEST_LANDSCAPES_H
#define QN_TEST_LANDSCAPES_H

#include <quern/optimizer.h>

typedef struct landscape {
    const char *name;
    size_t dimension;
    double (*evaluate)(const double *x, double *grad); /* grad may be NULL */
    double start[10];
    double minimum;
    double low, high; /* a box with the minimum inside, for global methods */
} landscape;

extern const landscape landscape_rosenbrock, landscape_beale, landscape_wood, landscape_brown_dennis,
    landscape_quadratic, landscape_cosine;

/* `user` of an objective over a landscape. */
typedef struct probe {
    const landscape *on;
    unsigned long long values, gradients, metrics, fidelities;
    unsigned long long fail_at, nan_at; /* the n-th value fails, or is NaN (sticky); 0: never */
    double noise, gradient_noise;
    double lower, upper; /* asserts that points stay inside when lower < upper */
    int *interrupt;      /* set at the interrupt_at-th value */
    unsigned long long interrupt_at;
    uint64_t hash; /* of every point asked for, bit for bit */
    uint64_t noise_seed;
} probe;

qn_objective probe_objective(probe *p);

#endif
