/* judge.c: the verdict on a ledger that an algorithm filled: two prices of the run that was counted, against the time
 * that was measured.
 *
 * Without errors: T >= shots (two-qubit depth * gate time + readout and reset), no compilation, no queue, no transfer.
 * Whatever loses against this bound loses against a machine. Error-corrected: the counted T and Toffoli gates at the
 * pace of a surface-code machine. What is unknown is taken at its least, so that times are bounds from below. */
#include <quern/advise.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <quern/report.h>

#include "advise/price.h"
#include "advise/rules.h"

/* Optimistic, central and pessimistic constants of superconducting hardware, in seconds.
 *  optimistic:  the "gate_ns" qubit of M. Beverland et al., arXiv:2211.07629: two-qubit gate 50 ns, measurement 100 ns,
 * reset for free. central:     the same gate; one measure-and-reset cycle as long as the 1.1 us error-correction cycle
 * of Google's Willow (Nature 638, 920 (2025), arXiv:2408.13687). pessimistic: the same gate; qubits left to decay
 * between shots, five times Willow's T1 of 68 us. */
static const struct {
    double two_qubit, readout_reset[3];
    const char *source;
} bare = {50e-9, {100e-9, 1.1e-6, 340e-6}, "arXiv:2211.07629, arXiv:2408.13687"};

/* What is known of a workload whatever its numbers, and how its speed-up counts where the ledger proves no degree. */
static const struct {
    const char *workload;
    qn_verdict structural; /* where the rival is not faster already */
    bool whatever;         /* also where it is */
    const char *reason;
} known_workloads[] = {
    {"vqe", QN_VERDICT_HEURISTIC, false,
     "Variational ground states are a heuristic; the best classical heuristics are the ones to beat."},
    {"optimize", QN_VERDICT_HEURISTIC, false,
     "No speed-up of this algorithm is proven; annealing and branch and bound are the ones to beat."},
    {"sampling", QN_VERDICT_HEURISTIC, false,
     "No speed-up is proven for data that people have; a classical model of the same data is the one to beat."},
    {"matmul", QN_VERDICT_NO_ALGORITHM, true,
     "The explicit product has to be read out number by number: no quantum algorithm gains on it."},
    {"train", QN_VERDICT_NO_ALGORITHM, true, "No quantum algorithm with a proven gain trains on classical data."},
};

/* A price of the whole answer, and what it says of it. */
typedef struct judged {
    qn_ledger *ledger;
    const qn_advise_options *options;
    bool shots, depth, classical, gates, loads;
    qn__count repetitions, toffoli, t;
    qn__pace pace;
    qn__paced paced;
    qn__count load_s;
    qn__eras eras;
} judged;

enum {
    T_OF_TOFFOLI = 7,     /* as qn_circuit_count takes it apart */
    T_A_TOFFOLI_TAKES = 2 /* T states made in the time of a Toffoli, as in pace.c */
};

static bool known(qn_quantity quantity)
{
    return quantity.source != QN_SOURCE_UNKNOWN && isfinite(quantity.value) && quantity.value >= 0;
}

static qn_quantity modelled(qn__count value)
{
    if (!(value < 1e300L)) {
        return (qn_quantity){(double)NAN, QN_SOURCE_UNKNOWN};
    }
    return (qn_quantity){(double)value, QN_SOURCE_MODELLED};
}

static double bare_seconds(const qn_ledger *ledger, int column)
{
    return ledger->shots_total.value * (ledger->two_qubit_depth.value * bare.two_qubit + bare.readout_reset[column]);
}

static void price_without_errors(judged *j)
{
    qn_ledger *ledger = j->ledger;
    char first[64], second[64];
    if (!j->shots || !j->depth) {
        return;
    }
    const double least = bare_seconds(ledger, 0);
    if (!j->gates) {
        ledger->quantum_seconds_p10 = modelled((qn__count)least);
        ledger->quantum_seconds_p50 = modelled((qn__count)bare_seconds(ledger, 1));
        ledger->quantum_seconds_p90 = modelled((qn__count)bare_seconds(ledger, 2));
    }
    const bool one = ledger->shots_total.value <= 1;
    qn_ledger_add_reason(ledger, "%s shot%s of this circuit take%s at least %s even without errors (constants: %s).",
                         qn_human(first, sizeof first, ledger->shots_total.value, NULL), one ? "" : "s", one ? "s" : "",
                         qn_human(second, sizeof second, least, "s"), bare.source);
}

/* T gates beside those of the Toffolis, which a factory makes as such. Toffolis of 4 T (measured ones) make the rest
 * too small, which favours the quantum side. */
static qn__count further_t(qn__count all, qn__count toffoli)
{
    const qn__count rest = all - T_OF_TOFFOLI * toffoli;
    return rest > 1e-12L * T_OF_TOFFOLI * toffoli ? rest : 0; /* what rounding leaves is no gate */
}

