/* selftest_estimates.c: rows of data/reference.tsv that the price models compute, and plain arithmetic. */
#include <quern/estimate.h>

#include <stdio.h>
#include <string.h>

#include "advise/selftest.h"
#include "advise/t_factory.h"
#include "base/alloc.h"

static qn_status read_counts(const qn__pairs *a, qn_logical_counts *c)
{
    *c = (qn_logical_counts)QN_LOGICAL_COUNTS_INIT;
    QN_TRY(qn__pairs_need(a, "qubits", &c->qubits));
    QN_TRY(qn__pairs_number(a, "t", 0, &c->t));
    QN_TRY(qn__pairs_number(a, "rotations", 0, &c->rotations));
    QN_TRY(qn__pairs_number(a, "rotation_depth", 0, &c->rotation_depth));
    QN_TRY(qn__pairs_number(a, "toffoli", 0, &c->ccz));
    return qn__pairs_number(a, "measurements", 0, &c->measurements);
}

static qn_status choose(const qn__pairs *a, const char *name, const char *const *words, size_t count, unsigned *out)
{
    const char *const text = qn__pairs_text(a, name);
    for (size_t i = 0; text != NULL && i < count; i++) {
        if (strcmp(text, words[i]) == 0) {
            *out = (unsigned)i;
            return QN_OK;
        }
    }
    QN_CHECK(text == NULL, ERR_NAME, "%s \"%s\" is unknown", name, text);
    return QN_OK;
}

static qn_status read_options(const qn__pairs *a, qn_estimate_options *o)
{
    static const char *const objectives[] = {"volume", "qubits", "time"};
    static const char *const data_blocks[] = {"simple", "compact", "intermediate", "fast"};
    double factories = 0, distances[3];
    unsigned objective = 0, data_block = 0;
    o->platform = qn__pairs_text(a, "platform");
    o->code = qn__pairs_text(a, "code");
    QN_TRY(qn__pairs_number(a, "budget", 1e-3, &o->budget));
    QN_TRY(qn__pairs_number(a, "error", 0, &o->error));
    QN_TRY(qn__pairs_number(a, "cycle_s", 0, &o->cycle_s));
    QN_TRY(qn__pairs_number(a, "max_duration_s", 0, &o->max_duration_s));
    QN_TRY(qn__pairs_number(a, "max_physical_qubits", 0, &o->max_physical_qubits));
    QN_TRY(qn__pairs_number(a, "factories", 0, &factories));
    QN_TRY(qn__pairs_number(a, "l1", 0, &distances[0]));
    QN_TRY(qn__pairs_number(a, "l2", 0, &distances[1]));
    QN_TRY(qn__pairs_number(a, "d", 0, &distances[2]));
    QN_TRY(choose(a, "objective", objectives, 3, &objective));
    QN_TRY(choose(a, "data_block", data_blocks, 4, &data_block));
    o->objective = (qn_estimate_objective)objective;
    o->data_block = (qn_data_block)data_block;
    o->factories = (uint32_t)factories;
    for (int i = 0; i < 3; i++) {
        o->distances[i] = (uint32_t)distances[i];
    }
    return QN_OK;
}

static qn_status estimate(const qn_advice *advice, const qn__pairs *a, qn_estimate_model model, qn__results *out)
{
    qn_logical_counts counts;
    qn_estimate_options options = QN_ESTIMATE_OPTIONS_INIT;
    qn_estimate_result r;
    options.model = model;
    QN_TRY(read_counts(a, &counts));
    QN_TRY(read_options(a, &options));
    QN_TRY(qn_estimate_run(advice, &counts, &options, &r));
    qn__results_add(out, "physical_qubits", r.physical_qubits);
    qn__results_add(out, "runtime_ns", r.runtime_ns);
    qn__results_add(out, "runtime_s", r.runtime_s);
    qn__results_add(out, "hours", r.runtime_s / 3600);
    qn__results_add(out, "days", r.runtime_s / 86400);
    qn__results_add(out, "code_distance", r.code_distance);
    qn__results_add(out, "cycle_ns", r.cycle_s * 1e9);
    qn__results_add(out, "logical_qubits", r.logical_qubits);
    qn__results_add(out, "logical_cycles", r.logical_cycles);
    qn__results_add(out, "magic_states", r.magic_states);
    qn__results_add(out, "t_per_rotation", r.t_per_rotation);
    qn__results_add(out, "failure", r.failure_probability);
    qn__results_add(out, "factory_share", r.physical_qubits_factories / r.physical_qubits);
    qn__results_add(out, "copies", r.factory.copies);
    qn__results_add(out, "factory_qubits", r.factory.physical_qubits);
    qn__results_add(out, "factory_ns", r.factory.duration_ns);
    for (size_t i = 0; i < QN_FACTORY_ROUNDS; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "units%zu", i + 1);
        qn__results_add(out, name, r.factory.units[i]);
        (void)snprintf(name, sizeof name, "level%zu_distance", i + 1);
        qn__results_add(out, name, r.factory.distances[i]);
    }
    return QN_OK;
}

