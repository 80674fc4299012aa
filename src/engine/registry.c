/* registry.c: engines by name, and the checks that stand before every engine: options, sizes, Hermiticity, finite
 * parameters. */
#include <quern/engine.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/context.h"
#include "base/status.h"
#include "base/suggest.h"
#include "engine/engines.h"
#include "engine/registry.h"

static const qn_engine_desc *const engines[] = {
#define QN_ENGINE(id) &qn__##id##_desc,
#include "engine/engines.def"
#undef QN_ENGINE
};
enum { ENGINE_COUNT = (int)(sizeof engines / sizeof engines[0]) };

size_t qn_engine_count(void)
{
    return ENGINE_COUNT;
}

const qn_engine_desc *qn_engine_describe(size_t index)
{
    return index < ENGINE_COUNT ? engines[index] : NULL;
}

static const char *engine_name(const void *user, size_t index)
{
    (void)user;
    return engines[index]->name;
}

static const char *const option_names[] = {"f32",     "f64",     "threads=1", "float32",
                                           "float64", "threads", "tile",      "tile=7"};

static const char *option_name(const void *user, size_t index)
{
    (void)user;
    return option_names[index];
}

/* A number of decimal digits up to `most`; anything else: most + 1. */
static uint32_t read_number(const char *text, uint32_t most)
{
    uint32_t number = 0;
    const char *digit = text;
    for (; *digit >= '0' && *digit <= '9' && number <= most; digit++) {
        number = number * 10 + (uint32_t)(*digit - '0');
    }
    return *digit == '\0' && digit != text && number <= most ? number : most + 1;
}

/* One word of the part after the colon. */
static qn_status read_option(const char *spec, const char *word, qn_engine_options *options)
{
    if (strcmp(word, "f32") == 0 || strcmp(word, "float32") == 0) {
        options->single_precision = true;
        return QN_OK;
    }
    if (strcmp(word, "f64") == 0 || strcmp(word, "float64") == 0) {
        options->single_precision = false;
        return QN_OK;
    }
    if (strncmp(word, "threads=", 8) == 0) {
        const uint32_t threads = read_number(word + 8, 4096);
        QN_CHECK(threads >= 1 && threads <= 4096, ERR_RANGE,
                 "engine '%s': '%s' is not a number of threads; expected threads=1 to threads=4096", spec, word);
        options->threads = threads;
        return QN_OK;
    }
    if (strncmp(word, "tile=", 5) == 0) {
        const uint32_t qubits = read_number(word + 5, 30);
        QN_CHECK(qubits >= 4 && qubits <= 30, ERR_RANGE,
                 "engine '%s': '%s' is not a number of qubits; expected tile=4 to tile=30", spec, word);
        options->tile_qubits = qubits;
        return QN_OK;
    }
    const char *near = qn__suggest(word, sizeof option_names / sizeof option_names[0], option_name, NULL);
    return QN_FAIL(ERR_NAME, "engine '%s': unknown option '%s'%s%s%s; known: f32, f64, threads=N, tile=N", spec, word,
                   near != NULL ? ", did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
}

static qn_status read_options(const char *spec, const char *text, qn_engine_options *options)
{
    for (;;) {
        char word[32];
        const size_t length = strcspn(text, ",");
        QN_CHECK(length > 0, ERR_ARGUMENT, "engine '%s': an option is empty; expected name:option,option", spec);
        QN_CHECK(length < sizeof word, ERR_NAME,
                 "engine '%s': unknown option '%.*s'; known: f32, f64, threads=N, tile=N", spec,
                 (int)(length > 80 ? 80 : length), text);
        memcpy(word, text, length);
        word[length] = '\0';
        QN_TRY(read_option(spec, word, options));
        if (text[length] == '\0') {
            return QN_OK;
        }
        text += length + 1;
    }
}

qn_status qn_engine_open(qn_context *context, const char *spec, qn_engine **out)
{
    QN_CHECK(spec != NULL && spec[0] != '\0', ERR_ARGUMENT, "no engine named; expected for example 'statevector:f32'");
    char name[64];
    const size_t length = strcspn(spec, ":");
    QN_CHECK(length < sizeof name, ERR_NAME, "unknown engine '%.80s'", spec);
    memcpy(name, spec, length);
    name[length] = '\0';
    const qn_engine_desc *desc = NULL;
    for (size_t i = 0; i < ENGINE_COUNT; i++) {
        if (strcmp(name, engines[i]->name) == 0) {
            desc = engines[i];
        }
    }
    if (desc == NULL) {
        const char *near = qn__suggest(name, ENGINE_COUNT, engine_name, NULL);
        char known[256] = "";
        size_t used = 0;
        for (size_t i = 0; i < ENGINE_COUNT && used + 1 < sizeof known; i++) {
            const int wrote = snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "", engines[i]->name);
            used += wrote > 0 ? (size_t)wrote : 0;
        }
        return QN_FAIL(ERR_NAME, "unknown engine '%s'%s%s%s; known: %s", name, near != NULL ? ", did you mean '" : "",
                       near != NULL ? near : "", near != NULL ? "'?" : "", known);
    }
    qn_engine_options options = QN_ENGINE_OPTIONS_INIT;
    if (spec[length] == ':') {
        QN_TRY(read_options(spec, spec + length + 1, &options));
    }
    return qn_engine_open_desc(context, desc, &options, out);
}

