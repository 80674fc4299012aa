/* adam.c: Adam (Kingma, Ba, ICLR 2015, arXiv:1412.6980) and AMSGrad (Reddi, Kale, Kumar, ICLR 2018, arXiv:1904.09237).
 */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "optimizer/run.h"

enum { FLAT_STEPS = 10 };

qn_status qn__adam_run(qn__run *run)
{
    const size_t n = run->n;
    const bool amsgrad = run->method == QN__METHOD_AMSGRAD;
    const double rate = run->options.step > 0 ? run->options.step : 0.05;
    const double beta1 = 0.9, beta2 = amsgrad ? 0.99 : 0.999, epsilon = 1e-8;
    double *memory = qn__calloc(5 * n, sizeof *memory);
    QN_ALLOC_CHECK(memory);
    double *x = memory, *grad = memory + n, *first = memory + 2 * n, *second = memory + 3 * n,
           *highest = memory + 4 * n;
    memcpy(x, run->x, n * sizeof *x);
    double power1 = 1.0, power2 = 1.0, before = (double)INFINITY, value = 0;
    unsigned flat = 0;
    while (qn__run_evaluate(run, x, &value, grad) && qn__run_iterate(run, x, value, run->gradient_norm)) {
        flat = run->objective->noise <= 0 && qn__run_flat(run, before, value) ? flat + 1 : 0;
        if (flat >= FLAT_STEPS) {
            qn__run_stop(run, QN_STOP_CONVERGED);
            break;
        }
        before = value;
        power1 *= beta1;
        power2 *= beta2;
        double largest = 0;
        for (size_t i = 0; i < n; i++) {
            first[i] = beta1 * first[i] + (1.0 - beta1) * grad[i];
            second[i] = beta2 * second[i] + (1.0 - beta2) * grad[i] * grad[i];
            highest[i] = amsgrad ? fmax(highest[i], second[i]) : second[i];
            const double move = rate * (first[i] / (1.0 - power1)) / (sqrt(highest[i] / (1.0 - power2)) + epsilon);
            largest = fmax(largest, fabs(move));
            x[i] -= move;
        }
        qn__run_clamp(run, x);
        if (largest < run->options.xtol) {
            qn__run_stop(run, QN_STOP_CONVERGED);
        }
    }
    qn__free(memory);
    return QN_OK;
}
