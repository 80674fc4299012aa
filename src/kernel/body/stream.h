/* stream.h: memory that moves while a tile is mixed; see qn__stream in kernel/mixer.h. */

/* Rows fetched before they are moved: enough for the latency, and no more than ways of a cache set, in which rows that
 * lie a power of two apart all fall. */
enum { K(stream_ahead) = 6 };

static __attribute__((noinline)) void K(stream_move)(qn__stream *s, uint64_t units)
{
    const uint64_t end = s->total - s->next < units ? s->total : s->next + units;
    for (uint64_t k = s->next; k < end; k++) {
        if (s->room == NULL) {
            __builtin_prefetch(s->in + k * 64, 0, 2);
            continue;
        }
        const uint64_t row = k >> s->log_row, at = row * s->stride + (k & ((UINT64_C(1) << s->log_row) - 1)) * 64;
        const bool head = at == row * s->stride, more = k + ((uint64_t)K(stream_ahead) << s->log_row) < s->total;
        const uint64_t later = at + K(stream_ahead) * s->stride;
        char *const room = s->room + k * 64;
        if (s->out != NULL) {
            if (more) {
                __builtin_prefetch(s->out + later, 1, 3);
            }
            memcpy(s->out + at, room, 64);
        }
        if (s->in != NULL) {
            if (more) {
                __builtin_prefetch(s->in + later, 0, 3);
            }
            memcpy(room, s->in + at, 64);
        }
        if (head && s->costs_in != NULL) {
            if (more) {
                __builtin_prefetch(s->costs_in + (row + K(stream_ahead)) * s->costs_stride, 0, 3);
            }
            for (uint64_t b = 0; b < s->costs_row; b += 16) {
                memcpy(s->costs_room + row * s->costs_row + b, s->costs_in + row * s->costs_stride + b, 16);
            }
        }
    }
    s->next = end;
}

K_INLINE void K(stream_step)(qn__stream *s)
{
    if (s->next < s->total) {
        K(stream_move)(s, s->pace);
    }
}
