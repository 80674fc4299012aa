/* engine.h: the state-vector engine: exact, float32 or float64, one process. */
#ifndef QN_STATEVECTOR_ENGINE_H
#define QN_STATEVECTOR_ENGINE_H

#include <quern/sys/engine.h>

extern const qn_engine_desc qn__statevector_desc;

#endif
