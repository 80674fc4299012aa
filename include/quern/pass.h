/* pass.h: circuit to circuit: other gate sets, fewer gates, other wiring. Every pass keeps symbols, classical registers
 * and control flow (it works inside each straight run of gates), and the global phase. */
#ifndef QUERN_PASS_H
#define QUERN_PASS_H

#include <quern/classical.h>

QN_BEGIN_DECLS

/** Rewrite in a gate set: "clifford+t" (h s sdg x y z cx t tdg; fixed angles only), "rz,sx,cx" (x too), "cz,prx"
 *  (prx, cz and, for free, nothing else), "rzz,u", "u,cx", "h,t,cx"... qn_basis_describe lists them. `error`: bound on
 *  the operator-norm error of each rotation in clifford+t, 1e-14..0.5. QN_ERR_UNSUPPORTED for free parameters in
 *  clifford+t. Gates under any number of controls are accepted. */
QN_API QN_MUST_USE qn_status qn_pass_decompose(const qn_circuit *circuit, const char *basis, double error,
                                               qn_circuit **out);
typedef struct qn_basis_info {
    const char *name, *gates, *help;
} qn_basis_info;
QN_API size_t qn_basis_count(void);
QN_API const qn_basis_info *qn_basis_describe(size_t index);

/** Sequence of gates H S T X W (W: phase exp(i pi/4)), leftmost applied last, whose product is within `error`
 *  (operator norm, global phase included) of exp(-i angle Z / 2). T count about 3 log2(1/error) + O(log log 1/error):
 *  Ross and Selinger, arXiv:1403.2975. Multiples of pi/4 within the error take no T, or one: the odd ones with the
 *  further letter V, phase exp(i pi/8). Release with qn_text_free. */
QN_API QN_MUST_USE qn_status qn_rz_synthesize(double angle, double error, char **gates, uint32_t *t_count,
                                              double *reached);

/** Cancel inverses, merge rotations, push gates through those they commute with, drop identities, remove diagonal gates
 *  before measurement and resets of fresh qubits. Level 1: neighbours only; 2: through commuting gates, to a fixed
 *  point. */
QN_API QN_MUST_USE qn_status qn_pass_simplify(const qn_circuit *circuit, uint32_t level, qn_circuit **out);
/** Without the qubits that nothing touches; map[new] = old (room for all qubits), *nkept of them (at least 1). */
QN_API QN_MUST_USE qn_status qn_pass_compact(const qn_circuit *circuit, qn_circuit **out, uint32_t *map,
                                             uint32_t *nkept);

/** Which pairs of qubits may meet. Undirected. */
typedef struct qn_coupling qn_coupling;
QN_API QN_MUST_USE qn_status qn_coupling_create(uint32_t nqubits, const uint32_t (*edges)[2], size_t nedges,
                                                qn_coupling **out);
/** "line:5", "ring:5", "grid:3x4", "heavy-hex:7" (odd distance), "star:5", "all:5", or a list "0-1,1-2,2-3". */
QN_API QN_MUST_USE qn_status qn_coupling_from_text(const char *text, qn_coupling **out);
QN_API void qn_coupling_free(qn_coupling *coupling);
QN_API uint32_t qn_coupling_qubits(const qn_coupling *coupling);
QN_API size_t qn_coupling_edges(const qn_coupling *coupling);
QN_API bool qn_coupling_has(const qn_coupling *coupling, uint32_t a, uint32_t b);

typedef struct qn_route_result {
    uint64_t swaps;         /* inserted */
    uint32_t *initial;      /* [logical] = physical qubit at the start; qn_route_result_free */
    uint32_t *final_layout; /* [logical] = physical qubit at the end */
} qn_route_result;
/** SABRE (Li, Ding, Xie, arXiv:1809.02573) with look-ahead, decay and `trials` random layouts (0: 8, more for short
 *  circuits). The circuit must hold no gate on three or more qubits (QN_ERR_UNSUPPORTED). Measurements keep their
 *  classical bits. Gates that commute may change places, swap gates outside control flow become a change of names that
 *  `final_layout` shows, quantum registers are left out. Blocks of control flow end in the layout in which they began
 *  (a shot that ends in STOP leaves the layout of that place). Equal seeds give equal circuits, whatever the threads.
 */
QN_API QN_MUST_USE qn_status qn_pass_route(const qn_circuit *circuit, const qn_coupling *coupling, uint64_t seed,
                                           uint32_t trials, qn_circuit **out, qn_route_result *result);
QN_API void qn_route_result_free(qn_route_result *result);

QN_END_DECLS
#endif
