/* load_compare.c: the methods beside each other on the same numbers, each checked on the simulator where that is quick.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "load.h"
#include "output.h"

/* Sizes up to which `auto` tries a method; one that is asked for by name is only held to the library's limits. */
enum {
    MOST_VERIFIED = 16, /* qubits */
    MOST_ROTATIONS = 20,
    MOST_SHANNON = 12,
    MOST_PRODUCT = 16,
    MOST_SPARSE = 2048, /* numbers that are not 0 */
    MOST_TABLE = 1 << 16,
    MOST_LEAVES = 1 << 10,
    EVALUATIONS = 1 << 20
};

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static uint32_t qubits_of(const load_input *input)
{
    const uint32_t n = input->function != NULL ? input->qubits : qn_load_address_bits(input->count);
    return n > 0 ? n : 1;
}

/* |<wanted|made>|^2 on the simulator. */
static qn_status verify(const qn_context *context, const load_input *input, load_row *row)
{
    const size_t size = (size_t)1 << qubits_of(input);
    qn_engine *engine = NULL;
    qn_program *program = NULL;
    qn_complex *made = malloc(size * sizeof *made);
    qn_status status = made != NULL ? QN_OK : QN_ERR_MEMORY;
    CLI_TRY(status);
    CLI_TRY(qn_engine_open((qn_context *)(uintptr_t)context, "statevector", &engine));
    CLI_TRY(qn_engine_compile(engine, row->circuit, NULL, 0, &program));
    CLI_TRY(qn_program_amplitudes(program, NULL, 0, size, made));
    double re = 0, im = 0, own = 0, largest = 0;
    for (size_t i = 0; i < size && input->function == NULL; i++) {
        largest = i < input->count ? fmax(largest, hypot(input->amplitudes[i].re, input->amplitudes[i].im)) : largest;
    }
    for (size_t i = 0; i < size; i++) {
        qn_complex a = {0, 0};
        if (input->function != NULL) {
            a.re = input->function->evaluate(input->function, (double)i / (double)size);
        } else if (i < input->count) {
            a = (qn_complex){input->amplitudes[i].re / largest, input->amplitudes[i].im / largest};
        }
        re += a.re * made[i].re + a.im * made[i].im;
        im += a.re * made[i].im - a.im * made[i].re;
        own += a.re * a.re + a.im * a.im;
    }
    row->cost.fidelity = fmin(1, (re * re + im * im) / own);
    row->cost.fidelity_source = QN_SOURCE_EXACT;
    row->verified = true;
cleanup:
    qn_program_free(program);
    qn_engine_close(engine);
    free(made);
    return status;
}

load_purpose load_purpose_of(qn_load_method method)
{
    return method == QN_LOAD_PHASE_LOOKUP ? LOAD_TAKE_BACK
           : method == QN_LOAD_ALIAS      ? LOAD_GARBAGE
           : method <= QN_LOAD_FUNCTION   ? LOAD_STATE
                                          : LOAD_LOOK_UP;
}

static bool makes_amplitudes(qn_load_method method)
{
    return load_purpose_of(method) == LOAD_STATE;
}

static size_t count_nonzero(const load_input *input)
{
    size_t count = 0;
    for (uint64_t i = 0; i < input->count; i++) {
        count += input->amplitudes[i].re != 0 || input->amplitudes[i].im != 0;
    }
    return count;
}

/* Why `auto` leaves a method out; false: it does not. */
static bool is_left_out(const load_input *input, qn_load_method method, char why[LOAD_TEXT])
{
    const uint32_t n = qubits_of(input);
    why[0] = '\0';
    if (!makes_amplitudes(method) && input->is_complex) {
        (void)snprintf(why, LOAD_TEXT, "%s real numbers only", method == QN_LOAD_ALIAS ? "takes" : "looks up");
    } else if (method == QN_LOAD_MOTTONEN && n > MOST_ROTATIONS) {
        (void)snprintf(why, LOAD_TEXT, "over 2^%d numbers; ask for it by name", (int)MOST_ROTATIONS);
    } else if (method == QN_LOAD_ISOMETRY && n > MOST_SHANNON) {
        (void)snprintf(why, LOAD_TEXT, "over 2^%d numbers; ask for it by name", (int)MOST_SHANNON);
    } else if (method == QN_LOAD_MPS && n > MOST_PRODUCT) {
        (void)snprintf(why, LOAD_TEXT, "over 2^%d numbers; ask for it by name", (int)MOST_PRODUCT);
    } else if (method == QN_LOAD_SPARSE && count_nonzero(input) > MOST_SPARSE) {
        (void)snprintf(why, LOAD_TEXT, "over %d numbers that are not 0", (int)MOST_SPARSE);
    } else if ((method == QN_LOAD_QROM || method == QN_LOAD_SELECT_SWAP || method == QN_LOAD_PHASE_LOOKUP ||
                method == QN_LOAD_ALIAS) &&
               input->count > MOST_TABLE) {
        (void)snprintf(why, LOAD_TEXT, "over 2^16 entries; ask for it by name");
    } else if ((method == QN_LOAD_BUCKET_BRIGADE || method == QN_LOAD_FANOUT) &&
               (input->count > MOST_LEAVES || input->count < 2)) {
        (void)snprintf(why, LOAD_TEXT, "for 2 to 2^10 leaves; ask for it by name");
    }
    return why[0] != '\0';
}

