/* train.c: Adam over a model's parameters, with history, progress, interruption and checkpoints.
 *
 * The state of Adam is small and its own, so a checkpoint holds it as it is: a resumed run goes on as if it had never
 * stopped. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <quern/format.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/record_log.h"
#include "learn/generative.h"

static const double decay1 = .9, decay2 = .999, tiny = 1e-8, save_apart = 60;

/* Behind it in the file: parameters, both moments, losses. */
typedef struct header {
    uint64_t magic, fingerprint, step, parameters;
} header;
static const uint64_t magic = UINT64_C(0x314e4745524e5551);

typedef struct adam {
    size_t n;
    double *parameters, *gradient, *first, *second, *loss;
    uint64_t step, steps;
    double rate;
} adam;

static qn_status save(const adam *a, const char *path, uint64_t fingerprint)
{
    const size_t numbers = 3 * a->n + a->step, length = sizeof(header) + numbers * sizeof(double);
    char *const bytes = qn__alloc(1, length);
    QN_ALLOC_CHECK(bytes);
    const header head = {magic, fingerprint, a->step, a->n};
    memcpy(bytes, &head, sizeof head);
    double *const to = (double *)(void *)(bytes + sizeof head);
    memcpy(to, a->parameters, a->n * sizeof *to);
    memcpy(to + a->n, a->first, a->n * sizeof *to);
    memcpy(to + 2 * a->n, a->second, a->n * sizeof *to);
    memcpy(to + 3 * a->n, a->loss, a->step * sizeof *to);
    const qn_status status = qn_file_write(path, bytes, length);
    qn__free(bytes);
    return status;
}

static qn_status check_head(const adam *a, const header *head, size_t length, const char *path, uint64_t fingerprint)
{
    QN_CHECK(length >= sizeof *head && head->magic == magic, ERR_CHECKPOINT, "%s: not a checkpoint of training", path);
    QN_CHECK(head->fingerprint == fingerprint && head->parameters == a->n, ERR_CHECKPOINT,
             "%s: belongs to other data or options", path);
    QN_CHECK(head->step <= a->steps, ERR_CHECKPOINT, "%s: is %llu steps long; %llu are wanted", path,
             (unsigned long long)head->step, (unsigned long long)a->steps);
    QN_CHECK(length == sizeof *head + (3 * a->n + head->step) * sizeof(double), ERR_CHECKPOINT, "%s: is cut off", path);
    return QN_OK;
}

static qn_status load(adam *a, const char *path, uint64_t fingerprint)
{
    char *text = NULL;
    size_t length = 0;
    header head = {0};
    QN_TRY(qn_file_read(path, UINT64_C(1) << 36, &text, &length));
    memcpy(&head, text, length < sizeof head ? length : sizeof head);
    const qn_status status = check_head(a, &head, length, path, fingerprint);
    if (status == QN_OK) {
        const char *const from = text + sizeof head;
        const size_t each = a->n * sizeof(double);
        memcpy(a->parameters, from, each);
        memcpy(a->first, from + each, each);
        memcpy(a->second, from + 2 * each, each);
        memcpy(a->loss, from + 3 * each, head.step * sizeof(double));
        a->step = head.step;
    }
    qn_text_free(text);
    return status;
}

static void move(adam *a)
{
    const double t = (double)a->step + 1, bias1 = 1 - pow(decay1, t), bias2 = 1 - pow(decay2, t);
    for (size_t k = 0; k < a->n; k++) {
        const double g = a->gradient[k];
        a->first[k] = decay1 * a->first[k] + (1 - decay1) * g;
        a->second[k] = decay2 * a->second[k] + (1 - decay2) * g * g;
        a->parameters[k] -= a->rate * (a->first[k] / bias1) / (sqrt(a->second[k] / bias2) + tiny);
    }
}

static double tail_mean(const double *loss, uint64_t steps)
{
    const uint64_t count = steps / 20 > 0 ? steps / 20 : 1;
    double sum = 0;
    for (uint64_t k = steps - count; k < steps; k++) {
        sum += loss[k];
    }
    return sum / (double)count;
}

static qn_status steps_of(adam *a, const qn_context *context, const qn__trainee *trainee,
                          const qn_generative_options *options, uint64_t fingerprint, qn_generative_training *training)
{
    const double start = qn__clock();
    const uint64_t begun = a->step;
    double last = 0, saved = start;
    while (a->step < a->steps && !qn_context_interrupted(context)) {
        double loss = 0;
        QN_TRY(trainee->evaluate(trainee->user, a->parameters, a->step, &loss, a->gradient));
        QN_CHECK(isfinite(loss), ERR_NUMERIC, "the loss is not finite at step %llu; a lower rate may help",
                 (unsigned long long)a->step);
        move(a);
        a->loss[a->step++] = loss;
        qn__context_progress(context,
                             &(qn_progress){"training", a->step, a->steps, a->step - begun, tail_mean(a->loss, a->step),
                                            qn__clock() - start},
                             &last, false);
        if (options->checkpoint != NULL && qn__clock() - saved > save_apart) {
            QN_TRY(save(a, options->checkpoint, fingerprint));
            saved = qn__clock();
        }
    }
    training->interrupted = a->step < a->steps;
    training->steps = a->step;
    training->seconds = qn__clock() - start;
    training->seconds_a_step = a->step > begun ? training->seconds / (double)(a->step - begun) : 0;
    training->first_loss = a->step > 0 ? a->loss[0] : (double)NAN;
    training->last_loss = a->step > 0 ? tail_mean(a->loss, a->step) : (double)NAN;
    return options->checkpoint != NULL ? save(a, options->checkpoint, fingerprint) : QN_OK;
}

qn_status qn__train(const qn_context *context, const qn__trainee *trainee, const qn_generative_options *options,
                    uint64_t fingerprint, qn_generative_model *model, qn_generative_training *training)
{
    adam a = {.n = model->nparameters,
              .parameters = model->parameters,
              .steps = options->steps,
              .rate = options->rate,
              .loss = training->loss};
    qn_status status = QN_OK;
    a.gradient = qn__calloc(3 * a.n, sizeof *a.gradient);
    QN_ALLOC_CHECK(a.gradient);
    a.first = a.gradient + a.n;
    a.second = a.first + a.n;
    if (options->checkpoint != NULL && access(options->checkpoint, F_OK) == 0) {
        if (!options->resume) {
            status = QN_FAIL(ERR_CHECKPOINT, "%s: is there already; resume it or name another", options->checkpoint);
            goto cleanup;
        }
        QN_TRY_CLEANUP(load(&a, options->checkpoint, fingerprint));
    }
    status = steps_of(&a, context, trainee, options, fingerprint, training);
cleanup:
    qn__free(a.gradient);
    return status;
}
