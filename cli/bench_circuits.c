/* bench_circuits.c: builds the workloads of bench_workloads.def. Random numbers come from splitmix64 with a fixed seed
 * (Steele, Lea, Flood, OOPSLA 2014), so that every run and every program sees the same circuit. */
#include "bench_circuits.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

typedef enum place { LOW, MIDDLE, HIGH } place;
typedef enum molecule { MOLECULE_LIH, MOLECULE_H2O } molecule;
#define BENCH_GATE_ARGUMENT(gate, place) ((uint32_t)(gate)*4U + (uint32_t)(place))

typedef qn_status builder(bench_job *job, uint32_t argument, const char *molecules);
static builder build_gate, build_random_circuit, build_fourier, build_two_local, build_qaoa, build_pauli_sum,
    build_gradient, build_uccsd, build_loop;

static const bench_workload workloads[] = {
#define WORKLOAD(id, name, kind, function, argument, help) {name, help, BENCH_##kind, build_##function == build_uccsd},
#include "bench_workloads.def"
#undef WORKLOAD
};

static const struct {
    builder *build;
    uint32_t argument;
} builders[] = {
#define WORKLOAD(id, name, kind, function, argument, help) {build_##function, (uint32_t)(argument)},
#include "bench_workloads.def"
#undef WORKLOAD
};

size_t bench_workload_count(void)
{
    return sizeof workloads / sizeof workloads[0];
}

const bench_workload *bench_workload_at(size_t index)
{
    return &workloads[index];
}

bool bench_workload_matches(const bench_workload *workload, const char *word, size_t length)
{
    return length > 0 && strncmp(workload->name, word, length) == 0 &&
           (workload->name[length] == '\0' || workload->name[length] == '-');
}

#define BENCH_TRY(expression)                                                                                          \
    do {                                                                                                               \
        status = (expression);                                                                                         \
        if (status != QN_OK) {                                                                                         \
            goto cleanup;                                                                                              \
        }                                                                                                              \
    } while (0)

typedef struct draws {
    uint64_t state;
} draws;

