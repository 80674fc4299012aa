/* all.h: the kernels of one real type, and their table. */
#include "kernel/body/lanes.h"

#include "kernel/body/state.h"

#include "kernel/body/pair.h"

#include "kernel/body/diagonal.h"

#include "kernel/body/dense.h"

#include "kernel/body/step.h"

#include "kernel/body/slope.h"

#include "kernel/body/pass.h"

#include "kernel/body/adjoint.h"

#include "kernel/body/pauli.h"

#include "kernel/body/stream.h"

#include "kernel/body/mixer.h"

#include "kernel/body/hadamard.h"

#include "kernel/body/cost.h"

#include "kernel/body/turn.h"

#include "kernel/body/signs.h"

const qn__kernels K_TABLE = {
    .name = QN_KERNEL_ARCH_NAME,
    .lanes = LANES,
    .real_size = sizeof(real),
    .read = K(read),
    .probabilities = K(probabilities),
    .norm = K(norm),
    .product = K(product),
    .scaled_copy = K(scaled_copy),
    .clear = K(clear),
    .pair = K(pair),
    .pauli = K(pauli),
    .diagonal = K(diagonal),
    .dense = K(dense),
    .axes = QN_KERNEL_AXES,
    .pass = K(pass),
    .hadamard = K(hadamard),
    .pair_undo = K(pair_undo),
    .inner = K(inner),
    .group_expect = K(group_expect),
    .group_apply = K(group_apply),
    .table_terms = K(table_terms),
    .table_transform = K(table_transform),
    .rows = &K_ROWS(table),
    .mixer = &K(mixer_table),
    .signs = &K(sign_table),
};
