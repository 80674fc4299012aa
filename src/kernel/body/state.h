/* state.h: preparing and reading a state. */

static void K(read)(const void *state, uint64_t first, uint64_t count, double *re_im)
{
    const real *s = state;
    for (uint64_t k = 0; k < count; k++) {
        const uint64_t i = first + k, at = (i >> LOG_LANES) * (2 * LANES) + (i & (LANES - 1));
        re_im[2 * k] = (double)s[at];
        re_im[2 * k + 1] = (double)s[at + LANES];
    }
}

static void K(probabilities)(const void *state, uint64_t first, uint64_t count, double *out)
{
    const real *s = (const real *)state + 2 * first;
    for (uint64_t k = 0; k < count; k += LANES, s += 2 * LANES) {
        const uint64_t lanes = count - k < LANES ? count - k : LANES;
        for (uint64_t l = 0; l < lanes; l++) {
            const double re = (double)s[l], im = (double)s[l + LANES];
            out[k + l] = re * re + im * im;
        }
    }
}

static void K(clear)(void *state, uint64_t nblocks)
{
    memset(state, 0, nblocks * 2 * LANES * sizeof(real));
}

static double K(norm)(const void *state, uint64_t first_block, uint64_t nblocks)
{
    const real *s = (const real *)state + first_block * 2 * LANES;
    double lanes[LANES] = {0};
    for (uint64_t b = 0; b < nblocks; b++, s += 2 * LANES) {
        for (int l = 0; l < LANES; l++) {
            lanes[l] += (double)s[l] * (double)s[l] + (double)s[l + LANES] * (double)s[l + LANES];
        }
    }
    double total = 0.0;
    for (int l = 0; l < LANES; l++) {
        total += lanes[l];
    }
    return total;
}

static double K(inner)(const void *bra, const void *ket, uint64_t first_block, uint64_t nblocks)
{
    const real *a = (const real *)bra + first_block * 2 * LANES, *b = (const real *)ket + first_block * 2 * LANES;
    double lanes[LANES] = {0};
    for (uint64_t k = 0; k < nblocks; k++, a += 2 * LANES, b += 2 * LANES) {
        for (int l = 0; l < LANES; l++) {
            lanes[l] += (double)a[l] * (double)b[l] + (double)a[l + LANES] * (double)b[l + LANES];
        }
    }
    double total = 0.0;
    for (int l = 0; l < LANES; l++) {
        total += lanes[l];
    }
    return total;
}

K_INLINE void K(scale_block)(real *out, const real *in, vec re, vec im)
{
    const vec r = K(load)(in), i = K(load)(in + LANES);
    K(store)(out, re * r - im * i);
    K(store)(out + LANES, re * i + im * r);
}

static void K(scaled_copy)(void *out, const void *in, uint64_t nblocks, double re, double im)
{
    real *o = out;
    const real *s = in;
    const vec vr = K(splat)(re), vi = K(splat)(im);
    for (uint64_t b = 0; b < nblocks; b++, o += 2 * LANES, s += 2 * LANES) {
        K(scale_block)(o, s, vr, vi);
    }
}

/* The first qubits fill the lanes of one block, each further one doubles what is there. */
static void K(product)(void *state, uint32_t nqubits, const double *columns)
{
    real *s = state;
    double re[LANES] = {1.0}, im[LANES] = {0.0};
    uint32_t qubit = 0;
    for (; qubit < nqubits && qubit < LOG_LANES; qubit++) {
        const double *c = columns + 4 * (size_t)qubit;
        const int size = 1 << qubit;
        for (int l = 0; l < size; l++) {
            re[size + l] = re[l] * c[2] - im[l] * c[3];
            im[size + l] = re[l] * c[3] + im[l] * c[2];
            const double r = re[l] * c[0] - im[l] * c[1];
            im[l] = re[l] * c[1] + im[l] * c[0];
            re[l] = r;
        }
    }
    for (int l = 0; l < LANES; l++) {
        s[l] = (real)re[l];
        s[l + LANES] = (real)im[l];
    }
    for (uint64_t blocks = 1; qubit < nqubits; qubit++, blocks *= 2) {
        const double *c = columns + 4 * (size_t)qubit;
        real *upper = s + blocks * 2 * LANES;
        const vec r0 = K(splat)(c[0]), i0 = K(splat)(c[1]), r1 = K(splat)(c[2]), i1 = K(splat)(c[3]);
        for (uint64_t b = 0; b < blocks; b++) {
            real *low = s + b * 2 * LANES;
            K(scale_block)(upper + b * 2 * LANES, low, r1, i1);
            K(scale_block)(low, low, r0, i0);
        }
    }
}