static uint64_t draw_bits(draws *d)
{
    uint64_t x = d->state += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static double draw_unit(draws *d)
{
    return (double)(draw_bits(d) >> 11) * 0x1p-53;
}

static double draw_angle(draws *d)
{
    return pi * (2.0 * draw_unit(d) - 1.0);
}

/* The bias of a remainder does not matter here: all that counts is that the choice is always the same. */
static uint32_t draw_below(draws *d, uint32_t bound)
{
    return (uint32_t)(draw_bits(d) % bound);
}

static qn_status add1(qn_circuit *circuit, qn_gate gate, uint32_t qubit)
{
    return qn_circuit_append(circuit, gate, &qubit, 1, NULL, 0);
}

static qn_status add1_angle(qn_circuit *circuit, qn_gate gate, uint32_t qubit, double angle)
{
    const qn_param param = QN_PARAM(angle);
    return qn_circuit_append(circuit, gate, &qubit, 1, &param, 1);
}

static qn_status add2(qn_circuit *circuit, qn_gate gate, uint32_t a, uint32_t b)
{
    const uint32_t qubits[] = {a, b};
    return qn_circuit_append(circuit, gate, qubits, 2, NULL, 0);
}

/* ry with a random angle on every qubit. */
static qn_status product_state(uint32_t nqubits, uint64_t seed, qn_circuit **out)
{
    draws d = {seed};
    qn_status status = qn_circuit_create(nqubits, out);
    for (uint32_t q = 0; status == QN_OK && q < nqubits; q++) {
        status = add1_angle(*out, QN_GATE_RY, q, draw_angle(&d));
    }
    return status;
}

/* A dense 4 x 4 unitary: the columns of a random matrix, orthonormalised by Gram and Schmidt, twice for accuracy. */
static void dense_unitary(draws *d, qn_complex u[16])
{
    for (size_t k = 0; k < 16; k++) {
        u[k].re = 2.0 * draw_unit(d) - 1.0;
        u[k].im = 2.0 * draw_unit(d) - 1.0;
    }
    for (size_t column = 0; column < 4; column++) {
        for (size_t other = 0; other < 2 * column; other++) {
            const size_t c = other % column;
            double re = 0.0, im = 0.0;
            for (size_t row = 0; row < 4; row++) {
                const qn_complex a = u[4 * row + c], b = u[4 * row + column];
                re += a.re * b.re + a.im * b.im;
                im += a.re * b.im - a.im * b.re;
            }
            for (size_t row = 0; row < 4; row++) {
                const qn_complex a = u[4 * row + c];
                u[4 * row + column].re -= re * a.re - im * a.im;
                u[4 * row + column].im -= re * a.im + im * a.re;
            }
        }
        double norm = 0.0;
        for (size_t row = 0; row < 4; row++) {
            norm += u[4 * row + column].re * u[4 * row + column].re + u[4 * row + column].im * u[4 * row + column].im;
        }
        norm = sqrt(norm);
        for (size_t row = 0; row < 4; row++) {
            u[4 * row + column].re /= norm;
            u[4 * row + column].im /= norm;
        }
    }
}

static qn_status build_gate(bench_job *job, uint32_t argument, const char *molecules)
{
    (void)molecules;
    const qn_gate gate = (qn_gate)(argument / 4U);
    const uint32_t n = job->nqubits, width = qn_gate_describe(gate)->qubits;
    const place where = (place)(argument % 4U);
    const uint32_t first = where == LOW ? 0 : where == HIGH ? n - width : (n - width + 1) / 2;
    const uint32_t qubits[] = {first, first + 1};
    draws d = {7};
    qn_complex matrix[16];
    dense_unitary(&d, matrix);
    qn_status status = product_state(n, 11, &job->prepare);
    if (status == QN_OK) {
        status = qn_circuit_create(n, &job->circuit);
    }
    if (status != QN_OK) {
        return status;
    }
    return gate == QN_GATE_UNITARY2 ? qn_circuit_append_unitary(job->circuit, qubits, 2, matrix)
           : gate == QN_GATE_RX     ? add1_angle(job->circuit, gate, first, 0.7)
                                    : qn_circuit_append(job->circuit, gate, qubits, width, NULL, 0);
}

/* `depth` layers of a rotation on every qubit and cz on every other pair of neighbours:
 * depth n + ceil(depth / 2) floor(n / 2) + floor(depth / 2) floor((n - 1) / 2) gates. */
static qn_status build_random_circuit(bench_job *job, uint32_t depth, const char *molecules)
{
    (void)molecules;
    static const qn_gate rotations[] = {QN_GATE_RX, QN_GATE_RY, QN_GATE_RZ};
    const uint32_t n = job->nqubits;
    draws d = {1};
    qn_status status = qn_circuit_create(n, &job->circuit);
    for (uint32_t layer = 0; layer < depth; layer++) {
        for (uint32_t q = 0; status == QN_OK && q < n; q++) {
            status = add1_angle(job->circuit, rotations[(layer + q) % 3], q, draw_angle(&d));
        }
        for (uint32_t q = layer % 2; status == QN_OK && q + 1 < n; q += 2) {
            status = add2(job->circuit, QN_GATE_CZ, q, q + 1);
        }
    }
    return status;
}

static qn_status build_fourier(bench_job *job, uint32_t argument, const char *molecules)
{
    (void)argument;
    (void)molecules;
    const uint32_t n = job->nqubits;
    qn_status status = product_state(n, 13, &job->prepare);
    if (status == QN_OK) {
        status = qn_circuit_create(n, &job->circuit);
    }
    for (uint32_t target = n; status == QN_OK && target-- > 0;) {
        status = add1(job->circuit, QN_GATE_H, target);
        for (uint32_t control = target; status == QN_OK && control-- > 0;) {
            const uint32_t qubits[] = {control, target};
            const qn_param angle = QN_PARAM(ldexp(pi, -(int)(target - control)));
            status = qn_circuit_append(job->circuit, QN_GATE_CP, qubits, 2, &angle, 1);
        }
    }
    for (uint32_t q = 0; status == QN_OK && q < n / 2; q++) {
        status = add2(job->circuit, QN_GATE_SWAP, q, n - 1 - q);
    }
    return status;
}

static qn_status build_two_local(bench_job *job, uint32_t repetitions, const char *molecules)
{
    (void)molecules;
    static const qn_gate rotations[] = {QN_GATE_RY, QN_GATE_RZ}, entanglers[] = {QN_GATE_CX};
    qn_n_local_options options = QN_N_LOCAL_OPTIONS_INIT;
    options.nqubits = job->nqubits;
    options.rotations = rotations;
    options.nrotations = 2;
    options.entanglers = entanglers;
    options.nentanglers = 1;
    options.entanglement = QN_ENTANGLEMENT_LINEAR;
    options.reps = repetitions;
    return qn_ansatz_n_local(&options, &job->circuit);
}

/* Draw a perfect matching of three stubs a vertex until no edge is a loop or doubled (the configuration model); with an
 * odd number of vertices the last one has two stubs. Up to four vertices: all pairs. */
static qn_status build_qaoa(bench_job *job, uint32_t layers, const char *molecules)
{
    (void)molecules;
    const uint32_t n = job->nqubits, nstubs = (3 * n) & ~1U;
    draws d = {17};
    qn_status status = QN_OK;
    qn_pauli_sum *cost = NULL;
    uint32_t *stubs = calloc(nstubs, sizeof *stubs);
    bool *joined = calloc((size_t)n * n, sizeof *joined);
    if (stubs == NULL || joined == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (bool simple = false; n > 4 && !simple;) {
        simple = true;
        (void)memset(joined, 0, (size_t)n * n * sizeof *joined);
        for (uint32_t k = 0; k < nstubs; k++) {
            stubs[k] = k / 3;
        }
        for (uint32_t k = nstubs; k > 1; k--) {
            const uint32_t other = draw_below(&d, k), kept = stubs[k - 1];
            stubs[k - 1] = stubs[other];
            stubs[other] = kept;
        }
        for (uint32_t k = 0; simple && k < nstubs; k += 2) {
            const size_t a = stubs[k], b = stubs[k + 1];
            simple = a != b && !joined[a * n + b];
            joined[a * n + b] = joined[b * n + a] = true;
        }
    }
    BENCH_TRY(qn_pauli_sum_create(n, &cost));
    for (uint32_t a = 0; a < n; a++) {
        for (uint32_t b = a + 1; b < n; b++) {
            const uint32_t pair[] = {a, b};
            if (n <= 4 || joined[(size_t)a * n + b]) {
                BENCH_TRY(qn_pauli_sum_add_sparse(cost, (qn_complex){0.5, 0.0}, "ZZ", pair, 2));
            }
        }
    }
    BENCH_TRY(qn_ansatz_qaoa(cost, layers, &job->circuit));
cleanup:
    qn_pauli_sum_free(cost);
    free(joined);
    free(stubs);
    return status;
}

/* Whether one string, on at most 64 qubits, is among the terms. */
static bool has_string(const qn_pauli_sum *sum, uint64_t x, uint64_t z)
{
    for (size_t k = 0; k < qn_pauli_sum_terms(sum); k++) {
        if (qn_pauli_sum_x(sum, k)[0] == x && qn_pauli_sum_z(sum, k)[0] == z) {
            return true;
        }
    }
    return false;
}

/* `count` different strings of weight 1 to 4 on random qubits; few qubits have fewer. */
static qn_status random_sum(uint32_t n, uint32_t count, qn_pauli_sum **out)
{
    draws d = {19};
    qn_status status = qn_pauli_sum_create(n, out);
    for (uint32_t tries = 0; status == QN_OK && tries < 40 * count && qn_pauli_sum_terms(*out) < count; tries++) {
        uint64_t x = 0, z = 0;
        const uint32_t weight = 1 + draw_below(&d, n < 4 ? n : 4);
        for (uint32_t placed = 0; placed < weight;) {
            const uint64_t bit = UINT64_C(1) << draw_below(&d, n);
            if (((x | z) & bit) == 0) {
                const uint32_t letter = 1 + draw_below(&d, 3);
                x |= (letter & 1) != 0 ? bit : 0;
                z |= (letter & 2) != 0 ? bit : 0;
                placed++;
            }
        }
        const double coefficient = 2.0 * draw_unit(&d) - 1.0;
        if (!has_string(*out, x, z)) {
            status = qn_pauli_sum_add_masks(*out, (qn_complex){coefficient, 0.0}, &x, &z);
        }
    }
    return status;
}

static qn_status build_pauli_sum(bench_job *job, uint32_t count, const char *molecules)
{
    (void)molecules;
    const qn_status status = product_state(job->nqubits, 23, &job->circuit);
    return status == QN_OK ? random_sum(job->nqubits, count, &job->observable) : status;
}

static qn_status build_gradient(bench_job *job, uint32_t repetitions, const char *molecules)
{
    const qn_status status = build_two_local(job, repetitions, molecules);
    return status == QN_OK ? random_sum(job->nqubits, 500, &job->observable) : status;
}

/* Transverse-field Ising chain. */
static qn_status build_loop(bench_job *job, uint32_t repetitions, const char *molecules)
{
    qn_status status = build_two_local(job, repetitions, molecules);
    if (status == QN_OK) {
        status = qn_pauli_sum_create(job->nqubits, &job->observable);
    }
    for (uint32_t q = 0; status == QN_OK && q < job->nqubits; q++) {
        const uint32_t pair[] = {q, q + 1};
        status = qn_pauli_sum_add_sparse(job->observable, (qn_complex){0.5, 0.0}, "X", pair, 1);
        if (status == QN_OK && q + 1 < job->nqubits) {
            status = qn_pauli_sum_add_sparse(job->observable, (qn_complex){-1.0, 0.0}, "ZZ", pair, 2);
        }
    }
    return status;
}

static qn_status build_uccsd(bench_job *job, uint32_t which, const char *molecules)
{
    char path[4096], *text = NULL;
    size_t length = 0;
    qn_integrals *integrals = NULL;
    qn_electronic_problem *problem = NULL;
    qn_excitation *excitations = NULL;
    qn_status status = QN_OK;
    (void)snprintf(path, sizeof path, "%s/%s.fcidump", molecules, which == MOLECULE_LIH ? "lih" : "h2o");
    BENCH_TRY(qn_file_read(path, 0, &text, &length));
    BENCH_TRY(qn_read_fcidump(text, length, path, &integrals));
    BENCH_TRY(qn_electronic_problem_create(integrals, QN_MAPPING_JORDAN_WIGNER, false, &problem));
    qn_uccsd_options options = QN_UCCSD_OPTIONS_INIT;
    options.norb = problem->norb;
    options.nalpha = problem->nalpha;
    options.nbeta = problem->nbeta;
    BENCH_TRY(qn_electronic_problem_excitations(problem, true, true, &excitations, &options.nexcitations));
    options.excitations = excitations;
    BENCH_TRY(qn_ansatz_uccsd(&options, &job->circuit));
    BENCH_TRY(qn_pauli_sum_clone(problem->hamiltonian, &job->observable));
    job->nqubits = problem->nqubits;
cleanup:
    qn_excitations_free(excitations);
    qn_electronic_problem_free(problem);
    qn_integrals_free(integrals);
    qn_text_free(text);
    return status;
}

/* Of one gate an amplitude: a real 2 x 2 matrix or one of the form (a, ib; ib, a) takes 4, a phase on every amplitude
 * 4, a general complex row of length k 4 k; permutations and signs take none. Each control halves the work. */
static double gate_fmadds(const qn_operation *operation)
{
    double work = (double)NAN;
    switch (operation->base) {
    case QN_GATE_ID:
    case QN_GATE_X:
    case QN_GATE_Y:
    case QN_GATE_Z:
    case QN_GATE_S:
    case QN_GATE_SDG:
    case QN_GATE_SWAP:
        work = 0.0;
        break;
    case QN_GATE_P:
        work = 2.0;
        break;
    case QN_GATE_H:
    case QN_GATE_RX:
    case QN_GATE_RY:
    case QN_GATE_RZ:
    case QN_GATE_RZZ:
    case QN_GATE_PAULI_ROTATION:
        work = 4.0;
        break;
    case QN_GATE_UNITARY1:
        work = 8.0;
        break;
    case QN_GATE_UNITARY2:
        work = 16.0;
        break;
    default:
        break;
    }
    return ldexp(work, -(int)operation->ncontrols);
}

static void count_work(bench_job *job)
{
    job->gates = job->workload->kind == BENCH_EXPECT ? 0 : qn_circuit_operations(job->circuit);
    job->fmadds = job->workload->kind == BENCH_GATE || job->workload->kind == BENCH_STATE ? 0.0 : (double)NAN;
    for (size_t k = 0; k < job->gates; k++) {
        qn_operation operation;
        qn_circuit_operation(job->circuit, k, &operation);
        job->fmadds += gate_fmadds(&operation);
    }
}

qn_status bench_job_build(const bench_workload *workload, uint32_t nqubits, const char *molecules, bench_job *out)
{
    bench_job job = {.workload = workload, .nqubits = nqubits};
    const size_t index = (size_t)(workload - workloads);
    qn_status status = builders[index].build(&job, builders[index].argument, molecules);
    if (status == QN_OK) {
        draws d = {29};
        job.ntheta = qn_circuit_symbols(job.circuit);
        job.theta = malloc((job.ntheta + 1) * sizeof *job.theta);
        status = job.theta == NULL ? QN_ERR_MEMORY : QN_OK;
        for (size_t k = 0; status == QN_OK && k < job.ntheta; k++) {
            job.theta[k] = draw_angle(&d);
        }
    }
    if (status != QN_OK) {
        bench_job_free(&job);
        return status;
    }
    count_work(&job);
    *out = job;
    return QN_OK;
}

void bench_job_free(bench_job *job)
{
    free(job->theta);
    qn_pauli_sum_free(job->observable);
    qn_circuit_free(job->prepare);
    qn_circuit_free(job->circuit);
    *job = (bench_job){0};
}
