/* power.c: pow(k) @. Whole powers repeat; real ones take the principal root: each eigenvalue exp(i a), -pi < a <= pi,
 * becomes exp(i k a), as the specification of OpenQASM 3 has it. */
#include <complex.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "circuit/gate.h"
#include "format/qasm/reader.h"
#include "math/linalg.h"

static const double PI = 3.14159265358979323846, NEAR = 1e-12;

/* re + i im; CMPLX is missing beside some compilers. */
static double complex complex_of(double re, double im)
{
    const double parts[2] = {re, im};
    double complex out;
    memcpy(&out, parts, sizeof out);
    return out;
}

static double complex turn(double angle)
{
    return complex_of(cos(angle), sin(angle));
}

/* Angle modulo 2 half, in (-half, half]. */
static double reduce(double angle, double half)
{
    const double out = remainder(angle, 2 * half);
    return out <= -half + NEAR * half ? half : out;
}

static qn_status add_numbers(qn__qasm_operations *to, const qn__qasm_kept *like, const uint32_t *controls, qn_gate gate,
                             const uint32_t *qubits, uint32_t nqubits, const double *numbers, uint32_t count)
{
    uint32_t all[QN__CONTROLS_MAX + QN__GATE_QUBITS];
    qn_param params[4] = {{0}};
    if (like->ncontrols > 0) {
        memcpy(all, controls, like->ncontrols * sizeof *all);
    }
    if (nqubits > 0) {
        memcpy(all + like->ncontrols, qubits, nqubits * sizeof *all);
    }
    for (uint32_t i = 0; i < count; i++) {
        params[i] = QN_PARAM(numbers[i]);
    }
    qn__qasm_kept k = *like;
    k.gate = gate;
    k.nqubits = nqubits;
    k.nparams = count;
    return qn__qasm_operations_add(to, &k, all, params, NULL);
}

/* u = v diag(exp(i a)) v^H by the eigenvectors of a Hermitian combination of its two commuting Hermitian parts. False
 * when the combination mixes different eigenvalues: another one is tried. */
static qn_status diagonalise(const double complex *u, size_t n, double mix, double complex *v, double *angles,
                             void *scratch, bool *good)
{
    qn_complex h[16];
    double values[4];
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            const double complex a = u[i * n + j], b = conj(u[j * n + i]);
            const double complex entry = (a + b) / 2 + mix * (a - b) / complex_of(0, 2);
            h[i + n * j] = (qn_complex){creal(entry), cimag(entry)};
        }
    }
    QN_TRY(qn__linalg_hermitian_eigen(n, h, values, scratch));
    *good = true;
    for (size_t k = 0; k < n; k++) {
        double complex image[4], eigenvalue = 0;
        for (size_t i = 0; i < n; i++) {
            v[i * n + k] = complex_of(h[i + n * k].re, h[i + n * k].im);
        }
        for (size_t i = 0; i < n; i++) {
            image[i] = 0;
            for (size_t j = 0; j < n; j++) {
                image[i] += u[i * n + j] * v[j * n + k];
            }
            eigenvalue += conj(v[i * n + k]) * image[i];
        }
        angles[k] = carg(eigenvalue);
        for (size_t i = 0; i < n; i++) {
            *good = *good && cabs(image[i] - turn(angles[k]) * v[i * n + k]) < 1e-9;
        }
    }
    return QN_OK;
}

static qn_status matrix_power(double complex *u, size_t n, double power)
{
    static const double mixes[] = {0.6180339887498949, 1.3247179572447460, -0.4142135623730950, 2.2360679774997897};
    double complex v[16];
    double angles[4];
    bool good = false;
    void *scratch = qn__alloc((size_t)qn__linalg_scratch(n, true), 1);
    QN_ALLOC_CHECK(scratch);
    qn_status status = QN_OK;
    for (size_t i = 0; i < sizeof mixes / sizeof mixes[0] && status == QN_OK && !good; i++) {
        status = diagonalise(u, n, mixes[i], v, angles, scratch, &good);
    }
    qn__free(scratch);
    QN_TRY(status);
    QN_CHECK(good, ERR_NUMERIC, "the eigenvectors of a unitary of %zu x %zu were not found", n, n);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            u[i * n + j] = 0;
            for (size_t k = 0; k < n; k++) {
                const double angle = angles[k] <= -PI + 1e-9 ? PI : angles[k];
                u[i * n + j] += v[i * n + k] * turn(power * angle) * conj(v[j * n + k]);
            }
        }
    }
    return QN_OK;
}

