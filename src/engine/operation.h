/* operation.h: which operations engines run: gates whose parameters are known; barriers and delays do nothing. */
#ifndef QN_ENGINE_OPERATION_H
#define QN_ENGINE_OPERATION_H

#include <quern/circuit.h>

/* Why no engine runs this operation by itself, to follow "operation N "; NULL when it may. */
static inline const char *qn__operation_refusal(const qn_operation *operation)
{
    switch (operation->kind) {
    case QN_OP_BARRIER:
    case QN_OP_DELAY:
        return NULL;
    case QN_OP_GATE:
        for (uint32_t k = 0; k < operation->nparams; k++) {
            if (operation->params[k].expression != 0) {
                return "has a parameter that is computed at run time: use the sampler";
            }
        }
        return NULL;
    case QN_OP_MEASURE:
        return "is a measurement: use the sampler";
    case QN_OP_RESET:
        return "is a reset: use the sampler";
    case QN_OP_ASSIGN:
        return "is an assignment: use the sampler";
    default:
        return "is control flow: use the sampler";
    }
}

#endif