qn_status qn_engine_open_desc(qn_context *context, const qn_engine_desc *desc, const qn_engine_options *options,
                              qn_engine **out)
{
    QN_CHECK(context != NULL && desc != NULL, ERR_ARGUMENT, "an engine needs a context and a description");
    QN_CHECK(desc->abi == QN_ENGINE_ABI, ERR_ARGUMENT, "engine '%s' was built for interface %u, this library has %u",
             desc->name, desc->abi, QN_ENGINE_ABI);
    const qn_engine_ops *ops = desc->ops;
    QN_CHECK(ops != NULL, ERR_NOT_BUILT, "engine '%s' is not built into this library: %s", desc->name, desc->summary);
    QN_CHECK(ops->open != NULL && ops->close != NULL && ops->supports != NULL && ops->bytes_needed != NULL &&
                 ops->compile != NULL && ops->release != NULL && ops->sample != NULL && ops->expect != NULL,
             ERR_ARGUMENT, "engine '%s' lacks a required operation", desc->name);
    qn_engine_options chosen = QN_ENGINE_OPTIONS_INIT;
    if (options != NULL) {
        QN_CHECK(options->size == sizeof chosen, ERR_ARGUMENT,
                 "options have size %u, expected %zu; use QN_ENGINE_OPTIONS_INIT", options->size, sizeof chosen);
        chosen = *options;
    }
    qn_engine *engine = qn__alloc(1, sizeof *engine);
    QN_ALLOC_CHECK(engine);
    *engine = (qn_engine){.context = context, .desc = desc, .options = chosen, .self = NULL};
    const qn_status status = ops->open(context, &chosen, &engine->self);
    if (status != QN_OK) {
        qn__free(engine);
        return status;
    }
    *out = engine;
    return QN_OK;
}

void qn_engine_close(qn_engine *engine)
{
    if (engine != NULL) {
        engine->desc->ops->close(engine->self);
        qn__free(engine);
    }
}

const qn_engine_desc *qn_engine_desc_of(const qn_engine *engine)
{
    return engine->desc;
}

qn_context *qn_engine_context(const qn_engine *engine)
{
    return engine->context;
}

/* Observables fit the circuit and are Hermitian: coefficients real up to 1e-10 of the largest. */
static qn_status check_observables(const qn_circuit *circuit, const qn_pauli_sum *const *observables, size_t count)
{
    const uint32_t n = qn_circuit_qubits(circuit);
    QN_CHECK(count == 0 || observables != NULL, ERR_ARGUMENT, "%zu observables announced, none given", count);
    for (size_t o = 0; o < count; o++) {
        const qn_pauli_sum *sum = observables[o];
        QN_CHECK(sum != NULL, ERR_ARGUMENT, "observable %zu is missing", o);
        QN_CHECK(qn_pauli_sum_qubits(sum) == n, ERR_SHAPE, "observable %zu acts on %u qubits, the circuit on %u", o,
                 qn_pauli_sum_qubits(sum), n);
        double scale = 1.0;
        for (size_t t = 0; t < qn_pauli_sum_terms(sum); t++) {
            scale = fmax(scale, fabs(qn_pauli_sum_coefficient(sum, t).re));
        }
        size_t worst = SIZE_MAX;
        if (!qn_pauli_sum_is_hermitian(sum, 1e-10 * scale, &worst)) {
            char label[65] = "...";
            if (worst != SIZE_MAX && n < sizeof label) {
                QN_TRY(qn_pauli_sum_label(sum, worst, label, sizeof label));
            }
            return QN_FAIL(ERR_NOT_HERMITIAN, "observable %zu is not Hermitian: term %zu (%s) has imaginary part %g", o,
                           worst, label, worst != SIZE_MAX ? qn_pauli_sum_coefficient(sum, worst).im : 0.0);
        }
    }
    return QN_OK;
}