qn_status qn__evaluate_estimate_a(const qn_advice *advice, const qn__pairs *arguments, qn__results *out)
{
    return estimate(advice, arguments, QN_ESTIMATE_A, out);
}

qn_status qn__evaluate_estimate_b(const qn_advice *advice, const qn__pairs *arguments, qn__results *out)
{
    return estimate(advice, arguments, QN_ESTIMATE_B, out);
}

qn_status qn__evaluate_stack(const qn_advice *advice, const qn__pairs *arguments, qn__results *out)
{
    qn_logical_counts counts;
    qn_estimate_options options = QN_ESTIMATE_OPTIONS_INIT;
    qn_estimate_stack r;
    const char *const stack = qn__pairs_text(arguments, "stack");
    options.platform = "gidney_fowler";
    QN_CHECK(stack != NULL, ERR_NAME, "there is no value \"stack\"");
    QN_TRY(read_counts(arguments, &counts));
    QN_TRY(qn__pairs_number(arguments, "budget", 1e-3, &options.budget));
    QN_TRY(qn_estimate_stack_run(advice, stack, &counts, &options, &r));
    qn__results_add(out, "physical_qubits", r.physical_qubits);
    qn__results_add(out, "minutes", r.runtime_s / 60);
    qn__results_add(out, "failure", r.failure_probability);
    return QN_OK;
}

/* All best factories for a target error, fastest first: count, qubits1, ns1, qubits2, … */
qn_status qn__evaluate_factory_list(const qn_advice *advice, const qn__pairs *arguments, qn__results *out)
{
    qn__patch patch;
    qn__unit units[QN__FACTORY_UNITS];
    qn__t_factory *all = NULL;
    size_t nunits = 0, count = 0;
    double target = 0;
    const char *const set = qn__pairs_text(arguments, "units");
    QN_TRY(qn__pairs_need(arguments, "target", &target));
    QN_TRY(
        qn__patch_read(advice, qn__pairs_text(arguments, "platform"), qn__pairs_text(arguments, "code"), 0, 0, &patch));
    QN_TRY(qn__units_read(advice, set != NULL ? set : "default", units, &nunits));
    QN_TRY(qn__t_factories(&patch, units, nunits, target, patch.max_distance, &all, &count));
    qn__results_add(out, "count", (double)count);
    for (size_t i = 0; i < count; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "qubits%zu", i + 1);
        qn__results_add(out, name, all[i].qubits);
        (void)snprintf(name, sizeof name, "ns%zu", i + 1);
        qn__results_add(out, name, all[i].time_ns);
    }
    qn__free(all);
    return QN_OK;
}

qn_status qn__evaluate_litinski(const qn_advice *advice, const qn__pairs *arguments, qn__results *out)
{
    (void)advice;
    double d[3], error = 0;
    qn_litinski r;
    QN_TRY(qn__pairs_need(arguments, "dx", &d[0]));
    QN_TRY(qn__pairs_need(arguments, "dz", &d[1]));
    QN_TRY(qn__pairs_need(arguments, "dm", &d[2]));
    QN_TRY(qn__pairs_need(arguments, "error", &error));
    QN_TRY(qn_litinski_run((uint32_t)d[0], (uint32_t)d[1], (uint32_t)d[2], error, &r));
    qn__results_add(out, "output_error", r.output_error);
    qn__results_add(out, "physical_qubits", r.physical_qubits);
    qn__results_add(out, "cycles", r.cycles);
    qn__results_add(out, "failure", r.failure_probability);
    return QN_OK;
}

/* Every argument is a sum of its own. */
qn_status qn__evaluate_arithmetic(const qn_advice *advice, const qn__pairs *arguments, qn__results *out)
{
    (void)advice;
    for (size_t i = 0; i < arguments->count; i++) {
        double value = 0;
        QN_TRY(qn__pairs_need(arguments, arguments->names[i], &value));
        qn__results_add(out, arguments->names[i], value);
    }
    return QN_OK;
}
