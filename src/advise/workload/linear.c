/* linear.c: solving A x = b. The rival of a sparse matrix is conjugate gradients, never N^3. */
#include <math.h>
#include <stdio.h>

#include "advise/qlsa.h"
#include "advise/workload.h"

enum {
    N,
    KAPPA,
    EPS,
    DELTA,
    ACCESS,
    SPARSITY,
    SPD,
    STRUCTURE,
    READOUT,
    READOUT_EPS,
    SOLVER,
    ORACLE,
    ORACLE_QUBITS,
    BITS,
    ALPHA,
    FROBENIUS,
    C,
    QUERIES,
    LOG,
    HHL,
    TOMOGRAPHY,
    COUNT
};
enum { FORMULA, DATA, DENSE };
enum { SCALAR, SAMPLE, VECTOR };
enum { DALZELL, KNOWN_NORM, COSTA, FIRST };
enum { GENERAL, LOW_RANK, LOCAL };

static const qn__key keys[] = {
    [N] = {"N", "unknowns", QN__KEY_NUMBER, NULL, NULL, 2, 1e300, false, "number of unknowns"},
    [KAPPA] = {"kappa", "", QN__KEY_NUMBER, NULL, NULL, 1, 1e300, false, "condition number ||A|| ||A^-1||, at least 1"},
    [EPS] = {"eps", "", QN__KEY_NUMBER, "1e-3", NULL, 0, 0.999, true,
             "error of the solution (as a state, and of the rival)"},
    [DELTA] = {"delta", "", QN__KEY_NUMBER, "0.01", NULL, 0, 0.999, true, "probability that a dense solve fails"},
    [ACCESS] = {"access", "", QN__KEY_CHOICE, "data", "formula|data|dense", 0, 0, false,
                "entries computed by a formula, a stored sparse matrix, or a stored dense one"},
    [SPARSITY] = {"s", "", QN__KEY_NUMBER, "8", NULL, 1, 1e300, false, "nonzeros in a row"},
    [SPD] = {"spd", "", QN__KEY_CHOICE, "1", "0|1", 0, 0, false, "symmetric positive definite"},
    [STRUCTURE] = {"structure", "", QN__KEY_CHOICE, "general", "general|low-rank|local", 0, 0, false,
                   "low-rank and geometrically local systems have fast classical algorithms"},
    [READOUT] = {"readout", "", QN__KEY_CHOICE, "scalar", "scalar|sample|vector", 0, 0, false,
                 "what is wanted: one number, one sample of the state, the whole vector"},
    [READOUT_EPS] = {"readout_eps", "", QN__KEY_NUMBER, "0.01", NULL, 0, 0.999, true, "precision of what is read out"},
    [SOLVER] = {"solver", "", QN__KEY_CHOICE, "dalzell", "dalzell|known-norm|costa|hhl", 0, 0, false,
                "quantum algorithm; C given alone means costa; dense is always costa"},
    [ORACLE] = {"oracle_tof", "Toffoli", QN__KEY_NUMBER, "?", NULL, 0, 1e300, false,
                "access=formula: Toffolis to compute position and value of an entry once"},
    [ORACLE_QUBITS] = {"oracle_qubits", "", QN__KEY_NUMBER, "100", NULL, 0, 1e300, false,
                       "access=formula: work qubits of that circuit"},
    [BITS] = {"bits", "", QN__KEY_NUMBER, "32", NULL, 1, 1e6, false, "bits of a stored entry"},
    [ALPHA] = {"alpha", "", QN__KEY_NUMBER, "?", NULL, 0, 1e300, true,
               "normalisation of the block-encoding over ||A|| (default: s; dense: frobenius)"},
    [FROBENIUS] = {"frobenius", "", QN__KEY_NUMBER, "?", NULL, 0, 1e300, true,
                   "dense: ||A||_F / ||A|| (default: its bound, sqrt(N))"},
    [C] = {"C", "", QN__KEY_NUMBER, "@qlsa_walk", NULL, 0, 1e300, true, "walk steps per kappa' (costa, dense)"},
    [QUERIES] = {"c_queries", "", QN__KEY_NUMBER, "@qlsa_queries", NULL, 0, 1e300, true, "calls per kappa' (dalzell)"},
    [LOG] = {"c_log", "", QN__KEY_NUMBER, "@qlsa_log", NULL, 0, 1e300, false,
             "calls per kappa' and ln(1/eps) (dalzell)"},
    [HHL] = {"c_hhl", "", QN__KEY_NUMBER, "@hhl_queries", NULL, 0, 1e300, true, "calls per kappa'^2/eps (hhl)"},
    [TOMOGRAPHY] = {"c_tomography", "", QN__KEY_NUMBER, "@tomography", NULL, 0, 1e300, true,
                    "copies in reading a vector"},
};

