/* verdict.c: who wins, first form: the measured classical time against a lower bound on the sampled quantum run.
 *
 * T >= shots * (two-qubit depth * gate time + readout and reset): no errors, no compilation, no queue, no data
 * transfer, and the one-qubit gates for nothing. Whatever loses against this bound loses against a machine. */
#include <quern/advise.h>

#include <math.h>
#include <string.h>

#include <quern/report.h>

/* Optimistic, central and pessimistic constants of superconducting hardware, in seconds.
 *  optimistic:  the "gate_ns" qubit of M. Beverland et al., arXiv:2211.07629: two-qubit gate 50 ns, measurement 100 ns,
 * reset for free. central:     the same gate; one measure-and-reset cycle as long as the 1.1 us error-correction cycle
 * of Google's Willow (Nature 638, 920 (2025), arXiv:2408.13687). pessimistic: the same gate; qubits left to decay
 * between shots, five times Willow's T1 of 68 us. */
static const struct {
    double two_qubit[3], readout_reset[3];
    const char *source;
} hardware = {{50e-9, 50e-9, 50e-9}, {100e-9, 1.1e-6, 340e-6}, "arXiv:2211.07629, arXiv:2408.13687"};

static bool known(qn_quantity quantity)
{
    return quantity.source != QN_SOURCE_UNKNOWN && isfinite(quantity.value) && quantity.value >= 0;
}

static qn_quantity bound(const qn_ledger *ledger, size_t column)
{
    const double seconds = ledger->shots_total.value * (ledger->two_qubit_depth.value * hardware.two_qubit[column] +
                                                        hardware.readout_reset[column]);
    return (qn_quantity){seconds, QN_SOURCE_MODELLED};
}

static void say_missing(qn_ledger *ledger, bool shots, bool depth)
{
    const char *what = !shots && !depth ? "The number of shots and the circuit's two-qubit depth are unknown"
                       : !shots         ? "The number of shots is unknown"
                                        : "The circuit's two-qubit depth is unknown";
    qn_ledger_add_reason(ledger, "%s, so the time of the quantum run cannot be bounded.", what);
}

void qn_advise(qn_ledger *ledger)
{
    if (ledger->verdict != QN_VERDICT_UNKNOWN) {
        return; /* judged already; a second set of reasons would only repeat the first */
    }
    char first[64], second[64];
    const bool shots = known(ledger->shots_total), depth = known(ledger->two_qubit_depth);
    const bool classical = known(ledger->classical_seconds);
    const bool heuristic = strcmp(ledger->workload, "vqe") == 0;
    if (classical) {
        qn_ledger_add_reason(ledger, "The exact answer took %s here.",
                             qn_human(first, sizeof first, ledger->classical_seconds.value, "s"));
    }
    if (shots && depth) {
        ledger->quantum_seconds_p10 = bound(ledger, 0);
        ledger->quantum_seconds_p50 = bound(ledger, 1);
        ledger->quantum_seconds_p90 = bound(ledger, 2);
        qn_ledger_add_reason(ledger, "%s shots of this circuit take at least %s even without errors (constants: %s).",
                             qn_human(first, sizeof first, ledger->shots_total.value, NULL),
                             qn_human(second, sizeof second, ledger->quantum_seconds_p10.value, "s"), hardware.source);
    } else {
        say_missing(ledger, shots, depth);
    }
    if (!classical) {
        qn_ledger_add_reason(ledger, heuristic
                                         ? "No exact answer was computed here, so there is no measured rival; the best "
                                           "classical heuristics for ground states are the ones to beat."
                                         : "The time of a classical method on this input is unknown.");
    }
    if (shots && depth && classical && ledger->classical_seconds.value < ledger->quantum_seconds_p10.value) {
        ledger->verdict = QN_VERDICT_NO_CLASSICAL;
        return;
    }
    if (heuristic && !classical) {
        ledger->verdict = QN_VERDICT_HEURISTIC;
        return;
    }
    ledger->verdict = QN_VERDICT_NEEDS_INPUT;
    if (shots && depth && classical) {
        qn_ledger_add_reason(ledger,
                             "The bound lies below the classical time, but it leaves out errors; without the cost of "
                             "their correction neither side has won.");
    }
}