static void count_gates(judged *j)
{
    const qn_ledger *ledger = j->ledger;
    j->toffoli = known(ledger->toffoli_count) ? (qn__count)ledger->toffoli_count.value : 0;
    if (known(ledger->t_count)) {
        j->t = further_t((qn__count)ledger->t_count.value, j->toffoli);
    } else if (known(ledger->rotations) && ledger->rotations.value > 0) {
        /* A third of the budget for synthesis, arXiv:2211.07629. */
        const double each = ceil(0.53 * log2(ledger->rotations.value * 3 / j->options->budget) + 4.86);
        j->t = (qn__count)(ledger->rotations.value * fmax(each, 1));
    }
    j->gates =
        known(ledger->qubits) && (known(ledger->toffoli_count) || known(ledger->t_count) || known(ledger->rotations));
    j->repetitions = 1;
    if (j->shots) {
        j->repetitions = (qn__count)fmax(ledger->shots_total.value, 1);
    } else if (known(ledger->success_probability) && ledger->success_probability.value > 0) {
        j->repetitions = 1 / (qn__count)fmin(ledger->success_probability.value, 1);
    }
}

/* Gates that wait for each other: not more than the circuit is deep, nor than there are. */
static qn__count serial_gates(const judged *j)
{
    const qn__count all = j->toffoli + j->t;
    return known(j->ledger->depth) ? fminl((qn__count)j->ledger->depth.value, all) : 0;
}

static qn__count corrected_seconds(const judged *j, double error_factor, double cycle_factor, qn__paced *paced)
{
    qn__pace pace = j->pace;
    pace.error = fmin(pace.error * error_factor, fmax(0.9 * pace.threshold, pace.error));
    pace.cycle_s *= cycle_factor;
    pace.reaction_s *= cycle_factor;
    *paced = qn__pace_run(&pace, (qn__count)j->ledger->qubits.value, j->toffoli, j->t, serial_gates(j));
    return j->repetitions * paced->seconds;
}

static qn_status price_corrected(judged *j, const qn_advice *advice, const char *platform)
{
    qn_ledger *ledger = j->ledger;
    qn__say a, b, d;
    qn__paced corner;
    if (!j->gates) {
        return QN_OK;
    }
    ledger->quantum_seconds_p10 = modelled(corrected_seconds(j, 1 / 3.0, 1 / 3.0, &corner));
    ledger->quantum_seconds_p90 = modelled(corrected_seconds(j, 3, 3, &corner));
    const qn__count central = corrected_seconds(j, 1, 1, &j->paced);
    ledger->quantum_seconds_p50 = modelled(central);
    const qn__count qubits = (qn__count)ledger->qubits.value;
    ledger->logical_qubits = modelled(2 * qubits + ceill(sqrtl(8 * qubits)) + 1);
    ledger->code_distance = modelled((qn__count)j->paced.distance);
    ledger->physical_qubits = modelled(j->paced.physical_qubits);
    const bool once = j->repetitions <= 1;
    qn_ledger_add_reason(
        ledger, "Error-corrected, %s run%s of %s Toffoli and %s further T gates take%s about %s, loading included.",
        qn__say_count(&a, j->repetitions), once ? "" : "s", qn__say_count(&d, j->toffoli), qn__say_count(&b, j->t),
        once ? "s" : "", qn__say_seconds(&(qn__say){{0}}, central));
    if (!j->options->physical) {
        return QN_OK;
    }
    qn__prices prices;
    QN_TRY(qn__price_run(advice, j->options, platform, &j->pace, qubits, j->toffoli, j->t, &prices));
    if (prices.a.known) {
        ledger->physical_qubits = modelled((qn__count)prices.a.physical_qubits);
        ledger->code_distance = modelled((qn__count)prices.a.code_distance);
        qn_ledger_add_reason(ledger, "One run: %s physical qubits and %s by Beverland's model%s%s%s%s%s.",
                             qn__say_count(&a, (qn__count)prices.a.physical_qubits),
                             qn__say_seconds(&b, (qn__count)prices.a.runtime_s), prices.b.known ? "; " : "",
                             prices.b.known ? qn__say_count(&d, (qn__count)prices.b.physical_qubits) : "",
                             prices.b.known ? " and " : "",
                             prices.b.known ? qn__say_seconds(&(qn__say){{0}}, (qn__count)prices.b.runtime_s) : "",
                             prices.b.known ? " by Gidney and Fowler's" : "");
    }
    return QN_OK;
}