/* Bytes for a circuit of n qubits without operations: the least any such program takes. UINT64_MAX when that fails. */
static uint64_t least_bytes(const qn_engine_ops *ops, const void *self, uint32_t n)
{
    qn_circuit *empty = NULL;
    uint64_t bytes = UINT64_MAX;
    if (qn_circuit_create(n, &empty) != QN_OK || ops->bytes_needed(self, empty, NULL, 0, &bytes) != QN_OK) {
        bytes = UINT64_MAX;
    }
    qn_circuit_free(empty);
    return bytes;
}

/* What would fit in the limit: the largest number of qubits, and whether float32 is worth trying. */
static void write_advice(const qn_engine *engine, const qn_circuit *circuit, uint64_t bytes, char *text,
                         size_t capacity)
{
    const qn_engine_ops *ops = engine->desc->ops;
    const uint64_t limit = qn_context_memory_limit(engine->context);
    const uint32_t n = qn_circuit_qubits(circuit);
    uint32_t fits = n < 64 ? n : 64;
    while (fits > 0 && least_bytes(ops, engine->self, fits) > limit) {
        fits--;
    }
    size_t used = 0;
    if (fits > 0 && fits < n) {
        const int wrote = snprintf(text, capacity, "up to %u qubits fit", fits);
        used = wrote > 0 ? (size_t)wrote : 0;
    }
    if (engine->options.single_precision) {
        return;
    }
    qn_engine_options single = engine->options;
    single.single_precision = true;
    void *self = NULL;
    if (ops->open(engine->context, &single, &self) != QN_OK) {
        return; /* the engine has no float32 */
    }
    uint64_t halved = UINT64_MAX;
    if (ops->bytes_needed(self, circuit, NULL, 0, &halved) == QN_OK && halved < bytes && used < capacity) {
        (void)snprintf(text + used, capacity - used, "%sfloat32 halves it ('%s:f32')%s", used > 0 ? "; " : "",
                       engine->desc->name, halved <= limit ? ", which fits" : "");
    }
    ops->close(self);
}

qn_status qn_engine_bytes_needed(const qn_engine *engine, const qn_circuit *circuit,
                                 const qn_pauli_sum *const *observables, size_t nobservables, uint64_t *bytes)
{
    return engine->desc->ops->bytes_needed(engine->self, circuit, observables, nobservables, bytes);
}

/* Refuse before memory is touched. The advice costs a few calls, so it is worked out only for a refusal. */
qn_status qn__engine_check_size(const qn_engine *engine, const qn_circuit *circuit,
                                const qn_pauli_sum *const *observables, size_t count)
{
    uint64_t bytes = 0;
    QN_TRY(qn_engine_bytes_needed(engine, circuit, observables, count, &bytes));
    if (bytes <= qn_context_memory_limit(engine->context)) {
        return QN_OK;
    }
    char what[128], advice[192] = "";
    (void)snprintf(what, sizeof what, "a circuit of %u qubits on engine '%s'", qn_circuit_qubits(circuit),
                   engine->desc->name);
    write_advice(engine, circuit, bytes, advice, sizeof advice);
    return qn__context_check_bytes(engine->context, bytes, what, advice);
}

qn_status qn__engine_check_supported(const qn_engine *engine, const qn_circuit *circuit)
{
    char why[256] = "no reason given";
    QN_CHECK(engine->desc->ops->supports(engine->self, circuit, why, sizeof why), ERR_UNSUPPORTED,
             "engine '%s' cannot run this circuit: %s", engine->desc->name, why);
    return QN_OK;
}

qn_status qn_engine_compile(qn_engine *engine, const qn_circuit *circuit, const qn_pauli_sum *const *observables,
                            size_t nobservables, qn_program **out)
{
    QN_CHECK(engine != NULL && circuit != NULL, ERR_ARGUMENT, "compiling needs an engine and a circuit");
    QN_TRY(check_observables(circuit, observables, nobservables));
    QN_TRY(qn__engine_check_supported(engine, circuit));
    QN_TRY(qn__engine_check_size(engine, circuit, observables, nobservables));
    qn_program *program = qn__alloc(1, sizeof *program);
    QN_ALLOC_CHECK(program);
    *program = (qn_program){.ops = engine->desc->ops,
                            .program = NULL,
                            .symbols = qn_circuit_symbols(circuit),
                            .observables = nobservables,
                            .qubits = qn_circuit_qubits(circuit),
                            .engine_name = engine->desc->name};
    const qn_status status =
        engine->desc->ops->compile(engine->self, circuit, observables, nobservables, &program->program);
    if (status != QN_OK) {
        qn__free(program);
        return status;
    }
    *out = program;
    return QN_OK;
}

