/* estimate.c: the door to both price models: checks, rows, fronts. */
#include <quern/estimate.h>

#include <math.h>

#include "advise/model.h"
#include "base/alloc.h"

const char *qn_estimate_bound_name(qn_estimate_bound bound)
{
    static const char *const names[] = {"program", "factory", "reaction", "data-block"};
    return (size_t)bound < sizeof names / sizeof names[0] ? names[bound] : "unknown";
}

static qn_status check_counts(const qn_logical_counts *counts)
{
    const struct {
        const char *name;
        double value;
    } all[] = {{"qubits", counts->qubits},
               {"t", counts->t},
               {"rotations", counts->rotations},
               {"rotation_depth", counts->rotation_depth},
               {"ccz", counts->ccz},
               {"ccix", counts->ccix},
               {"measurements", counts->measurements}};
    double sum = 0;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        QN_CHECK(isfinite(all[i].value) && all[i].value >= 0 && all[i].value == floor(all[i].value), ERR_RANGE,
                 "count %s = %g; expected a whole number, not negative", all[i].name, all[i].value);
        sum += i > 0 ? all[i].value : 0;
    }
    QN_CHECK(counts->qubits >= 1, ERR_RANGE, "a program needs at least one qubit");
    QN_CHECK(sum > 0, ERR_RANGE, "nothing to price: no T gates, rotations, Toffoli gates or measurements");
    QN_CHECK(isfinite(sum) && sum < 1e250 && counts->qubits < 1e150, ERR_RANGE,
             "counts beyond 1e250 gates or 1e150 qubits");
    QN_CHECK((counts->rotations > 0) == (counts->rotation_depth > 0), ERR_RANGE,
             "%g rotations in %g layers; both or neither must be 0", counts->rotations, counts->rotation_depth);
    QN_CHECK(counts->rotation_depth <= counts->rotations, ERR_RANGE, "%g layers of only %g rotations",
             counts->rotation_depth, counts->rotations);
    return QN_OK;
}

static qn_status check_options(const qn_estimate_options *options)
{
    QN_CHECK(options->size == sizeof *options, ERR_ARGUMENT,
             "options of another version; start them with QN_ESTIMATE_OPTIONS_INIT");
    QN_CHECK(options->model == QN_ESTIMATE_A || options->model == QN_ESTIMATE_B, ERR_RANGE,
             "model %d is neither A nor B", (int)options->model);
    QN_CHECK(options->budget > 0 && options->budget < 1, ERR_RANGE, "failure budget %g is outside (0, 1)",
             options->budget);
    QN_CHECK(options->max_duration_s >= 0 && options->max_physical_qubits >= 0, ERR_RANGE,
             "limits must be positive; 0 means none");
    QN_CHECK(options->reaction_s >= 0 && isfinite(options->reaction_s), ERR_RANGE, "reaction time %g s",
             options->reaction_s);
    for (int i = 0; i < 3; i++) {
        QN_CHECK(options->distances[i] == 0 || (options->distances[i] % 2 == 1 && options->distances[i] <= 99),
                 ERR_RANGE, "code distance %u; expected an odd number up to 99, or 0 to search", options->distances[i]);
    }
    return QN_OK;
}

qn_status qn__job_open(const qn_advice *advice, const qn_logical_counts *counts, const qn_estimate_options *options,
                       qn__job *out)
{
    QN_CHECK(advice != NULL && counts != NULL && options != NULL, ERR_ARGUMENT,
             "advice, counts and options are needed");
    QN_CHECK(counts->size == sizeof *counts, ERR_ARGUMENT,
             "counts of another version; start them with QN_LOGICAL_COUNTS_INIT");
    QN_TRY(check_options(options));
    QN_TRY(check_counts(counts));
    *out = (qn__job){.counts = counts, .options = options};
    QN_TRY(qn__patch_read(advice, options->platform, options->code, options->error, options->cycle_s, &out->patch));
    if (options->model == QN_ESTIMATE_B) {
        const qn__patch own = out->patch;
        QN_CHECK(own.qubits[2] == 2 && own.qubits[1] == 0, ERR_ARGUMENT,
                 "model B prices the surface code; code \"%s\" is priced by model A", own.code);
        QN_TRY(qn__patch_read(advice, "gidney_fowler", "surface_fowler", own.error, own.round_ns * 1e-9, &out->patch));
        out->patch.platform = own.platform;
        out->patch.reaction_ns = own.reaction_ns;
        return QN_OK;
    }
    return qn__units_read(advice, "default", out->units, &out->nunits);
}

qn_status qn_estimate_run(const qn_advice *advice, const qn_logical_counts *counts, const qn_estimate_options *options,
                          qn_estimate_result *out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "result pointer is NULL");
    qn__job job;
    qn_estimate_result result = {0};
    QN_TRY(qn__job_open(advice, counts, options, &job));
    QN_TRY(options->model == QN_ESTIMATE_A ? qn__model_a(&job, &result) : qn__model_b(&job, &result));
    QN_CHECK(isfinite(result.physical_qubits) && isfinite(result.runtime_ns), ERR_RANGE,
             "the price of these counts is beyond what a double holds");
    *out = result;
    return QN_OK;
}

qn_status qn__front_add(qn_estimate_front *front, size_t *capacity, const qn_estimate_result *point)
{
    size_t kept = 0;
    for (size_t i = 0; i < front->count; i++) {
        const qn_estimate_result *other = &front->points[i];
        if (other->physical_qubits <= point->physical_qubits && other->runtime_ns <= point->runtime_ns) {
            return QN_OK;
        }
    }
    for (size_t i = 0; i < front->count; i++) {
        const qn_estimate_result *other = &front->points[i];
        if (!(point->physical_qubits <= other->physical_qubits && point->runtime_ns <= other->runtime_ns)) {
            front->points[kept++] = *other;
        }
    }
    front->count = kept;
    void *points = front->points;
    QN_TRY(qn__grow(&points, capacity, front->count + 1, sizeof *front->points));
    front->points = points;
    size_t at = front->count++;
    for (; at > 0 && front->points[at - 1].physical_qubits > point->physical_qubits; at--) {
        front->points[at] = front->points[at - 1];
    }
    front->points[at] = *point;
    return QN_OK;
}

qn_status qn_estimate_front_run(const qn_advice *advice, const qn_logical_counts *counts,
                                const qn_estimate_options *options, qn_estimate_front *out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "result pointer is NULL");
    qn__job job;
    qn_estimate_front front = {0};
    QN_TRY(qn__job_open(advice, counts, options, &job));
    const qn_status status =
        options->model == QN_ESTIMATE_A ? qn__model_a_front(&job, &front) : qn__model_b_front(&job, &front);
    if (status != QN_OK) {
        qn_estimate_front_clear(&front);
        return status;
    }
    *out = front;
    return QN_OK;
}

void qn_estimate_front_clear(qn_estimate_front *front)
{
    qn__free(front->points);
    *front = (qn_estimate_front){0};
}