/* A one-qubit unitary: by its name where the table has it, else as a phase or exp(i p3) u(p0, p1, p2). */
static qn_status add_one_qubit(qn__qasm_operations *to, const qn__qasm_kept *like, const uint32_t *controls,
                               uint32_t qubit, const double complex *u)
{
    static const qn_gate names[] = {QN_GATE_ID,  QN_GATE_X, QN_GATE_Y,   QN_GATE_Z,  QN_GATE_H,   QN_GATE_S,
                                    QN_GATE_SDG, QN_GATE_T, QN_GATE_TDG, QN_GATE_SX, QN_GATE_SXDG};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        qn_complex m[4];
        QN_TRY(qn_gate_matrix(names[i], NULL, m));
        double off = 0;
        for (size_t k = 0; k < 4; k++) {
            off = fmax(off, cabs(u[k] - complex_of(m[k].re, m[k].im)));
        }
        if (off < 1e-13) {
            return add_numbers(to, like, controls, names[i], &qubit, 1, NULL, 0);
        }
    }
    const double theta = 2 * atan2(cabs(u[2]), cabs(u[0]));
    double phase = 0, phi = 0, lambda = 0;
    if (cabs(u[0]) > NEAR) {
        phase = carg(u[0]);
        if (cabs(u[2]) > NEAR) {
            phi = carg(u[2]) - phase;
            lambda = carg(-u[1]) - phase;
        } else {
            lambda = carg(u[3]) - phase;
        }
    } else {
        phase = carg(u[2]);
        lambda = carg(-u[1]) - phase;
    }
    if (cabs(u[2]) <= NEAR && fabs(phase) <= NEAR) {
        return add_numbers(to, like, controls, QN_GATE_P, &qubit, 1, &lambda, 1);
    }
    const double numbers[4] = {theta, phi, lambda, phase};
    return add_numbers(to, like, controls, QN_GATE_UPHASE, &qubit, 1, numbers, 4);
}

/* Matrices. */

static qn_status numbers_of(qn__qasm_reader *r, const qn__qasm_modifier *m, const qn_param *params, uint32_t count,
                            double *out)
{
    for (uint32_t i = 0; i < count; i++) {
        if (params[i].count > 0 || params[i].expression != 0) {
            return QN_QASM_UNSUPPORTED(r, &m->token,
                                       "a real power of a gate whose angle is a free parameter or depends on "
                                       "a measurement is not supported; expected a whole exponent");
        }
        out[i] = params[i].constant;
    }
    return QN_OK;
}

/* Matrix of the operation on its targets; *bits of them. */
static qn_status matrix_of(qn__qasm_reader *r, const qn__qasm_modifier *m, const qn__qasm_operations *from,
                           const qn__qasm_kept *k, double complex *out, uint32_t *targets)
{
    qn_complex entries[64];
    double numbers[4];
    const qn_gate_info *info = qn_gate_describe(k->gate);
    *targets = k->nqubits - info->controls;
    const size_t size = (size_t)1 << *targets;
    if (*targets > 2) {
        return QN_QASM_UNSUPPORTED(
            r, &m->token, "a real power of '%s' is not supported: it acts on more than two qubits", info->name);
    }
    const qn_complex *source = entries;
    if ((info->flags & QN_GATE_FLAG_MATRIX) != 0) {
        source = from->matrices + k->matrix;
    } else {
        QN_TRY(numbers_of(r, m, qn__qasm_params_of(from, k), k->nparams, numbers));
        QN_TRY(qn_gate_matrix(info->base, numbers, entries));
    }
    for (size_t i = 0; i < size * size; i++) {
        out[i] = complex_of(source[i].re, source[i].im);
    }
    return QN_OK;
}

/* The gate's own controls with the others, the rest as targets. */
static void split(const qn__qasm_kept *k, qn__qasm_kept *out)
{
    const uint32_t own = qn_gate_describe(k->gate)->controls;
    *out = *k;
    out->state |= own == 0 ? 0 : ((UINT64_C(1) << own) - 1) << k->ncontrols;
    out->ncontrols += own;
    out->nqubits -= own;
}

