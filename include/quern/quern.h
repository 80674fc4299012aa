/* quern.h: everything a user of the library needs. */
#ifndef QUERN_QUERN_H
#define QUERN_QUERN_H

#include <quern/advise.h>
#include <quern/amplitude_estimation.h>
#include <quern/ansatz.h>
#include <quern/array.h>
#include <quern/chemistry.h>
#include <quern/circuit.h>
#include <quern/classical.h>
#include <quern/cnf.h>
#include <quern/context.h>
#include <quern/counts.h>
#include <quern/decision.h>
#include <quern/draw.h>
#include <quern/engine.h>
#include <quern/equal.h>
#include <quern/estimate.h>
#include <quern/exact.h>
#include <quern/fermion.h>
#include <quern/format.h>
#include <quern/formula.h>
#include <quern/instance.h>
#include <quern/ledger.h>
#include <quern/linear.h>
#include <quern/machine.h>
#include <quern/optimize.h>
#include <quern/matrix_market.h>
#include <quern/load.h>
#include <quern/optimizer.h>
#include <quern/pass.h>
#include <quern/pauli.h>
#include <quern/primitive.h>
#include <quern/problem.h>
#include <quern/qaoa.h>
#include <quern/qasm.h>
#include <quern/qubo.h>
#include <quern/qsp.h>
#include <quern/report.h>
#include <quern/search.h>
#include <quern/sparse.h>
#include <quern/status.h>
#include <quern/types.h>
#include <quern/version.h>
#include <quern/vqe.h>

#endif
