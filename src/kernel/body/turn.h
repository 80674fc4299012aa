/* turn.h: a tile's whole visit: the end of one layer, a phase, the beginning of the next.
 *
 * The mixers of a layer commute. Before the phase the far qubits go first, after it last, so that in the middle a part
 * of the tile stays in the first-level cache for the near qubits of both layers, and in the very middle a cube of
 * blocks stays in registers: its qubits, phases, and its qubits again, with one load and one store. */

/* What happens to a cube before its last mixer. */
enum { K(turn_fill), K(turn_phase), K(turn_both) };

/* Cubes of the axes from block bit `low` on, in blocks [from, from + blocks) of a tile, the first of them at `part`.
 * The factors are those of phase->table alone. */
K_INLINE void K(turn_sweep)(real *part, uint64_t from, uint64_t blocks, uint32_t low, bool lanes, int kind,
                            const qn__cost_rows *costs, const qn__cost_phase *phase, double before, double after,
                            qn__stream *stream)
{
    const vec tb = K(splat)(before), ta = K(splat)(after);
    const real *const table = phase->table;
    const uint64_t inner = UINT64_C(1) << low, step = inner * 2 * LANES, within = costs->row_blocks - 1;
    const int row = __builtin_ctzll(costs->row_blocks);
    for (uint64_t base = 0; base < blocks; base += inner << QN_KERNEL_AXES) {
        for (uint64_t at = base; at < base + inner; at++) {
            real *const p = part + at * 2 * LANES;
            mix_state s;
            if (kind != K(turn_fill)) {
                K(mix_load)(&s, p, step, QN_KERNEL_AXES);
            }
            if (kind == K(turn_both)) {
                if (lanes) {
#pragma GCC unroll 8
                    for (int j = 0; j < 1 << QN_KERNEL_AXES; j++) {
                        K(mix_lanes)(&s.re[j], &s.im[j], tb, false);
                    }
                }
                K(mix_axes)(&s, QN_KERNEL_AXES, tb, false);
            }
#pragma GCC unroll 8
            for (int j = 0; j < 1 << QN_KERNEL_AXES; j++) {
                const uint64_t block = from + at + (uint64_t)j * inner;
                vec fr, fi;
                K(pick)(table, costs->index + (block >> row) * costs->stride + (block & within) * LANES, &fr, &fi);
                if (kind == K(turn_fill)) {
                    s.re[j] = fr;
                    s.im[j] = fi;
                } else {
                    const vec re = s.re[j], im = s.im[j];
                    s.re[j] = re * fr - im * fi;
                    s.im[j] = re * fi + im * fr;
                }
                if (lanes) {
                    K(mix_lanes)(&s.re[j], &s.im[j], ta, false);
                }
            }
            K(mix_axes)(&s, QN_KERNEL_AXES, ta, false);
            K(mix_store)(&s, p, step, QN_KERNEL_AXES);
            K(stream_step)(stream);
        }
    }
}

static void K(turn_cubes)(real *part, uint64_t from, uint64_t blocks, uint32_t low, bool lanes, int kind,
                          const qn__cost_rows *costs, const qn__cost_phase *phase, double before, double after,
                          qn__stream *stream)
{
    if (lanes) {
        if (kind == K(turn_fill)) {
            K(turn_sweep)(part, from, blocks, 0, true, K(turn_fill), costs, phase, before, after, stream);
        } else if (kind == K(turn_phase)) {
            K(turn_sweep)(part, from, blocks, 0, true, K(turn_phase), costs, phase, before, after, stream);
        } else {
            K(turn_sweep)(part, from, blocks, 0, true, K(turn_both), costs, phase, before, after, stream);
        }
    } else if (kind == K(turn_fill)) {
        K(turn_sweep)(part, from, blocks, low, false, K(turn_fill), costs, phase, before, after, stream);
    } else if (kind == K(turn_phase)) {
        K(turn_sweep)(part, from, blocks, low, false, K(turn_phase), costs, phase, before, after, stream);
    } else {
        K(turn_sweep)(part, from, blocks, low, false, K(turn_both), costs, phase, before, after, stream);
    }
}

