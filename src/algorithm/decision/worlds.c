/* worlds.c: decision processes to solve: FrozenLake, an empty room, random ones. */
#include <quern/decision.h>

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "base/status.h"

enum { ACTIONS = 4, SIDES = 3 };

static const char *const lakes[2] = {"SFFF"
                                     "FHFH"
                                     "FFFH"
                                     "HFFG",
                                     "SFFFFFFF"
                                     "FFFFFFFF"
                                     "FFFHFFFF"
                                     "FFFFFHFF"
                                     "FFFHFFFF"
                                     "FHHFFFHF"
                                     "FHFFHFHF"
                                     "FFFHFFFG"};

void qn_mdp_free(qn_mdp *mdp)
{
    if (mdp != NULL) {
        qn__free(mdp->start);
        qn__free(mdp->next);
        qn__free(mdp->probability);
        qn__free(mdp->reward);
        qn__free(mdp->map);
        qn__free(mdp);
    }
}

static qn_status create(uint32_t states, uint32_t actions, double discount, size_t transitions, qn_mdp **out)
{
    QN_CHECK(discount > 0 && discount < 1, ERR_RANGE, "discount %g; expected between 0 and 1", discount);
    qn_mdp *mdp = qn__calloc(1, sizeof *mdp);
    QN_ALLOC_CHECK(mdp);
    const size_t pairs = (size_t)states * actions;
    mdp->states = states;
    mdp->actions = actions;
    mdp->discount = discount;
    mdp->start = qn__calloc(pairs + 1, sizeof *mdp->start);
    mdp->next = qn__alloc(transitions, sizeof *mdp->next);
    mdp->probability = qn__alloc(transitions, sizeof *mdp->probability);
    mdp->reward = qn__calloc(pairs, sizeof *mdp->reward);
    if (mdp->start == NULL || mdp->next == NULL || mdp->probability == NULL || mdp->reward == NULL) {
        qn_mdp_free(mdp);
        return QN_ERR_MEMORY;
    }
    *out = mdp;
    return QN_OK;
}

/* ---- grids ---- */

/* The field reached by action 0 left, 1 down, 2 right, 3 up; walls stop. */
static uint32_t neighbour(const qn_mdp *mdp, uint32_t state, uint32_t action)
{
    const uint32_t x = state % mdp->width, y = state / mdp->width;
    switch (action) {
    case 0:
        return x > 0 ? state - 1 : state;
    case 1:
        return y + 1 < mdp->height ? state + mdp->width : state;
    case 2:
        return x + 1 < mdp->width ? state + 1 : state;
    default:
        return y > 0 ? state - mdp->width : state;
    }
}

/* One pair's transitions: the way meant with `straight`, those to its sides with (1 - straight) / 2; the same field is
 * listed once. Holes and the goal keep what enters them. */
static void fill_pair(qn_mdp *mdp, uint32_t state, uint32_t action, double straight, double step_reward)
{
    const size_t pair = (size_t)state * ACTIONS + action, first = mdp->start[pair];
    size_t end = first;
    const bool final = mdp->map[state] == 'H' || mdp->map[state] == 'G';
    for (uint32_t side = 0; side < SIDES; side++) {
        const double p = final ? (side == 0 ? 1 : 0) : side == 0 ? straight : (1 - straight) / 2;
        if (p <= 0) {
            continue;
        }
        static const uint32_t turns[SIDES] = {0, 3, 1};
        const uint32_t to = final ? state : neighbour(mdp, state, (action + turns[side]) % ACTIONS);
        size_t at = first;
        while (at < end && mdp->next[at] != to) {
            at++;
        }
        if (at == end) {
            mdp->next[end] = to;
            mdp->probability[end++] = 0;
        }
        mdp->probability[at] += p;
        mdp->reward[pair] += final ? 0 : p * ((mdp->map[to] == 'G' ? 1 : 0) + step_reward);
    }
    mdp->start[pair + 1] = end;
}