static qn_status power_of_one(qn__qasm_reader *r, const qn__qasm_modifier *m, const qn__qasm_operations *from,
                              const qn__qasm_kept *k, qn__qasm_operations *to)
{
    const qn_gate_info *info = qn_gate_describe(k->gate);
    const qn_gate base = info->base;
    const uint32_t flags = qn_gate_describe(base)->flags;
    qn__qasm_kept like;
    split(k, &like);
    const uint32_t *controls = from->qubits + k->qubits, *targets = controls + like.ncontrols;
    const qn_param *params = qn__qasm_params_of(from, k);
    double number = 0;
    if (base == QN_GATE_GPHASE || base == QN_GATE_P || (flags & QN_GATE_FLAG_ROTATION) != 0) {
        QN_TRY(numbers_of(r, m, params, 1, &number));
        const bool rotation = (flags & QN_GATE_FLAG_ROTATION) != 0;
        number = reduce(number, rotation ? 2 * PI : PI);
        if (rotation && fabs(fabs(number) - 2 * PI) < NEAR) { /* minus the identity: both eigenvalues are exp(i pi) */
            number = PI * m->power;
            return add_numbers(to, &like, controls, QN_GATE_GPHASE, NULL, 0, &number, 1);
        }
        number *= m->power;
        return add_numbers(to, &like, controls, base, targets, like.nqubits, &number, 1);
    }
    double complex u[16];
    uint32_t ntargets = 0;
    if (base == QN_GATE_SWAP) { /* cx, a power of x the other way round, cx */
        const uint32_t turned[2] = {targets[1], targets[0]};
        const qn__qasm_kept plain = {.kind = QN_OP_GATE};
        uint32_t inner[QN__CONTROLS_MAX];
        if (like.ncontrols >= QN__CONTROLS_MAX) {
            return QN_QASM_LARGE(r, &m->token, "a gate under more than %d controls", QN__CONTROLS_MAX);
        }
        memcpy(inner, controls, like.ncontrols * sizeof *inner);
        inner[like.ncontrols] = turned[0];
        qn_complex x[4];
        QN_TRY(qn_gate_matrix(QN_GATE_X, NULL, x));
        for (size_t i = 0; i < 4; i++) {
            u[i] = complex_of(x[i].re, x[i].im);
        }
        QN_TRY(matrix_power(u, 2, m->power));
        like.state |= UINT64_C(1) << like.ncontrols;
        like.ncontrols++;
        QN_TRY(add_numbers(to, &plain, NULL, QN_GATE_CX, targets, 2, NULL, 0));
        QN_TRY(add_one_qubit(to, &like, inner, turned[1], u));
        return add_numbers(to, &plain, NULL, QN_GATE_CX, targets, 2, NULL, 0);
    }
    QN_TRY(matrix_of(r, m, from, k, u, &ntargets));
    QN_TRY(matrix_power(u, (size_t)1 << ntargets, m->power));
    if (ntargets == 1) {
        return add_one_qubit(to, &like, controls, targets[0], u);
    }
    if (like.ncontrols > 0) {
        return QN_QASM_UNSUPPORTED(r, &m->token, "a real power of a controlled two-qubit gate is not supported");
    }
    qn_complex matrix[16];
    for (size_t i = 0; i < 16; i++) {
        matrix[i] = (qn_complex){creal(u[i]), cimag(u[i])};
    }
    like.gate = QN_GATE_UNITARY2;
    like.nparams = 0;
    return qn__qasm_operations_add(to, &like, targets, NULL, matrix);
}

/* Which of the qubits this is, added when it is new; 2 when there are two others. */
static uint32_t local_qubit(uint32_t qubit, uint32_t *qubits, uint32_t *count)
{
    for (uint32_t i = 0; i < *count; i++) {
        if (qubits[i] == qubit) {
            return i;
        }
    }
    if (*count < 2) {
        qubits[*count] = qubit;
        return (*count)++;
    }
    return 2;
}

/* all = gate * all, the gate on these local qubits under controls. */
static void multiply(double complex *all, const double complex *u, uint32_t ntargets, const uint32_t *local,
                     uint32_t ncontrols, uint64_t state)
{
    double complex out[16];
    for (uint32_t row = 0; row < 4; row++) {
        bool fires = true;
        uint32_t at = 0, rest = row;
        for (uint32_t i = 0; i < ncontrols; i++) {
            fires = fires && ((row >> local[i] & 1) == (state >> i & 1));
        }
        for (uint32_t i = 0; i < ntargets; i++) {
            at |= (row >> local[ncontrols + i] & 1) << i;
            rest &= ~(1u << local[ncontrols + i]);
        }
        for (uint32_t column = 0; column < 4; column++) {
            out[row * 4 + column] = fires ? 0 : all[row * 4 + column];
            for (uint32_t k = 0; fires && k < 1u << ntargets; k++) {
                uint32_t from = rest;
                for (uint32_t i = 0; i < ntargets; i++) {
                    from |= (k >> i & 1) << local[ncontrols + i];
                }
                out[row * 4 + column] += u[(at << ntargets) + k] * all[from * 4 + column];
            }
        }
    }
    memcpy(all, out, sizeof out);
}