static int choice(const qn__case *c, int key)
{
    return (int)c->value[key];
}

static qn__count alpha_of(const qn__case *c)
{
    const qn__count *v = c->value;
    if (isfinite(v[ALPHA])) {
        return v[ALPHA];
    }
    if (choice(c, ACCESS) == DENSE) {
        return isfinite(v[FROBENIUS]) ? v[FROBENIUS] : sqrtl(qn__power_of_two_from(v[N]));
    }
    return fminl(v[SPARSITY], v[N]);
}

static void price_dense(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    qn__say a, b, d, e;
    const qn__dense_solver s = qn__qlsa_dense(v[N], v[KAPPA] * alpha_of(c), v[EPS], v[DELTA], v[C]);
    bill->qubits = s.qubits;
    bill->t = s.t;
    bill->depth = s.depth;
    bill->queries = s.queries;
    bill->loading_t = s.loading_t;
    /* Every call of the encoding streams all entries again; 32 bits each. */
    bill->loading_bits = s.queries * v[N] * v[N] * v[BITS];
    bill->data_bytes = v[N] * v[N] * v[BITS] / 8;
    qn__lines_add(trace, "K = kappa ||A||_F/||A|| = %s (at most kappa sqrt(L), L = %s) [arXiv:2211.12489]",
                  qn__say_count(&a, s.K), qn__say_count(&b, s.L));
    qn__lines_add(trace,
                  "Q = ceil(2 C K) = %s walk steps, d = 2 ceil(K ln(2/(eps/5))) = %s filter steps [arXiv:2111.08152]",
                  qn__say_count(&a, s.walk), qn__say_count(&b, s.filter));
    qn__lines_add(trace,
                  "T_BE = (12 lg(1/eG) + 56) L^2 - 24 L - 12 lg(1/eG) - 32 l - 32 = %s at eG = (eps/5)/(2(Q+d)) = %s "
                  "[arXiv:2206.03505]",
                  qn__say_count(&a, s.encoding_t), qn__say_count(&b, s.eps_matrix));
    qn__lines_add(trace,
                  "T = ceil(lg 1/delta) [2(Q+d) T_cBE + 4(Q+d) T_SP + ...] = %s x ... = %s; 4 L^2 - 2 L + 2 l + 4 = %s "
                  "qubits [arXiv:2211.12489]",
                  qn__say_count(&a, s.attempts), qn__say_count(&b, s.t), qn__say_count(&d, s.qubits));
    if (trace != NULL) {
        (void)snprintf(bill->loading, sizeof bill->loading,
                       "%s of %s T gates load the matrix, at each of %s calls; as bits over the control lines %s bits",
                       qn__say_count(&a, bill->loading_t), qn__say_count(&b, s.t), qn__say_count(&d, s.queries),
                       qn__say_count(&e, bill->loading_bits));
    }
}

static qn__count calls_of(const qn__case *c, qn__count kappa, qn__lines *trace)
{
    const qn__count *v = c->value;
    qn__say a, b, d;
    const int solver = c->given[C] && !c->given[SOLVER] ? COSTA : choice(c, SOLVER);
    qn__count calls = 0;
    if (solver == KNOWN_NORM) {
        calls = qn__qlsa_known_norm(kappa, v[EPS]);
        qn__lines_add(trace, "calls = kappa' ln(2 sqrt 2/eps) = %s, norm of x known [arXiv:2406.12086]",
                      qn__say_count(&a, calls));
    } else if (solver == COSTA) {
        calls = qn__qlsa_costa(kappa, v[EPS], v[C]);
        qn__lines_add(trace, "calls = C kappa' + kappa' ln(2/eps) = %s [arXiv:2111.08152]", qn__say_count(&a, calls));
    } else if (solver == FIRST) {
        calls = qn__qlsa_hhl(kappa, v[EPS], v[HHL]);
        qn__lines_add(trace, "calls = c kappa'^2/eps = %s [arXiv:0811.3171]", qn__say_count(&a, calls));
    } else {
        calls = qn__qlsa_dalzell(kappa, v[EPS], v[QUERIES], v[LOG]);
        qn__lines_add(trace, "calls = %s kappa' + %s kappa' ln(1/eps) = %s [arXiv:2406.12086]",
                      qn__say_count(&a, v[QUERIES]), qn__say_count(&b, v[LOG]), qn__say_count(&d, calls));
    }
    return ceill(calls);
}