static qn_status grid(uint32_t width, uint32_t height, const char *map, double straight, double step_reward,
                      double discount, qn_mdp **out)
{
    const size_t states = (size_t)width * height;
    qn_mdp *mdp = NULL;
    QN_TRY(create((uint32_t)states, ACTIONS, discount, states * ACTIONS * SIDES, &mdp));
    mdp->width = width;
    mdp->height = height;
    mdp->map = qn__alloc(states + 1, 1);
    if (mdp->map == NULL) {
        qn_mdp_free(mdp);
        return QN_ERR_MEMORY;
    }
    if (map != NULL) {
        memcpy(mdp->map, map, states);
    } else {
        memset(mdp->map, 'F', states);
        mdp->map[0] = 'S';
        mdp->map[states - 1] = 'G';
    }
    mdp->map[states] = '\0';
    for (uint32_t s = 0; s < states; s++) {
        for (uint32_t a = 0; a < ACTIONS; a++) {
            fill_pair(mdp, s, a, straight, step_reward);
        }
    }
    /* The goal is reached once; waiting for ever costs at most the steps. */
    mdp->least_value = step_reward < 0 ? step_reward / (1 - discount) : 0;
    mdp->most_value = 1;
    *out = mdp;
    return QN_OK;
}

qn_status qn_mdp_frozen_lake(uint32_t size, bool slippery, double discount, qn_mdp **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the process");
    QN_CHECK(size == 4 || size == 8, ERR_RANGE, "FrozenLake has 4 x 4 or 8 x 8 fields, not %u x %u", size, size);
    return grid(size, size, lakes[size == 8], slippery ? 1.0 / 3 : 1, 0, discount, out);
}

qn_status qn_mdp_gridworld(uint32_t width, uint32_t height, double slip, double discount, qn_mdp **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the process");
    QN_CHECK(width >= 2 && height >= 2 && width <= 1000 && height <= 1000, ERR_RANGE,
             "%u x %u fields; from 2 to 1000 a side", width, height);
    QN_CHECK(slip >= 0 && slip <= 1, ERR_RANGE, "slip %g; expected a probability", slip);
    return grid(width, height, NULL, 1 - slip, -0.01, discount, out);
}

/* ---- random processes ---- */

/* `branches` different states, by drawing until they are; probabilities are the gaps of sorted uniform numbers. */
static void random_pair(qn_mdp *mdp, size_t pair, uint32_t branches, uint64_t seed)
{
    const size_t first = mdp->start[pair];
    uint64_t index = 0;
    double last = 0;
    for (uint32_t k = 0; k < branches;) {
        const uint32_t to = (uint32_t)(qn__random_uniform(seed, 2 * pair, index++) * mdp->states);
        bool taken = false;
        for (uint32_t j = 0; j < k; j++) {
            taken = taken || mdp->next[first + j] == to;
        }
        if (!taken) {
            mdp->next[first + k++] = to;
        }
    }
    double *const cut = mdp->probability + first;
    for (uint32_t k = 0; k + 1 < branches; k++) { /* sorted by insertion */
        const double u = qn__random_uniform(seed, 2 * pair + 1, k);
        uint32_t j = k;
        for (; j > 0 && cut[j - 1] > u; j--) {
            cut[j] = cut[j - 1];
        }
        cut[j] = u;
    }
    cut[branches - 1] = 1;
    for (uint32_t k = 0; k < branches; k++) {
        const double here = cut[k];
        cut[k] = here - last;
        last = here;
    }
    mdp->reward[pair] = qn__random_uniform(seed, 2 * pair + 1, branches);
    mdp->start[pair + 1] = first + branches;
}

qn_status qn_mdp_garnet(uint32_t states, uint32_t actions, uint32_t branches, double discount, uint64_t seed,
                        qn_mdp **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the process");
    QN_CHECK(states >= 1 && actions >= 1 && branches >= 1 && branches <= states && branches <= 1000, ERR_RANGE,
             "%u states, %u actions, %u branches; at least 1 each, no more branches than states or 1000", states,
             actions, branches);
    QN_CHECK((double)states * actions * branches <= 1e8, ERR_TOO_LARGE, "%.3g transitions; at most 1e8",
             (double)states * actions * branches);
    qn_mdp *mdp = NULL;
    QN_TRY(create(states, actions, discount, (size_t)states * actions * branches, &mdp));
    for (size_t pair = 0; pair < (size_t)states * actions; pair++) {
        random_pair(mdp, pair, branches, seed);
    }
    mdp->most_value = 1 / (1 - discount);
    *out = mdp;
    return QN_OK;
}
