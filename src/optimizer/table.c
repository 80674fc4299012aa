/* table.c: the list of methods, looked up by place and by name. */
#include <string.h>

#include "base/status.h"
#include "base/suggest.h"
#include "optimizer/run.h"

static const qn_optimizer_info rows[] = {
#define QN_OPTIMIZER(id, name, flags, run, summary) {name, summary, flags},
#include "optimizer/optimizers.def"
#undef QN_OPTIMIZER
};

static const char *row_name(const void *user, size_t index)
{
    (void)user;
    return rows[index].name;
}

size_t qn_optimizer_count(void)
{
    return QN__METHOD_COUNT;
}

const qn_optimizer_info *qn_optimizer_describe(size_t index)
{
    return index < QN__METHOD_COUNT ? &rows[index] : NULL;
}

qn_status qn_optimizer_find(const char *name, const qn_optimizer_info **out)
{
    QN_CHECK(name != NULL && out != NULL, ERR_ARGUMENT, "qn_optimizer_find: name and out are needed");
    for (size_t i = 0; i < QN__METHOD_COUNT; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            *out = &rows[i];
            return QN_OK;
        }
    }
    const char *near = qn__suggest(name, QN__METHOD_COUNT, row_name, NULL);
    return QN_FAIL(ERR_NAME, "no optimizer '%s'%s%s%s", name, near ? ", did you mean '" : "", near ? near : "",
                   near ? "'?" : "");
}

const char *qn_stop_reason_text(qn_stop_reason reason)
{
    switch (reason) {
    case QN_STOP_CONVERGED:
        return "converged";
    case QN_STOP_LIMITED:
        return "no further progress (rounding or noise)";
    case QN_STOP_ITERATIONS:
        return "iteration limit";
    case QN_STOP_EVALUATIONS:
        return "evaluation limit";
    case QN_STOP_SECONDS:
        return "time limit";
    case QN_STOP_INTERRUPTED:
        return "interrupted";
    case QN_STOP_NOT_FINITE:
        return "the objective is not finite";
    }
    return "unknown";
}