static void price_loading(judged *j, qn__count io_bits_s)
{
    qn_ledger *ledger = j->ledger;
    qn__say a, b, d, e;
    const bool data = known(ledger->data_bytes), gates = known(ledger->loading_gates);
    const qn__count bytes = data ? (qn__count)ledger->data_bytes.value : 0;
    const qn__count toffoli = gates ? (qn__count)ledger->loading_gates.value : 0;
    const qn__count t =
        known(ledger->loading_t_count) ? further_t((qn__count)ledger->loading_t_count.value, toffoli) : 0;
    j->loads = bytes > 0 || toffoli > 0 || t > 0;
    const qn__count lines = j->repetitions * qn__io_seconds(8 * bytes, io_bits_s);
    const qn__count circuit = j->gates ? j->repetitions * (toffoli + t / T_A_TOFFOLI_TAKES) * j->paced.toffoli_s : 0;
    j->load_s = fmaxl(lines, circuit);
    if (!data && !gates) {
        return;
    }
    if (!j->loads) {
        qn_ledger_add_reason(ledger, "Data loading: 0 bytes, the gates themselves hold the input.");
        return;
    }
    const bool timed = ledger->loading_seconds.source == QN_SOURCE_MEASURED;
    (timed ? qn_ledger_add_timed_reason : qn_ledger_add_reason)(
        ledger, "Data loading: %s bytes, %s Toffoli%s%s%s gates a run; %s for all runs%s%s.", qn__say_count(&a, bytes),
        gates ? qn__say_count(&b, toffoli) : "unknown", t > 0 ? " and " : "", t > 0 ? qn__say_count(&e, t) : "",
        t > 0 ? " further T" : "", qn__say_seconds(&d, j->load_s),
        known(ledger->loading_seconds) ? ", against a copy in memory of " : "",
        known(ledger->loading_seconds) ? qn__say_seconds(&(qn__say){{0}}, (qn__count)ledger->loading_seconds.value)
                                       : "");
}

static void say_missing(const judged *j)
{
    const char *what = !j->shots && !j->depth ? "The number of shots and the circuit's two-qubit depth are unknown"
                       : !j->shots            ? "The number of shots is unknown"
                                              : "The circuit's two-qubit depth is unknown";
    qn_ledger_add_reason(j->ledger, "%s, so the time of the quantum run cannot be bounded.", what);
}

/* Where a proven degree lets both times meet, as fields of the ledger too. */
static qn__crossing crossing(const judged *j, qn__count quantum_s)
{
    qn_ledger *ledger = j->ledger;
    const double degree = j->gates && j->classical && known(ledger->speedup_degree) ? ledger->speedup_degree.value : 0;
    const qn__count size = known(ledger->problem_size) ? (qn__count)ledger->problem_size.value : (qn__count)NAN;
    const qn__crossing found =
        qn__crossing_extrapolated(quantum_s, (qn__count)ledger->classical_seconds.value, degree, size);
    if (found.exists) {
        ledger->crossover_seconds = modelled(found.seconds);
        ledger->crossover_size = modelled(found.size);
    }
    return found;
}

static void add_reasons(qn_ledger *ledger, const qn__lines *lines)
{
    const bool timed = lines->compares && ledger->classical_seconds.source == QN_SOURCE_MEASURED;
    for (size_t i = 0; i < lines->count; i++) {
        (timed ? qn_ledger_add_timed_reason : qn_ledger_add_reason)(ledger, "%s", lines->items[i]);
    }
}

/* The index of what is known of the ledger's workload, where that decides; -1: the numbers do. A proven degree beats
 * what is thought of a workload in general, and a rival that is faster already beats a heuristic. */
static int structural(const judged *j, bool slower)
{
    const bool proven = known(j->ledger->speedup_degree) && j->ledger->speedup_degree.value > 1;
    for (size_t i = 0; i < sizeof known_workloads / sizeof known_workloads[0]; i++) {
        if (strcmp(j->ledger->workload, known_workloads[i].workload) == 0 && !proven &&
            (known_workloads[i].whatever || !j->classical || (j->gates && !slower))) {
            return (int)i;
        }
    }
    return -1;
}

/* Every price is a bound from below, so that "the rival is faster" may be said of any, and "possible" only of counted
 * gates. */
