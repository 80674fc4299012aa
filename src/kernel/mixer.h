/* mixer.h: kernels of alternating layers: a diagonal phase exp(-i gamma C) and the mixer exp(-i beta sum X_k).
 *
 * States have the layout of kernel.h. All work is on tiles that lie in a cache; a tile is a stretch of the state, or
 * rows gathered from all over it. Each one-qubit mixer is applied without its scale, [1 -i t; -i t 1] with t =
 * tan(beta) or, where |tan| > 1, [t -i; -i t] with t = cot(beta) ("far"): one multiplication-addition a number. The
 * scale, cos(beta) or sin(beta) a qubit, is carried by a phase. */
#ifndef QN_KERNEL_MIXER_H
#define QN_KERNEL_MIXER_H

#include <stdbool.h>
#include <stdint.h>

/* Costs of the amplitudes of a tile: rows of `row_blocks` blocks, the costs of row r from r * stride on. */
typedef struct qn__cost_rows {
    const uint16_t *index; /* C = low + unit * index; or NULL, and then: */
    const double *value;
    uint64_t row_blocks, stride;
    double low, unit;
} qn__cost_rows;

/* exp(-i gamma (C - low)) times `scale`, or its conjugate times `scale`. */
typedef struct qn__cost_phase {
    const void *table; /* cosine and minus sine for each index, in the state's precision, both perhaps times a scale of
                          their own; unused without an index */
    double gamma, scale;
    bool conjugate;
} qn__cost_phase;

/* What is averaged: w(C) = factor * min(C, cap) + shift; the cost itself is cap = infinity, factor 1, shift 0. */
typedef struct qn__cost_weight {
    double cap, factor, shift;
} qn__cost_weight;

/* A layer ends, unless nothing is mixed before; the phase, or with `fill` the phase of a uniform state of ones; the
 * next layer begins. */
typedef struct qn__turn {
    struct {
        double t;
        bool far, mixed;
    } before, after; /* after: always mixed */
    bool fill;
    qn__cost_phase phase;
} qn__turn;

/* What moves while a tile is mixed, a few cache lines at a time: the tile before goes from a room back to its rows, and
 * the one after takes its place line by line, with its costs. Without a room lines are only asked for. */
typedef struct qn__stream {
    const char *in; /* first row of the tile that comes; NULL: none */
    char *out;      /* first row of the tile that goes; NULL: none */
    char *room;
    uint64_t stride;      /* bytes from a row to the next; a row has 2^log_row lines of 64 bytes */
    const char *costs_in; /* NULL: they stay where they are */
    char *costs_room;
    uint64_t costs_stride, costs_row; /* bytes; rows of a multiple of 16 */
    uint64_t next, total;             /* lines */
    uint32_t log_row, pace;           /* lines a step */
} qn__stream;

typedef struct qn__mixer_kernels {
    /* The mixer on bits [first, last) of the amplitude's index in the tile; all lanes (first = 0) or none of them. */
    void (*mix)(void *tile, uint64_t blocks, uint32_t first, uint32_t last, double t, bool far);
    /* The mixer on a qubit that is not stored, because flipping all qubits leaves the state as it is: its partner of
     * amplitude i is the last but i. `b` is the tile opposite of `a`, or `a` itself. */
    void (*mirror)(void *a, void *b, uint64_t blocks, double t, bool far);
    /* The same, and before it the return value is sum_k Im <bra|X_k|ket> over the bits, each weighted: the k-th of them
     * by weight * ratio^k, which makes good for the scales left out. Both states are mixed. */
    double (*mix_slope)(void *ket, void *bra, uint64_t blocks, uint32_t first, uint32_t last, double t, bool far,
                        double weight, double ratio);
    double (*mirror_slope)(void *ket_a, void *ket_b, void *bra_a, void *bra_b, uint64_t blocks, double t, bool far,
                           double weight);

    void (*fill)(void *tile, uint64_t blocks, const qn__cost_rows *costs, const qn__cost_phase *phase);
    void (*phase)(void *tile, uint64_t blocks, const qn__cost_rows *costs, const qn__cost_phase *phase);
    /* Im <bra|C - low|ket>, then the phase on both */
    double (*phase_slope)(void *ket, void *bra, uint64_t blocks, const qn__cost_rows *costs,
                          const qn__cost_phase *phase);
    /* <ket|w(C)|ket>; with bra also bra = w(C) ket */
    double (*weigh)(const void *ket, void *bra, uint64_t blocks, const qn__cost_rows *costs,
                    const qn__cost_weight *weight);

    /* Several of the above on bits [first, last) at once, so that the tile is read and written less often. */
    void (*turn)(void *tile, uint64_t blocks, uint32_t first, uint32_t last, const qn__turn *turn,
                 const qn__cost_rows *costs, qn__stream *stream);
    double (*mix_weigh)(void *tile, uint64_t blocks, uint32_t first, uint32_t last, double t, bool far,
                        const qn__cost_rows *costs, const qn__cost_weight *weight, qn__stream *stream);
    /* What has not moved yet. */
    void (*stream_end)(qn__stream *stream);
} qn__mixer_kernels;

#endif