static qn_status make_row(const qn_context *context, const load_input *input, const qn_load_options *options,
                          load_row *row)
{
    qn_load_options own = *options;
    own.method = row->method;
    const double begun = now();
    qn_status status;
    if (input->function != NULL) {
        status = qn_load_smooth(context, input->function, input->qubits, &own, &row->circuit, &row->cost);
    } else if (makes_amplitudes(row->method) || row->method == QN_LOAD_ALIAS) {
        status = qn_load_prepare(context, input->amplitudes, input->count, &own, &row->circuit, &row->cost);
    } else {
        status = qn_load_table(context, input->table, input->count, input->bits, &own, &row->circuit, &row->cost);
    }
    row->seconds = now() - begun;
    if (status == QN_OK && makes_amplitudes(row->method) && qubits_of(input) <= MOST_VERIFIED) {
        status = verify(context, input, row);
    }
    return status;
}

/* Amplitudes come first: that is what an algorithm on vectors needs. Of those that reach the fidelity, the fewest T. */
static void choose(load_comparison *c, double fidelity)
{
    bool found = false;
    for (size_t i = 0; i < c->count; i++) {
        const load_row *row = &c->rows[i], *best = &c->rows[c->chosen];
        if (row->circuit == NULL || !makes_amplitudes(row->method) || row->cost.fidelity < fidelity - 1e-12) {
            continue;
        }
        if (!found || row->cost.t_count < best->cost.t_count) {
            c->chosen = i;
            found = true;
        }
    }
    for (size_t i = 0; i < c->count && !found; i++) { /* no state was made: the first table that was */
        if (c->rows[i].circuit != NULL) {
            c->chosen = i;
            found = true;
        }
    }
    (void)snprintf(c->reason, sizeof c->reason,
                   "fewest T gates of those that make the amplitudes to a fidelity of %.10g", fidelity);
}

/* The rival: a copy in memory; of a function one value, for a measurement of its state gives one point. */
static qn_status time_rival(const qn_context *context, const load_input *input, load_comparison *c)
{
    if (input->function == NULL) {
        const void *data = input->is_complex ? (const void *)input->amplitudes : (const void *)input->array->data;
        return qn_load_copy_seconds(context, data, load_input_bytes(input), &c->copy_seconds);
    }
    volatile double sum = 0;
    const double begun = now();
    for (uint64_t i = 0; i < EVALUATIONS; i++) {
        sum = sum + input->function->evaluate(input->function, (double)i / EVALUATIONS);
    }
    c->copy_seconds = (now() - begun) / EVALUATIONS;
    return QN_OK;
}

qn_status load_compare(const qn_context *context, const load_input *input, const qn_load_options *options, bool all,
                       load_comparison *out)
{
    *out = (load_comparison){0};
    const bool function = input->function != NULL;
    qn_status status = time_rival(context, input, out);
    for (int m = 0; status == QN_OK && m < QN_LOAD_METHODS_; m++) {
        const qn_load_method method = (qn_load_method)m;
        if (function ? method != QN_LOAD_FUNCTION : all ? method == QN_LOAD_FUNCTION : method != options->method) {
            continue;
        }
        load_row *row = &out->rows[out->count++];
        row->method = method;
        if (!(all && !function && is_left_out(input, method, row->why))) {
            status = make_row(context, input, options, row);
        }
    }
    if (status != QN_OK) {
        load_comparison_free(out);
        return status;
    }
    if (all && !function) {
        choose(out, options->fidelity > 0 ? options->fidelity : 1 - 1e-9);
    } else {
        (void)snprintf(out->reason, sizeof out->reason, "asked for");
    }
    return QN_OK;
}

qn_status load_curve(const qn_context *context, const load_input *input, load_comparison *c)
{
    qn_status status = QN_OK;
    if (qubits_of(input) > MOST_PRODUCT && input->function == NULL) {
        return QN_OK;
    }
    for (uint32_t bond = 1; status == QN_OK && c->curve < LOAD_MOST_CURVE; bond *= 2) {
        qn_load_options options = QN_LOAD_OPTIONS_INIT;
        options.method = QN_LOAD_MPS;
        options.bond = bond;
        qn_circuit *circuit = NULL;
        qn_load_cost cost;
        status = input->function != NULL
                     ? qn_load_smooth(context, input->function, input->qubits, &options, &circuit, &cost)
                     : qn_load_prepare(context, input->amplitudes, input->count, &options, &circuit, &cost);
        qn_circuit_free(circuit);
        if (status == QN_OK) {
            c->curve_x[c->curve] = (double)cost.cnot;
            c->curve_y[c->curve++] = fmax(1 - cost.fidelity, 1e-15);
            if (cost.bond < bond || 1 - cost.fidelity < 1e-12) {
                break;
            }
        }
    }
    return status;
}

void load_comparison_free(load_comparison *comparison)
{
    for (size_t i = 0; i < comparison->count; i++) {
        qn_circuit_free(comparison->rows[i].circuit);
    }
    comparison->count = 0;
}
