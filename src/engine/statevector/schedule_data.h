/* schedule_data.h: what a schedule is made of; see schedule.h. */
#ifndef QN_STATEVECTOR_SCHEDULE_DATA_H
#define QN_STATEVECTOR_SCHEDULE_DATA_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel/kernel.h"

enum {
    QN__SV_CHUNK_BYTES = 512, /* of neighbouring amplitudes always move together, so that lines and pages are used */
    QN__SV_TILE_BYTES = 512 << 10, /* of a stage: a few of them fit into the second-level cache */
    QN__SV_NEAR_BYTES = 16 << 10,  /* of a tile whose gates find everything in the first-level cache */
    QN__SV_REFLECTS = 5,           /* controls of a phase that can leave a stage's tiles idle */
    QN__SV_IDLE_BYTES = 16 << 20,  /* of a tile of which there are many and few at work */
    QN__SV_WINDOW = 512            /* items looked at when qubits are chosen */
};

/* One coefficient of a diagonal operation on at most two qubits p < q, written as products over set bits:
 * D(b) = global * P^b_p * Q^b_q * R^(b_p b_q). */
typedef enum qn__sv_which { QN__SV_GLOBAL, QN__SV_FIRST, QN__SV_SECOND, QN__SV_BOTH } qn__sv_which;

typedef struct qn__sv_unit {
    uint32_t op;
    qn__sv_which which;
    uint32_t next; /* further unit of the same item; QN__SV_NONE ends */
} qn__sv_unit;

typedef enum qn__sv_item_kind {
    QN__SV_ITEM_GATE,     /* an operation that flips bits */
    QN__SV_ITEM_PHASE,    /* a phase where all of one or two bits are set: units */
    QN__SV_ITEM_DIAGONAL, /* a diagonal operation on more qubits */
    QN__SV_ITEM_FLAT      /* an operation that only the kernels for one gate can do */
} qn__sv_item_kind;

/* How an item acts on each of its qubits: diagonal, as X, as Y, otherwise. Two items commute when they agree on the
 * first three kinds wherever they meet. */
typedef struct qn__sv_item {
    qn__sv_item_kind kind;
    uint32_t op;    /* GATE, DIAGONAL, FLAT */
    uint32_t units; /* PHASE */
    uint64_t z, x, y, other;
    float weight; /* arithmetic, in units of a real 2x2 on all amplitudes */
} qn__sv_item;

/* Numbers of a step that come from operations. */
typedef enum qn__sv_fill_kind {
    QN__SV_FILL_MATRIX,  /* m of the operation in the step's form */
    QN__SV_FILL_VECTORS, /* the same as lane vectors under lane controls */
    QN__SV_FILL_LANE,    /* a matrix on a lane qubit */
    QN__SV_FILL_PAULI,
    QN__SV_FILL_DENSE,
    QN__SV_FILL_PHASE,       /* a product of units */
    QN__SV_FILL_LINEAR,      /* table and lane vectors from factors */
    QN__SV_FILL_LANE_PHASES, /* lane vectors from factors on lanes alone */
    QN__SV_FILL_CUBE,        /* numbers or lane vectors of all registers; `outer`: the compact bits of the axes */
    QN__SV_FILL_DIAGONAL,
    QN__SV_FILL_SIGNS,  /* sign bits in the lanes with odd parity of `fixed`; all flipped when value is not 0 */
    QN__SV_FILL_MASK,   /* all bits in the lanes that match fixed and value */
    QN__SV_FILL_PERMUTE /* lane ^ z in the lanes that match fixed and value */
} qn__sv_fill_kind;

/* One factor of a LINEAR or LANE_PHASES step: its units act where `bits` (compact) are set; 0: everywhere. */
typedef struct qn__sv_part {
    uint32_t units;
    uint64_t bits;
} qn__sv_part;

/* Rotations of a pass leave their scale to one step, its carrier. */
typedef enum qn__sv_role { QN__SV_ROLE_NONE, QN__SV_ROLE_SCALED, QN__SV_ROLE_CARRIER } qn__sv_role;