static void price_sparse(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    qn__say a, b, d, e;
    const qn__count index = qn__bits_of(v[N]), alpha = alpha_of(c), kappa = v[KAPPA] * alpha;
    qn__lines_add(trace, "kappa' = alpha kappa = %s x %s, alpha = s ||A||_max/||A|| <= s", qn__say_count(&a, alpha),
                  qn__say_count(&b, v[KAPPA]));
    bill->queries = calls_of(c, kappa, trace);
    /* Spreading over s columns, twice a call: comparisons on ceil(log2 s) bits unless s is a power of two. */
    const qn__count column = qn__bits_of(v[SPARSITY]);
    const qn__count spread = 2 * (ldexpl(1.0L, (int)column) == v[SPARSITY] ? 0 : 4 * column);
    const qn__count work = 2 * index + column + v[BITS] + 2;
    if (choice(c, ACCESS) == FORMULA) {
        const qn__count oracle = qn__estimated(c, isfinite(v[ORACLE]) ? v[ORACLE] : 1);
        const qn__count call = 2 * oracle + spread;
        bill->toffoli = bill->queries * call;
        bill->qubits = work + v[ORACLE_QUBITS];
        qn__lines_add(trace, "a call = 2 oracle + spreading = 2 x %s + %s = %s Toffoli%s", qn__say_count(&a, oracle),
                      qn__say_count(&b, spread), qn__say_count(&d, call),
                      isfinite(v[ORACLE]) ? "" : " (oracle_tof unknown: 1 taken, the least there is)");
        qn__no_loading(bill, "entries and right-hand side are computed by a formula");
    } else {
        const qn__count rows = v[N] * fminl(v[SPARSITY], v[N]);
        const qn__lookup table = qn__qroam_clean(rows, v[BITS], 0), undo = qn__qroam_unload(rows, 0);
        const qn__count lookup = table.toffoli + undo.toffoli;
        bill->toffoli = bill->queries * (lookup + spread);
        bill->loading_toffoli = bill->queries * lookup;
        bill->loading_bits = bill->queries * rows * v[BITS];
        bill->data_bytes = rows * v[BITS] / 8 + v[N] * v[BITS] / 8;
        bill->qubits = work + table.qubits;
        qn__lines_add(
            trace,
            "lookup of N s = %s rows x %s bits: %s + %s to undo = %s Toffoli, %s qubits [arXiv:1812.00954, 1902.02134]",
            qn__say_count(&a, rows), qn__say_count(&b, v[BITS]), qn__say_count(&d, table.toffoli),
            qn__say_count(&e, undo.toffoli), qn__say_count(&(qn__say){{0}}, lookup),
            qn__say_count(&(qn__say){{0}}, table.qubits));
        qn__lines_add(trace, "preparing b is left out, which favours the quantum side");
        if (trace != NULL) {
            (void)snprintf(
                bill->loading, sizeof bill->loading,
                "%s Toffoli a lookup (%s rows x %s bits) at each of %s calls; as bits over the control lines %s bits",
                qn__say_count(&a, lookup), qn__say_count(&b, rows), qn__say_count(&d, v[BITS]),
                qn__say_count(&e, bill->queries), qn__say_count(&(qn__say){{0}}, bill->loading_bits));
        }
    }
    bill->depth = bill->toffoli;
}

static void price_readout(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    qn__say a, b;
    bill->repetitions = 1;
    if (choice(c, READOUT) == SCALAR) {
        bill->repetitions = ceill(1 / v[READOUT_EPS]);
        qn__lines_add(trace, "one number to %s by amplitude estimation: x 1/eps = %s runs [arXiv:quant-ph/0005055]",
                      qn__say_count(&a, v[READOUT_EPS]), qn__say_count(&b, bill->repetitions));
    } else if (choice(c, READOUT) == VECTOR) {
        bill->repetitions = 2 * ceill(qn__tomography_copies(v[N], v[READOUT_EPS], v[DELTA], v[TOMOGRAPHY]));
        bill->readout_s = bill->repetitions * (qn__count)c->pace.reaction_s;
        qn__lines_add(trace,
                      "all N components: 2 x 57.5 N ln(6N/delta)/(eps^2 (1 - eps^2/4)) = %s runs [arXiv:2211.12489]",
                      qn__say_count(&a, bill->repetitions));
    } else {
        qn__lines_add(trace, "one sample of the state |x>: 1 run; it is not the vector x");
    }
}