/* Bits [first, last) and the phase of a part. */
static void K(turn_part)(real *part, uint64_t from, uint64_t blocks, uint32_t first, uint32_t last,
                         const qn__turn *turn, const qn__cost_rows *costs, qn__stream *stream)
{
    const qn__cost_phase *const phase = &turn->phase;
    const uint32_t axis = first < LOG_LANES ? LOG_LANES : first, rest = axis + QN_KERNEL_AXES;
    const bool mixed = turn->before.mixed, far = turn->after.far || (mixed && turn->before.far);
    if (costs->index != NULL && rest <= last && !far && phase->scale == 1.0 && !phase->conjugate) {
        const int kind = turn->fill ? K(turn_fill) : mixed ? K(turn_both) : K(turn_phase);
        if (mixed) {
            K(mix_range)(part, blocks, rest, last, turn->before.t, false, stream);
        }
        K(turn_cubes)
        (part, from, blocks, axis - LOG_LANES, first < LOG_LANES, kind, costs, phase, turn->before.t, turn->after.t,
         stream);
        K(mix_range)(part, blocks, rest, last, turn->after.t, false, stream);
        return;
    }
    if (mixed) {
        K(mix_range)(part, blocks, first, last, turn->before.t, turn->before.far, stream);
    }
    if (turn->fill) {
        K(fill_range)(part, from, blocks, costs, phase);
    } else {
        K(phase_range)(part, from, blocks, costs, phase);
    }
    K(mix_range)(part, blocks, first, last, turn->after.t, turn->after.far, stream);
}

/* Qubits below this bit are mixed part by part, so that the part stays in the first-level cache. */
K_INLINE uint32_t K(turn_near)(uint64_t blocks, uint32_t first, uint32_t last, uint64_t *part)
{
    const uint64_t size = UINT64_C(1) << (K(mix_part_bits) - LOG_LANES);
    const bool parts = first < K(mix_part_bits) && last > K(mix_part_bits) && blocks > size;
    *part = parts ? size : blocks;
    return parts ? K(mix_part_bits) : last;
}

static void K(turn)(void *tile, uint64_t blocks, uint32_t first, uint32_t last, const qn__turn *turn,
                    const qn__cost_rows *costs, qn__stream *stream)
{
    uint64_t part = 0;
    const uint32_t near = K(turn_near)(blocks, first, last, &part);
    if (turn->before.mixed) {
        K(mix_range)(tile, blocks, near, last, turn->before.t, turn->before.far, stream);
    }
    for (uint64_t at = 0; at < blocks; at += part) {
        K(turn_part)((real *)tile + at * 2 * LANES, at, part, first, near, turn, costs, stream);
    }
    K(mix_range)(tile, blocks, near, last, turn->after.t, turn->after.far, stream);
}

static double K(mix_weigh)(void *tile, uint64_t blocks, uint32_t first, uint32_t last, double t, bool far,
                           const qn__cost_rows *costs, const qn__cost_weight *weight, qn__stream *stream)
{
    uint64_t part = 0;
    const uint32_t near = K(turn_near)(blocks, first, last, &part);
    double total = 0.0;
    K(mix_range)(tile, blocks, near, last, t, far, stream);
    for (uint64_t at = 0; at < blocks; at += part) {
        real *const p = (real *)tile + at * 2 * LANES;
        K(mix_range)(p, part, first, near, t, far, stream);
        total += K(weigh_range)(p, NULL, at, part, costs, weight);
    }
    return total;
}

static void K(stream_end)(qn__stream *stream)
{
    if (stream->next < stream->total) {
        K(stream_move)(stream, stream->total);
    }
}

static const qn__mixer_kernels K(mixer_table) = {.mix = K(mixer_mix),
                                                 .mirror = K(mirror),
                                                 .mix_slope = K(mix_slope),
                                                 .mirror_slope = K(mirror_slope),
                                                 .fill = K(fill),
                                                 .phase = K(phase),
                                                 .phase_slope = K(phase_slope),
                                                 .weigh = K(weigh),
                                                 .turn = K(turn),
                                                 .mix_weigh = K(mix_weigh),
                                                 .stream_end = K(stream_end)};

#undef cost_factors
#undef mix_state
#undef vec
#undef bits