typedef struct qn__sv_fill {
    qn__sv_fill_kind kind;
    qn__sv_role role;
    bool variable;
    bool sometimes; /* behind a SKIP: acts on a part of the state */
    double scale;   /* SCALED: as last written */
    uint32_t step, op;
    uint64_t fixed, value; /* lane controls; LANE: and the flipped lane in `z` */
    uint64_t z;
    uint8_t lanes[16]; /* PERMUTE: where each lane comes from */
    uint32_t parts, nparts;
    size_t vectors;               /* where, in vectors of the arena */
    size_t table;                 /* in numbers of the table arena */
    uint32_t first_outer, nouter; /* in `outer`: compact bits that count the trips */
} qn__sv_fill;

/* A LINEAR step whose factors reach qubits outside of the tile: its lane vectors are turned for each tile. */
typedef struct qn__sv_local {
    uint32_t fill;
    uint32_t slot; /* 1 + index among the stage's */
} qn__sv_local;

/* A derivative that a pass over bra and ket sums up; see adjoint.c. */
typedef struct qn__sv_slope {
    bool phase; /* of a chain of units; else of one factor */
    uint32_t factor, units;
    uint32_t step;
    size_t stretch;
    uint64_t fixed, value; /* lanes that count */
    uint64_t odd;          /* lanes with odd parity of this count negative */
    double sign, scale;    /* scale: of the states at this step, as last written */
} qn__sv_slope;

typedef struct qn__sv_stretch { /* a pass, one flat operation, or a layer of H */
    bool flat;
    uint64_t hadamards; /* not 0: H on these, compact, instead of a pass */
    uint32_t op;
    qn__kernel_gate gate;                 /* flat: its masks, compact */
    uint32_t targets[QN__KERNEL_TARGETS]; /* flat and dense: compact */
    qn__pass pass;
    size_t first_step, first_fill, nfills;
    size_t first_slope, nslopes; /* dual */
    bool variable;               /* some of its fills are */
    size_t carrier;              /* the fill that carries the scale; SIZE_MAX: none */
} qn__sv_stretch;

typedef enum qn__sv_stage_kind {
    QN__SV_STAGE_FLAT,  /* one operation, over the whole state by its own kernel */
    QN__SV_STAGE_PLAIN, /* the tile is the state, or one pass goes over the whole state */
    QN__SV_STAGE_TILES, /* tiles are contiguous: the local qubits are the lowest */
    QN__SV_STAGE_GATHER /* tiles are gathered into a buffer and scattered back */
} qn__sv_stage_kind;

/* Holds in tiles whose qubits outside of it have these values. */
typedef struct qn__sv_test {
    uint64_t fixed, value;
} qn__sv_test;

typedef struct qn__sv_stage {
    qn__sv_stage_kind kind;
    uint64_t local; /* qubits */
    uint32_t nlocal;
    uint32_t op; /* FLAT */
    size_t first_stretch, nstretches;
    size_t first_local, nlocals;
    size_t first_slope, nslopes; /* dual */
    size_t first_test, ntests;   /* when there are any: tiles where none holds stay as they are */
} qn__sv_stage;

typedef struct qn__sv_schedule {
    qn__sv_item *items;
    size_t nitems, items_capacity;
    qn__sv_unit *units;
    size_t nunits, units_capacity;
    qn__sv_unit *globals; /* of the dropped global phases */
    size_t nglobals, globals_capacity;
    qn__sv_stage *stages;
    size_t nstages, stages_capacity;
    qn__sv_stretch *stretches;
    size_t nstretches, stretches_capacity;
    qn__step *steps;
    size_t nsteps, steps_capacity;
    qn__sv_fill *fills;
    size_t nfills, fills_capacity;
    qn__sv_part *parts;
    size_t nparts, parts_capacity;
    uint32_t *outer;
    size_t nouter, outer_capacity;
    qn__sv_local *locals;
    size_t nlocals, locals_capacity;
    qn__sv_slope *slopes;
    size_t nslopes, slopes_capacity, most_slopes;
    qn__sv_test *tests;
    size_t ntests, tests_capacity;
    size_t nvectors, ntable, most_locals; /* sizes of the arenas, and of a thread's own vectors */
    unsigned char *vectors, *table;
    unsigned char *buffers; /* of the threads: a tile and its own lane vectors */
    size_t buffer_size;
    unsigned char *base; /* product state over the local qubits of the first stage */
    bool skips_start;    /* the first stage makes its tiles from `base` */
} qn__sv_schedule;

#endif
