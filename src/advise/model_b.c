/* model_b.c: placeholder for the compiler */
#include "advise/model.h"
qn_status qn__model_b(const qn__job *job, qn_estimate_result *out)
{
    (void)job;
    (void)out;
    return QN_OK;
}
qn_status qn__model_b_front(const qn__job *job, qn_estimate_front *out)
{
    (void)job;
    (void)out;
    return QN_OK;
}