void qn_program_free(qn_program *program)
{
    if (program != NULL) {
        program->ops->release(program->program);
        qn__free(program);
    }
}

size_t qn_program_symbols(const qn_program *program)
{
    return program->symbols;
}

size_t qn_program_observables(const qn_program *program)
{
    return program->observables;
}

uint32_t qn_program_qubits(const qn_program *program)
{
    return program->qubits;
}

bool qn_program_has_gradient(const qn_program *program)
{
    return program->ops->gradient != NULL;
}

/* Stands in for the parameters of a program that has none, so that engines may do arithmetic on the pointer. */
static const double no_parameters[1] = {0.0};

static const double *or_none(const qn_program *program, const double *theta)
{
    return theta == NULL && program->symbols == 0 ? no_parameters : theta;
}

/* Every number is finite. x - x is 0 for finite x and NaN otherwise, so one sum decides without a branch a number. */
qn_status qn__engine_check_finite(const char *what, const double *numbers, size_t rows, size_t columns)
{
    QN_CHECK(numbers != NULL || rows * columns == 0, ERR_ARGUMENT, "%zu %ss are needed, none given", rows * columns,
             what);
    double sum = 0.0;
    for (size_t i = 0; i < rows * columns; i++) {
        sum += numbers[i] - numbers[i];
    }
    if (sum == 0.0) {
        return QN_OK;
    }
    for (size_t i = 0; i < rows * columns; i++) {
        QN_CHECK(isfinite(numbers[i]), ERR_NAN, "%s %zu of row %zu is %g; expected a finite number", what, i % columns,
                 i / columns, numbers[i]);
    }
    return QN_OK;
}

/* Pieces of qn_engine_compile_live act on a live state only. */
static qn_status check_whole(const qn_program *program)
{
    QN_CHECK(!program->live, ERR_ARGUMENT, "the program is a piece for live states: use qn_live_advance");
    return QN_OK;
}

qn_status qn_program_sample(qn_program *program, const double *theta, size_t rows, uint64_t shots, uint64_t seed,
                            uint64_t stream, qn_counts *const *out)
{
    QN_TRY(qn__engine_check_finite("parameter", theta, rows, program->symbols));
    QN_TRY(check_whole(program));
    for (size_t r = 0; r < rows; r++) {
        QN_CHECK(qn_counts_bits(out[r]) == program->qubits, ERR_SHAPE, "counts of %u bits given for %u qubits",
                 qn_counts_bits(out[r]), program->qubits);
    }
    for (size_t r = 0; r < rows; r++) {
        qn_counts_clear(out[r]);
    }
    return program->ops->sample(program->program, or_none(program, theta), rows, shots, seed, stream, out);
}

qn_status qn_program_expect(qn_program *program, const double *theta, size_t rows, double *values, double *variances)
{
    QN_TRY(check_whole(program));
    QN_TRY(qn__engine_check_finite("parameter", theta, rows, program->symbols));
    return program->ops->expect(program->program, or_none(program, theta), rows, values, variances);
}

qn_status qn_program_gradient(qn_program *program, const double *theta, size_t rows, const double *weights,
                              double *values, double *grad)
{
    QN_TRY(check_whole(program));
    QN_CHECK(program->ops->gradient != NULL, ERR_UNSUPPORTED,
             "engine '%s' has no gradient of its own; use the parameter-shift rule", program->engine_name);
    QN_TRY(qn__engine_check_finite("parameter", theta, rows, program->symbols));
    QN_TRY(qn__engine_check_finite("weight", weights, rows, program->observables));
    return program->ops->gradient(program->program, or_none(program, theta), rows, weights, values, grad);
}

qn_status qn_program_amplitudes(qn_program *program, const double *theta, uint64_t first, size_t count, qn_complex *out)
{
    QN_TRY(check_whole(program));
    QN_CHECK(program->ops->amplitudes != NULL, ERR_UNSUPPORTED, "engine '%s' cannot give amplitudes",
             program->engine_name);
    QN_CHECK(program->qubits >= 64 ||
                 (first <= UINT64_C(1) << program->qubits && count <= (UINT64_C(1) << program->qubits) - first),
             ERR_RANGE, "amplitudes %llu to %llu asked for; %u qubits have 2^%u", (unsigned long long)first,
             (unsigned long long)(first + count), program->qubits, program->qubits);
    QN_TRY(qn__engine_check_finite("parameter", theta, 1, program->symbols));
    return program->ops->amplitudes(program->program, or_none(program, theta), first, count, out);
}
