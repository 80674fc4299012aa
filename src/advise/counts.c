/* counts.c: what a circuit needs of a logical machine. */
#include <quern/estimate.h>

#include "base/status.h"

enum { T_IN_TOFFOLI = 7 }; /* as qn_circuit_count decomposes it */

qn_status qn_logical_counts_of(const qn_circuit *circuit, const double *theta, qn_logical_counts *out)
{
    QN_CHECK(circuit != NULL && out != NULL, ERR_ARGUMENT, "circuit or result pointer is NULL");
    qn_circuit_cost cost;
    QN_TRY(qn_circuit_count(circuit, theta, 1e-10, &cost)); /* the synthesis error touches t_count only */
    qn_logical_counts counts = QN_LOGICAL_COUNTS_INIT;
    counts.qubits = qn_circuit_qubits(circuit) + (double)cost.ancillas;
    counts.ccz = (double)cost.toffoli;
    counts.t = (double)(cost.t_direct - T_IN_TOFFOLI * cost.toffoli);
    counts.rotations = (double)cost.rotations;
    counts.rotation_depth = (double)cost.rotation_depth;
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        counts.measurements += op.kind == QN_OP_MEASURE ? 1 : 0;
    }
    *out = counts;
    return QN_OK;
}