static void price_rival(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    const qn__rival *r = &c->rival;
    qn__say a, b, d;
    const bool dense = choice(c, ACCESS) == DENSE, positive = choice(c, SPD) == 1;
    const qn__count steps = qn__gradient_iterations(v[N], v[KAPPA], v[EPS], positive);
    const qn__count nonzeros = v[N] * (dense ? v[N] : fminl(v[SPARSITY], v[N]));
    const qn__count products = positive ? 1 : 2; /* normal equations apply A and its transpose */
    const qn__count bytes = dense ? 8 * nonzeros : 12 * nonzeros + 48 * v[N];
    qn__count step = products * fmaxl(bytes / r->copy_bytes_s, 2 * nonzeros / r->fma_f64_s);
    if (r->cg_nonzeros_s > 0 && !dense) {
        step = products * nonzeros / r->cg_nonzeros_s;
    }
    bill->classical_s = steps * step;
    const char *method = positive ? "conjugate gradients" : "conjugate gradients on the normal equations";
    if (dense) {
        const qn__count lu = 2 * v[N] * v[N] * v[N] / 3 / r->gemm_f64_s;
        if (lu < bill->classical_s) {
            bill->classical_s = lu;
            method = "dense LU";
        }
    }
    if (48 * v[N] + (dense ? 8 * nonzeros : 0) > r->memory_bytes) {
        qn__lines_add(trace, "the rival's memory does not hold the vectors: its time is a bound from below");
    }
    if (trace != NULL) {
        (void)snprintf(bill->classical_method, sizeof bill->classical_method, "%s on %s", method, r->name);
        qn__lines_add(trace, "rival: %s; %s iterations (0.5 %s ln(2/eps)) x %s = %s", method, qn__say_count(&a, steps),
                      positive ? "sqrt(kappa)" : "kappa",
                      dense ? "8 N^2 bytes, or 2/3 N^3 operations" : "(12 nonzeros + 48 N) bytes",
                      qn__say_seconds(&d, bill->classical_s));
        (void)b;
    }
}

static void price(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    if (choice(c, ACCESS) == DENSE) {
        price_dense(c, bill, trace);
    } else {
        price_sparse(c, bill, trace);
    }
    price_readout(c, bill, trace);
    price_rival(c, bill, trace);
    bill->degree = QN__SUPERPOLYNOMIAL;
}

static void judge(const qn__case *c, const qn__bill *bill, qn__opinion *opinion)
{
    (void)bill;
    opinion->asymptotic = "exponential in N where entries are computed, kappa is polylogarithmic and one number is "
                          "wanted; none otherwise";
    if (choice(c, STRUCTURE) != GENERAL) {
        opinion->verdict = QN_VERDICT_NO_DEQUANTIZED;
        qn__lines_add(
            opinion->reasons,
            choice(c, STRUCTURE) == LOW_RANK
                ? "Low-rank systems are solved classically in time that does not depend on N either (arXiv:1811.04852)."
                : "Geometrically local systems have classical algorithms of the same kind (arXiv:2310.03011).");
        return;
    }
    if (choice(c, ACCESS) == FORMULA && !isfinite(c->value[ORACLE])) {
        (void)snprintf(opinion->needs, sizeof opinion->needs, "oracle_tof");
        opinion->bound = true;
        opinion->needs_help = keys[ORACLE].help;
    } else if (!c->given[READOUT]) {
        (void)snprintf(opinion->needs, sizeof opinion->needs, "readout");
        opinion->needs_help = keys[READOUT].help;
    } else if (!c->given[STRUCTURE]) {
        (void)snprintf(opinion->needs, sizeof opinion->needs, "structure");
        opinion->needs_help = keys[STRUCTURE].help;
    }
}

/* Who tells what an entry costs computes it. */
static const qn__key *settle(qn__case *c)
{
    if (!c->given[ACCESS] && c->given[ORACLE]) {
        c->value[ACCESS] = FORMULA;
    }
    return NULL;
}

static qn_status check(const qn__case *c)
{
    qn__say a, b;
    QN_CHECK(!c->given[SPARSITY] || !(c->value[SPARSITY] > c->value[N]), ERR_RANGE,
             "s=%s is impossible: a row of %s unknowns has no more nonzeros", qn__say_count(&a, c->value[SPARSITY]),
             qn__say_count(&b, c->value[N]));
    return QN_OK;
}

const qn__workload qn__workload_linear = {"linear",   "solve A x = b (HHL and its successors)",
                                          "unknowns", keys,
                                          COUNT,      N,
                                          false,      0x1p80L,
                                          price,      judge,
                                          settle,     check};