/* Several operations on at most two qubits: by the matrix of them all. */
static qn_status power_of_many(qn__qasm_reader *r, const qn__qasm_modifier *m, const qn__qasm_operations *from,
                               qn__qasm_operations *to)
{
    double complex all[16] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
    uint32_t qubits[2] = {0, 0}, count = 0;
    for (size_t i = 0; i < from->count; i++) {
        const qn__qasm_kept *k = &from->kept[i];
        if (k->kind == QN_OP_BARRIER) {
            continue;
        }
        qn__qasm_kept like;
        split(k, &like);
        uint32_t local[8] = {0}, ntargets = 0;
        bool wide = like.ncontrols + like.nqubits > 2;
        for (uint32_t j = 0; j < like.ncontrols + like.nqubits && !wide; j++) {
            local[j] = local_qubit(from->qubits[k->qubits + j], qubits, &count);
            wide = local[j] == 2;
        }
        if (wide) {
            return QN_QASM_UNSUPPORTED(r, &m->token,
                                       "a real power of an operation on more than two qubits is not supported; "
                                       "expected a whole exponent, or a gate on one or two qubits");
        }
        double complex u[16];
        QN_TRY(matrix_of(r, m, from, k, u, &ntargets));
        multiply(all, u, ntargets, local, like.ncontrols, like.state);
    }
    const qn__qasm_kept plain = {.kind = QN_OP_GATE};
    if (count < 2) {
        double complex u[4] = {all[0], all[1], all[4], all[5]};
        QN_TRY(matrix_power(u, 2, m->power));
        if (count == 1) {
            return add_one_qubit(to, &plain, NULL, qubits[0], u);
        }
        const double phase = carg(u[0]); /* of global phases only */
        return from->count == 0 ? QN_OK : add_numbers(to, &plain, NULL, QN_GATE_GPHASE, NULL, 0, &phase, 1);
    }
    QN_TRY(matrix_power(all, 4, m->power));
    qn_complex matrix[16];
    for (size_t i = 0; i < 16; i++) {
        matrix[i] = (qn_complex){creal(all[i]), cimag(all[i])};
    }
    qn__qasm_kept k = plain;
    k.gate = QN_GATE_UNITARY2;
    k.nqubits = 2;
    return qn__qasm_operations_add(to, &k, qubits, NULL, matrix);
}

/* A whole power: of one rotation by its angle, else by repetition. */
static qn_status whole_power(qn__qasm_reader *r, const qn__qasm_modifier *m, const qn__qasm_operations *from,
                             double power, qn__qasm_operations *to)
{
    if (from->count == 1 && from->kept[0].kind == QN_OP_GATE) {
        const qn__qasm_kept *k = &from->kept[0];
        const qn_gate_info *info = qn_gate_describe(k->gate);
        const uint32_t flags = qn_gate_describe(info->base)->flags;
        if (info->base == QN_GATE_GPHASE || info->base == QN_GATE_P || (flags & QN_GATE_FLAG_ROTATION) != 0) {
            qn_param param;
            QN_TRY(qn__qasm_param_affine(r, 0, &power, qn__qasm_params_of(from, k), 1, &param));
            return qn__qasm_operations_add(to, k, from->qubits + k->qubits, &param, NULL);
        }
        if ((info->flags & QN_GATE_FLAG_SELF_INVERSE) != 0) {
            power = fmod(power, 2);
        }
    }
    if (power * (double)from->count > (double)r->options.max_operations) {
        return QN_QASM_LARGE(r, &m->token, "pow(%g) makes more than %llu operations", m->power,
                             (unsigned long long)r->options.max_operations);
    }
    for (uint64_t n = (uint64_t)power; n > 0 && from->count > 0; n--) {
        for (size_t i = 0; i < from->count; i++) {
            const qn__qasm_kept *k = &from->kept[i];
            QN_TRY(qn__qasm_operations_add(
                to, k, from->qubits + k->qubits, qn__qasm_params_of(from, k),
                k->gate == QN_GATE_UNITARY1 || k->gate == QN_GATE_UNITARY2 ? from->matrices + k->matrix : NULL));
        }
    }
    return QN_OK;
}

qn_status qn__qasm_operations_power(qn__qasm_reader *r, const qn__qasm_modifier *modifier,
                                    const qn__qasm_operations *from, qn__qasm_operations *to)
{
    const double power = modifier->power;
    if (power == floor(power)) {
        if (power >= 0) {
            return whole_power(r, modifier, from, power, to);
        }
        qn__qasm_operations inverse = {0};
        qn_status status = qn__qasm_operations_invert(r, &modifier->token, from, &inverse);
        if (status == QN_OK) {
            status = whole_power(r, modifier, &inverse, -power, to);
        }
        qn__qasm_operations_free(&inverse);
        return status;
    }
    if (from->count == 1 && from->kept[0].kind == QN_OP_GATE) {
        return power_of_one(r, modifier, from, &from->kept[0], to);
    }
    return power_of_many(r, modifier, from, to);
}
