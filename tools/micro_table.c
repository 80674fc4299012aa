/* micro_table.c: trains 3,125 tiny networks and prints the table data/nas/micro.csv.
 *
 *   cc -O2 -ffp-contract=off -o micro_table tools/micro_table.c -lm && ./micro_table > data/nas/micro.csv
 *
 * The task: tell ten digits, drawn here as strokes on 8 x 8 pixels, shifted, slanted, of random weight and with noise.
 * A network is an input map, a stem of `width` units, three cells, and a softmax:
 *   input  raw (64), pool (2 x 2 means, 16), sums (of rows and columns, 16), dx, dy (differences, 56 each)
 *   op1-3  skip (h), relu, tanh (act(W h + b)), res-relu, res-tanh (h + act(W h + b))
 *   width  4, 6, 8, 12, 16
 * Every one is trained twice (other weights, other order) on 600 images, 16 passes of stochastic gradient descent with
 * momentum, and judged on 1,000 others: `loss` is the mean cross-entropy, `accuracy` the mean share that is right.
 * Nothing is read and nothing depends on the clock: the same compiler gives the same table. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { PIXELS = 64, CLASSES = 10, TRAIN = 600, JUDGE = 1000, PASSES = 16, BATCH = 16, MOST = 16, OPS = 3, TRIES = 2 };

static const char *const input_names[] = {"raw", "pool", "sums", "dx", "dy"};
static const char *const op_names[] = {"skip", "relu", "tanh", "res-relu", "res-tanh"};
static const int widths[] = {4, 6, 8, 12, 16};

/* splitmix64 (Steele, Lea, Flood, OOPSLA 2014) */
static uint64_t next_bits(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static float uniform(uint64_t *state)
{
    return (float)(next_bits(state) >> 40) * 0x1p-24f;
}

static float normal(uint64_t *state)
{
    const float u = 1.0f - uniform(state), v = uniform(state);
    return sqrtf(-2.0f * logf(u)) * cosf(6.2831853f * v);
}

/* ---- images ---- */

/* Strokes of each digit in the unit square, from (x, y) to (x, y), y downwards. */
typedef struct stroke {
    float x0, y0, x1, y1;
} stroke;
static const stroke strokes[CLASSES][5] = {
    {{0, 0, 1, 0}, {1, 0, 1, 1}, {1, 1, 0, 1}, {0, 1, 0, 0}, {0, 0, 0, 0}},
    {{.5f, 0, .5f, 1}, {.2f, .3f, .5f, 0}, {.5f, 0, .5f, 1}, {.5f, 0, .5f, 1}, {.5f, 0, .5f, 1}},
    {{0, .1f, 1, 0}, {1, 0, 1, .4f}, {1, .4f, 0, 1}, {0, 1, 1, 1}, {0, 1, 1, 1}},
    {{0, 0, 1, 0}, {1, 0, .4f, .45f}, {.4f, .45f, 1, .7f}, {1, .7f, .6f, 1}, {.6f, 1, 0, 1}},
    {{.2f, 0, 0, .6f}, {0, .6f, 1, .6f}, {.7f, .2f, .7f, 1}, {.7f, .2f, .7f, 1}, {0, .6f, 1, .6f}},
    {{1, 0, 0, 0}, {0, 0, 0, .45f}, {0, .45f, 1, .55f}, {1, .55f, .8f, 1}, {.8f, 1, 0, 1}},
    {{.8f, 0, 0, .6f}, {0, .6f, .2f, 1}, {.2f, 1, 1, .9f}, {1, .9f, .8f, .5f}, {.8f, .5f, 0, .6f}},
    {{0, 0, 1, 0}, {1, 0, .3f, 1}, {.2f, .5f, .9f, .5f}, {0, 0, 1, 0}, {1, 0, .3f, 1}},
    {{.1f, 0, .9f, 0}, {.9f, 0, 0, 1}, {0, 1, 1, 1}, {1, 1, .1f, 0}, {.1f, 0, .9f, 0}},
    {{1, .4f, .2f, .5f}, {.2f, .5f, 0, .1f}, {0, .1f, 1, 0}, {1, 0, 1, .4f}, {1, .4f, .7f, 1}}};

static float distance(float x, float y, const stroke *s)
{
    const float dx = s->x1 - s->x0, dy = s->y1 - s->y0, length2 = dx * dx + dy * dy;
    float t = length2 > 0 ? ((x - s->x0) * dx + (y - s->y0) * dy) / length2 : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return hypotf(x - s->x0 - t * dx, y - s->y0 - t * dy);
}

static void draw(int digit, uint64_t *state, float *image)
{
    const float width = 3.2f + 1.8f * uniform(state), height = 4.6f + 1.6f * uniform(state);
    const float left = 0.4f + (6.6f - width) * uniform(state), top = 0.4f + (6.6f - height) * uniform(state);
    const float slant = 0.7f * (uniform(state) - 0.5f), weight = 0.55f + 0.5f * uniform(state);
    for (int k = 0; k < PIXELS; k++) {
        const float y = ((float)(k / 8) - top) / height;
        const float x = ((float)(k % 8) - left) / width + slant * (y - 0.5f);
        float nearest = 9;
        for (int s = 0; s < 5; s++) {
            nearest = fminf(nearest, distance(x, y, &strokes[digit][s]) * 0.5f * (width + height));
        }
        const float ink = nearest < weight ? 1 : expf(-3 * (nearest - weight));
        image[k] = ink + 0.3f * normal(state) - 0.35f;
    }
}

/* What the network sees of an image; gives the number of values. */
static int map_input(int input, const float *image, float *x)
{
    int n = 0;
    if (input == 0) {
        memcpy(x, image, PIXELS * sizeof *x);
        return PIXELS;
    }
    if (input == 1) {
        for (int k = 0; k < 16; k++) {
            const float *const p = image + (k / 4) * 16 + (k % 4) * 2;
            x[n++] = 0.5f * (p[0] + p[1] + p[8] + p[9]);
        }
    } else if (input == 2) {
        for (int k = 0; k < 8; k++) {
            x[k] = x[8 + k] = 0;
            for (int j = 0; j < 8; j++) {
                x[k] += 0.35f * image[8 * k + j];
                x[8 + k] += 0.35f * image[8 * j + k];
            }
        }
        n = 16;
    } else {
        for (int k = 0; k < PIXELS; k++) {
            if (input == 3 ? k % 8 < 7 : k < 56) {
                x[n++] = image[k + (input == 3 ? 1 : 8)] - image[k];
            }
        }
    }
    return n;
}

/* ---- networks ---- */

/* Weights are stored by the unit they come from, w[from * to_count + to], so that loops run along memory. */
typedef struct layer {
    int from, to;
    float w[PIXELS * MOST], b[MOST], dw[PIXELS * MOST], db[MOST], vw[PIXELS * MOST], vb[MOST];
} layer;
typedef struct network {
    int inputs, width, op[OPS];
    layer stem, cell[OPS], head;
    float h[OPS + 1][MOST], act[OPS][MOST], out[CLASSES];
} network;

static void layer_begin(layer *l, int from, int to, float gain, uint64_t *state)
{
    memset(l, 0, sizeof *l);
    l->from = from;
    l->to = to;
    for (int k = 0; k < from * to; k++) {
        l->w[k] = gain * normal(state) / sqrtf((float)from);
    }
}

static void layer_forward(const layer *l, const float *x, float *y)
{
    memcpy(y, l->b, (size_t)l->to * sizeof *y);
    for (int i = 0; i < l->from; i++) {
        for (int j = 0; j < l->to; j++) {
            y[j] += x[i] * l->w[i * l->to + j];
        }
    }
}

/* Adds to the slopes; gives the slopes of the input unless dx is NULL. */
static void layer_backward(layer *l, const float *x, const float *dy, float *dx)
{
    for (int j = 0; j < l->to; j++) {
        l->db[j] += dy[j];
    }
    for (int i = 0; i < l->from; i++) {
        for (int j = 0; j < l->to; j++) {
            l->dw[i * l->to + j] += x[i] * dy[j];
        }
        if (dx != NULL) {
            dx[i] = 0;
            for (int j = 0; j < l->to; j++) {
                dx[i] += l->w[i * l->to + j] * dy[j];
            }
        }
    }
}

static void layer_step(layer *l, float rate)
{
    for (int k = 0; k < l->from * l->to; k++) {
        l->vw[k] = 0.9f * l->vw[k] - rate * l->dw[k];
        l->w[k] += l->vw[k];
        l->dw[k] = 0;
    }
    for (int k = 0; k < l->to; k++) {
        l->vb[k] = 0.9f * l->vb[k] - rate * l->db[k];
        l->b[k] += l->vb[k];
        l->db[k] = 0;
    }
}

static void forward(network *n, const float *x)
{
    layer_forward(&n->stem, x, n->h[0]);
    for (int c = 0; c < OPS; c++) {
        const int op = n->op[c];
        layer_forward(&n->cell[c], n->h[c], n->act[c]);
        for (int k = 0; k < n->width; k++) {
            n->act[c][k] = op == 2 || op == 4 ? tanhf(n->act[c][k]) : n->act[c][k] > 0 ? n->act[c][k] : 0;
            n->h[c + 1][k] = op == 0 ? n->h[c][k] : op < 3 ? n->act[c][k] : n->h[c][k] + n->act[c][k];
        }
    }
    layer_forward(&n->head, n->h[OPS], n->out);
    float most = n->out[0], sum = 0;
    for (int k = 1; k < CLASSES; k++) {
        most = fmaxf(most, n->out[k]);
    }
    for (int k = 0; k < CLASSES; k++) {
        sum += n->out[k] = expf(n->out[k] - most);
    }
    for (int k = 0; k < CLASSES; k++) {
        n->out[k] /= sum;
    }
}

static void backward(network *n, const float *x, int label)
{
    float dout[CLASSES], dh[MOST], below[MOST], da[MOST];
    for (int k = 0; k < CLASSES; k++) {
        dout[k] = n->out[k] - (float)(k == label);
    }
    layer_backward(&n->head, n->h[OPS], dout, dh);
    for (int c = OPS - 1; c >= 0; c--) {
        const int op = n->op[c];
        if (op == 0) {
            continue;
        }
        for (int k = 0; k < n->width; k++) {
            const float a = n->act[c][k];
            da[k] = dh[k] * (op == 2 || op == 4 ? 1 - a * a : a > 0 ? 1.0f : 0.0f);
        }
        layer_backward(&n->cell[c], n->h[c], da, below);
        for (int k = 0; k < n->width; k++) {
            dh[k] = below[k] + (op >= 3 ? dh[k] : 0);
        }
    }
    layer_backward(&n->stem, x, dh, NULL);
}

static void step(network *n, float rate)
{
    layer_step(&n->stem, rate);
    for (int c = 0; c < OPS; c++) {
        if (n->op[c] != 0) {
            layer_step(&n->cell[c], rate);
        }
    }
    layer_step(&n->head, rate);
}

typedef struct data {
    float image[JUDGE][PIXELS];
    int label[JUDGE], count;
} data;

static void fill(data *d, int count, uint64_t seed)
{
    uint64_t state = seed;
    d->count = count;
    for (int k = 0; k < count; k++) {
        d->label[k] = k % CLASSES;
        draw(d->label[k], &state, d->image[k]);
    }
}

static void train(network *n, const data *d, uint64_t *state)
{
    int order[TRAIN];
    for (int k = 0; k < TRAIN; k++) {
        order[k] = k;
    }
    for (int pass = 0; pass < PASSES; pass++) {
        const float rate = 0.05f * (1 - (float)pass / PASSES) / BATCH;
        for (int k = TRAIN - 1; k > 0; k--) {
            const int other = (int)(next_bits(state) % (uint64_t)(k + 1)), kept = order[k];
            order[k] = order[other];
            order[other] = kept;
        }
        for (int k = 0; k < TRAIN; k++) {
            forward(n, d->image[order[k]]);
            backward(n, d->image[order[k]], d->label[order[k]]);
            if (k % BATCH == BATCH - 1) {
                step(n, rate);
            }
        }
    }
}

static void judge(network *n, const data *d, double *loss, double *accuracy)
{
    for (int k = 0; k < d->count; k++) {
        forward(n, d->image[k]);
        int best = 0;
        for (int c = 1; c < CLASSES; c++) {
            best = n->out[c] > n->out[best] ? c : best;
        }
        *accuracy += best == d->label[k] ? 1.0 / d->count : 0;
        *loss -= log(fmax((double)n->out[d->label[k]], 1e-7)) / d->count;
    }
}

int main(void)
{
    static data raw_train, raw_judge, seen_train, seen_judge;
    static network net;
    fill(&raw_train, TRAIN, 1);
    fill(&raw_judge, JUDGE, 2);
    printf("input,op1,op2,op3,width,loss,accuracy\n");
    for (int code = 0; code < 3125; code++) {
        const int input = code / 625, op[OPS] = {code / 125 % 5, code / 25 % 5, code / 5 % 5}, width = widths[code % 5];
        double loss = 0, accuracy = 0;
        if (code % 625 == 0) {
            seen_train = raw_train;
            seen_judge = raw_judge;
            for (int k = 0; k < JUDGE; k++) {
                net.inputs = map_input(input, raw_judge.image[k], seen_judge.image[k]);
                if (k < TRAIN) {
                    (void)map_input(input, raw_train.image[k], seen_train.image[k]);
                }
            }
        }
        for (int attempt = 0; attempt < TRIES; attempt++) {
            uint64_t state = 1000 + (uint64_t)code * TRIES + (uint64_t)attempt;
            net.width = width;
            memcpy(net.op, op, sizeof op);
            layer_begin(&net.stem, net.inputs, width, 1, &state);
            for (int c = 0; c < OPS; c++) {
                layer_begin(&net.cell[c], width, width, op[c] == 1 ? 1.4f : 1, &state);
            }
            layer_begin(&net.head, width, CLASSES, 1, &state);
            train(&net, &seen_train, &state);
            judge(&net, &seen_judge, &loss, &accuracy);
        }
        printf("%s,%s,%s,%s,%d,%.4f,%.4f\n", input_names[input], op_names[op[0]], op_names[op[1]], op_names[op[2]],
               width, loss / TRIES, accuracy / TRIES);
    }
    return 0;
}
