/* state.h: the state of alternating layers and what is done to it, a trip through memory at a time.
 *
 * A tile of at most 512 KiB goes through the second-level cache: the lowest bits of the index (group 0), or other bits
 * in rows of whole cache lines (groups 1, 2). Mixers on different qubits commute, and phases need no company, so a trip
 * through one group ends a layer and begins the next: layer l mixes the groups in rising, layer l + 1 in falling order.
 * With two groups (up to 26 qubits in double precision) p layers take p + 1 trips. */
#ifndef QN_ALGORITHM_QAOA_STATE_H
#define QN_ALGORITHM_QAOA_STATE_H

#include "algorithm/qaoa/diagonal.h"
#include "kernel/kernel.h"
#include "kernel/mixer.h"

enum { QN__QAOA_GROUPS = 4, QN__QAOA_MOST_OPS = 8 };

typedef struct qn__qaoa_group {
    uint32_t first, last; /* bits of the amplitude's index that are mixed in it */
    uint32_t chunk;       /* a row has 2^chunk amplitudes; group 0: one row */
} qn__qaoa_group;

typedef struct qn__qaoa_state {
    const qn_context *context;
    const qn__kernels *kernels;
    const qn__diagonal *diagonal; /* borrowed */
    uint32_t bits, ngroups;
    qn__qaoa_group groups[QN__QAOA_GROUPS];
    void *ket, *bra; /* bra: NULL when no gradients are wanted */
    void *rooms;     /* tiles of the threads */
    uint64_t tile_bytes;
    double *sums; /* an operation of a tile each */
    void *tables; /* cosines and sines, `entries` pairs a layer */
    uint64_t entries;
    uint32_t layers; /* room for */
    uint32_t threads;
    qn__cost_weight weight; /* what expectation and gradient are of; the cost itself unless set */
} qn__qaoa_state;

/* Bytes of states and rooms for up to `layers` layers. */
uint64_t qn__qaoa_state_bytes(uint32_t nqubits, bool mirrored, bool single, bool gradients, uint32_t threads);
/* `tile_bytes`: a power of two, at least 2048; 0: what suits the second-level cache. */
QN_MUST_USE qn_status qn__qaoa_state_create(const qn_context *context, const qn__diagonal *diagonal, bool single,
                                            bool gradients, uint32_t layers, uint32_t threads, uint64_t tile_bytes,
                                            qn__qaoa_state *out);
void qn__qaoa_state_release(qn__qaoa_state *state);

/* Prepares |gamma, beta>; the value (may be NULL) is the average of the weight, and with `slopes` (gammas, then betas)
 * also its derivatives, after which the state is spent. Errors: QN_ERR_INTERRUPTED. */
QN_MUST_USE qn_status qn__qaoa_state_run(qn__qaoa_state *state, uint32_t layers, const double *gamma,
                                         const double *beta, double *value, double *slopes);
/* One more layer on the state that is there, and its value. The slope is d/dbeta of the layer's end, and needs bra. */
QN_MUST_USE qn_status qn__qaoa_state_step(qn__qaoa_state *state, bool first, double gamma, double beta, double *value,
                                          double *slope);

#endif