static qn_status decide(judged *j)
{
    qn_ledger *ledger = j->ledger;
    const bool priced = j->gates || (j->shots && j->depth);
    const qn__count least = priced ? (qn__count)ledger->quantum_seconds_p10.value : 0;
    const qn__count central = priced ? (qn__count)ledger->quantum_seconds_p50.value : 0;
    const qn__count classical = j->classical ? (qn__count)ledger->classical_seconds.value : (qn__count)NAN;
    const bool slower = j->classical && classical < least;
    const int which = structural(j, slower);
    if (which >= 0) {
        qn_ledger_add_reason(ledger, "%s", known_workloads[which].reason);
        ledger->verdict = known_workloads[which].structural;
        return QN_OK;
    }
    if (!j->gates && !slower && !(j->loads && j->load_s >= classical)) {
        ledger->verdict = QN_VERDICT_NEEDS_INPUT;
        if (priced && j->classical) {
            qn_ledger_add_reason(
                ledger, "The bound lies below the classical time, but it leaves out errors; without the cost of "
                        "their correction neither side has won.");
        }
        return QN_OK;
    }
    const qn__evidence evidence = {
        .needs = known(ledger->data_bytes) ? NULL : "data_bytes",
        .needs_help = "whether the input is data or a formula",
        .load_s = j->load_s,
        .loads = j->loads,
        .classical_s = classical,
        .quantum_s = central,
        .degree = j->gates && known(ledger->speedup_degree) ? ledger->speedup_degree.value : 0,
        .crossing = crossing(j, central),
        .deadline_s = (qn__count)j->options->deadline_s,
        .eras = &j->eras,
        .year = j->options->year,
    };
    qn__lines lines = {0};
    ledger->verdict = qn__rules_apply(&evidence, &lines);
    add_reasons(ledger, &lines);
    const qn_status status = lines.status;
    qn__lines_clear(&lines);
    return status;
}

static qn_status find_era(judged *j, const qn_advice *advice)
{
    qn_ledger *ledger = j->ledger;
    j->eras = (qn__eras){.first = -1};
    if (!j->gates) {
        return QN_OK;
    }
    QN_TRY(qn__eras_find(advice, (qn__count)ledger->qubits.value, j->toffoli + j->t, &j->eras));
    (void)snprintf(ledger->era, sizeof ledger->era, "%s",
                   j->eras.first >= 0 ? j->eras.fit[j->eras.first].name : "none");
    return QN_OK;
}

static void say_rival(const judged *j)
{
    char first[64];
    qn_ledger *ledger = j->ledger;
    const bool vqe = strcmp(ledger->workload, "vqe") == 0;
    if (j->classical) {
        qn_ledger_add_timed_reason(ledger, "%s took %s here.",
                                   vqe || ledger->classical_method[0] == '\0' ? "The exact answer" : "The rival",
                                   qn_human(first, sizeof first, ledger->classical_seconds.value, "s"));
    } else {
        qn_ledger_add_reason(ledger, vqe ? "No exact answer was computed here, so there is no measured rival."
                                         : "The time of a classical method on this input is unknown.");
    }
}

qn_status qn_advise_with(const qn_advice *advice, const qn_advise_options *options, qn_ledger *ledger)
{
    static const qn_advise_options defaults = QN_ADVISE_OPTIONS_INIT;
    QN_CHECK(advice != NULL && ledger != NULL, ERR_ARGUMENT, "tables and a ledger are needed");
    if (ledger->verdict != QN_VERDICT_UNKNOWN) {
        return QN_OK; /* judged already; a second set of reasons would only repeat the first */
    }
    judged j = {.ledger = ledger, .options = options != NULL ? options : &defaults};
    qn__hardware hardware;
    QN_TRY(qn__hardware_find(advice, j.options->hardware != NULL ? j.options->hardware : "superconducting", &hardware));
    QN_CHECK(j.options->budget > 0 && j.options->budget < 1, ERR_RANGE, "a failure budget of %g is not between 0 and 1",
             j.options->budget);
    QN_CHECK(hardware.error < 0.01, ERR_RANGE,
             "hardware %s: an error rate of %g is above the threshold of the surface code", hardware.id,
             hardware.error);
    j.pace = (qn__pace){hardware.error, 0.01, hardware.cycle_s, 4, fmax(1e-5, hardware.cycle_s), j.options->budget, 0};
    j.shots = known(ledger->shots_total);
    j.depth = known(ledger->two_qubit_depth);
    if (strcmp(ledger->workload, "load") == 0 && !known(ledger->classical_seconds)) {
        ledger->classical_seconds = ledger->loading_seconds; /* the rival of loading is a copy in memory */
    }
    j.classical = known(ledger->classical_seconds);
    count_gates(&j);
    say_rival(&j);
    price_without_errors(&j);
    QN_TRY(price_corrected(&j, advice, hardware.platform));
    price_loading(&j, 1e9L);
    if (!j.gates && !(j.shots && j.depth)) {
        say_missing(&j);
    }
    QN_TRY(find_era(&j, advice));
    return decide(&j);
}

void qn_advise(qn_ledger *ledger)
{
    qn_advice *advice = NULL;
    qn_status status = qn_advice_open(NULL, &advice);
    if (status == QN_OK) {
        status = qn_advise_with(advice, NULL, ledger);
    }
    if (status != QN_OK && ledger->verdict == QN_VERDICT_UNKNOWN) {
        ledger->verdict = QN_VERDICT_NEEDS_INPUT;
        qn_ledger_add_reason(ledger, "The price could not be computed: %.200s.", qn_last_error()->message);
    }
    qn_advice_free(advice);
}
