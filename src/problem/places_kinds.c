/* places_kinds.c: round tours and vehicle routes as cost functions of "who is where when".
 *
 * TSP: the first node of the file stands still; x_{i,t} = 1 when node i + 1 is the t-th of the other m = n - 1. Cost:
 * the tour's length; penalty A per square of every node's and every place's miscount. Proof that A > max d is enough (d
 * >= 0): of any state with a miscount, first clear ones that share both their row and their column with another (saves
 * 2 A or more, no distance grows). Then every row or column with more ones is the centre of a star; clear all its ones
 * but one: k ones less save (k - 1)^2 A there and add (k - 1) A in the lines left empty, which is no loss. What is left
 * has e >= 1 empty rows and as many empty columns unless something strict was saved already; fill them pairwise: each
 * filling saves 2 A and adds at most two distances, so 2 max d. In sum the cost falls. Negative distances: all are
 * raised by the same amount, which changes every tour by n times that.
 *
 * CVRP: x_{v,i,t} = 1 when vehicle v serves customer i as its t-th. A route's length is sum 2 d_0i minus what is saved
 * between neighbours, s_ij = d_0i + d_0j - d_ij. Constraints: every customer once, one customer at each of a vehicle's
 * first places and none behind, load and slack make up the capacity. With s_t customers at place t, the second is
 * sum_t s_t (s_t - 1) + sum_t s_{t+1} (1 - s_t) = (1/2) (sum of the squared steps of 1, s_1, s_2, ..., 0) - 1/2: the
 * steps are whole and sum to -1, so it is 0 for a single step from 1 to 0 and otherwise a whole number of at least 1.
 * So are all violations, and any penalty above (an upper bound of the cost of feasible states) - (a lower bound of all
 * states' cost) is enough. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "problem/problem.h"

/* ---- tours ---- */

typedef struct tour_data {
    uint32_t n, *tour;
} tour_data;

static void release_tour(void *data)
{
    qn__free(((tour_data *)data)->tour);
}

/* The tour in data->tour; false and why when it is none. */
static bool decode_tour(const tour_data *data, const uint8_t *x, qn_judgement *out)
{
    const uint32_t m = data->n - 1;
    data->tour[0] = 0;
    for (uint32_t t = 0; t < m; t++) {
        uint32_t found = 0;
        for (uint32_t i = 0; i < m; i++) {
            if (x[(size_t)i * m + t] != 0) {
                data->tour[t + 1] = i + 1;
                found++;
            }
        }
        if (found != 1) {
            qn__judge_fail(out, "%u nodes at place %u of the tour", found, t + 2);
            return false;
        }
    }
    for (uint32_t i = 0; i < m; i++) {
        uint32_t times = 0;
        for (uint32_t t = 0; t < m; t++) {
            times += x[(size_t)i * m + t];
        }
        if (times != 1) {
            qn__judge_fail(out, "node %u is visited %u times", i + 2, times);
            return false;
        }
    }
    return true;
}

static void judge_tour(const qn_problem *problem, const uint8_t *x, qn_judgement *out)
{
    const tour_data *const data = problem->data;
    const double *const d = problem->instance->places->distance;
    if (decode_tour(data, x, out)) {
        out->objective = 0;
        for (uint32_t k = 0; k < data->n; k++) {
            out->objective += d[(size_t)data->tour[k] * data->n + data->tour[k + 1 < data->n ? k + 1 : 0]];
        }
    }
}

static void tour_json(const qn_problem *problem, const uint8_t *x, qn_json *json, const char *key)
{
    const tour_data *const data = problem->data;
    qn_judgement judgement = {.feasible = true};
    const bool valid = decode_tour(data, x, &judgement);
    qn_json_begin_array(json, key);
    for (uint32_t k = 0; valid && k < data->n; k++) {
        qn_json_unsigned(json, NULL, data->tour[k] + 1);
    }
    qn_json_end_array(json);
}

static void tour_text(const qn_problem *problem, const uint8_t *x, qn_text *text)
{
    const tour_data *const data = problem->data;
    qn_judgement judgement = {.feasible = true};
    if (decode_tour(data, x, &judgement)) {
        qn_text_printf(text, "tour:");
        for (uint32_t k = 0; k < data->n && k < 200; k++) {
            qn_text_printf(text, " %u", data->tour[k] + 1);
        }
        qn_text_printf(text, data->n > 200 ? " …\n" : "\n");
    }
}

static const qn__problem_ops tour_ops = {judge_tour, tour_json, tour_text, release_tour};

/* Two penalty squares a line, rows then columns; rows are marked as groups. */
static qn_status add_assignment(qn_problem *problem, uint32_t m)
{
    uint32_t *line = qn__alloc(m, sizeof *line);
    double *ones = qn__alloc(m, sizeof *ones);
    qn_status status = line != NULL && ones != NULL ? QN_OK : QN_ERR_MEMORY;
    for (uint32_t side = 0; side < 2 && status == QN_OK; side++) {
        for (uint32_t a = 0; a < m && status == QN_OK; a++) {
            for (uint32_t b = 0; b < m; b++) {
                line[b] = side == 0 ? a * m + b : b * m + a;
                ones[b] = 1;
            }
            status = qn_qubo_add_square(problem->qubo, line, ones, m, 1, problem->penalty);
            if (status == QN_OK && side == 0) {
                status = qn_qubo_add_group(problem->qubo, line, m, 1);
            }
        }
    }
    qn__free(line);
    qn__free(ones);
    return status;
}

static qn_status add_lengths(qn_qubo *qubo, const double *d, uint32_t n, double raise)
{
    const uint32_t m = n - 1;
    for (uint32_t i = 0; i < m; i++) {
        const double home = d[i + 1] + raise;
        QN_TRY(qn_qubo_add_linear(qubo, i * m, home));
        QN_TRY(qn_qubo_add_linear(qubo, i * m + m - 1, home));
        for (uint32_t j = 0; j < m; j++) {
            for (uint32_t t = 0; j != i && t + 1 < m; t++) {
                QN_TRY(qn_qubo_add_quadratic(qubo, i * m + t, j * m + t + 1, d[(size_t)(i + 1) * n + j + 1] + raise));
            }
        }
    }
    return QN_OK;
}

/* Smallest (as at most 0) and largest distance, and whether all are whole. */
static void span(const double *d, uint32_t n, double *low, double *high, bool *whole)
{
    *low = *high = 0;
    *whole = true;
    for (size_t k = 0; k < (size_t)n * n; k++) {
        *low = fmin(*low, d[k]);
        *high = fmax(*high, d[k]);
        *whole = *whole && d[k] == rint(d[k]);
    }
}

qn_status qn__make_tour(const qn_instance *instance, const qn_problem_options *options, qn_problem *problem)
{
    enum { MOST_NODES = 128 };
    const qn_places *const places = instance->places;
    const uint32_t n = places->nodes;
    double low = 0, high = 0;
    bool whole = true;
    tour_data *data = qn__calloc(1, sizeof *data);
    QN_ALLOC_CHECK(data);
    problem->data = data;
    problem->ops = &tour_ops;
    data->n = n;
    data->tour = qn__calloc(n, sizeof *data->tour);
    QN_ALLOC_CHECK(data->tour);
    QN_CHECK(n <= MOST_NODES, ERR_TOO_LARGE,
             "a tour of %u nodes takes %llu bits and some %.3g terms; as a cost function at most %d nodes", n,
             (unsigned long long)(n - 1) * (n - 1), pow(n, 3) * 2, (int)MOST_NODES);
    problem->objective_name = "tour length";
    span(places->distance, n, &low, &high, &whole);
    problem->shift = n * low;
    (void)snprintf(problem->title, sizeof problem->title, "shortest tour of %u places", n);
    qn__problem_penalise(problem, high - low, whole, options);
    QN_TRY(qn_qubo_create((n - 1) * (n - 1), &problem->qubo));
    QN_TRY(add_lengths(problem->qubo, places->distance, n, -low));
    return add_assignment(problem, n - 1);
}

const double *qn_problem_distances(const qn_problem *problem, uint32_t *nodes)
{
    if (problem->ops != &tour_ops) {
        return NULL;
    }
    *nodes = problem->instance->places->nodes;
    return problem->instance->places->distance;
}

qn_status qn_problem_encode_tour(const qn_problem *problem, const uint32_t *tour, uint8_t *x)
{
    QN_CHECK(problem->ops == &tour_ops, ERR_ARGUMENT, "'%s' is no tour", problem->kind);
    const uint32_t n = problem->instance->places->nodes, m = n - 1;
    uint32_t start = 0;
    while (start < n && tour[start] != 0) {
        start++;
    }
    QN_CHECK(start < n, ERR_ARGUMENT, "the tour does not visit node 0");
    memset(x, 0, (size_t)m * m);
    for (uint32_t t = 0; t < m; t++) {
        const uint32_t node = tour[(start + 1 + t) % n];
        QN_CHECK(node >= 1 && node < n, ERR_RANGE, "node %u in the tour; expected 1 to %u once each", node, m);
        x[(size_t)(node - 1) * m + t] = 1;
    }
    return QN_OK;
}

/* ---- vehicle routes ---- */

typedef struct route_data {
    uint32_t customers, vehicles, places; /* places of a route */
    uint32_t *node;                       /* of each customer */
    uint64_t *load;                       /* of each customer, in units of `unit` */
    uint64_t capacity;
} route_data;

static void release_routes(void *data)
{
    qn__free(((route_data *)data)->node);
    qn__free(((route_data *)data)->load);
}

static uint32_t bit_of(const route_data *r, uint32_t vehicle, uint32_t customer, uint32_t place)
{
    return (vehicle * r->customers + customer) * r->places + place;
}

/* Customer at a place of a route, or `customers` for the depot; the last one when there are more. */
static uint32_t at_place(const route_data *r, const uint8_t *x, uint32_t vehicle, uint32_t place, uint32_t *found)
{
    uint32_t customer = r->customers;
    *found = 0;
    for (uint32_t i = 0; i < r->customers; i++) {
        if (x[bit_of(r, vehicle, i, place)] != 0) {
            customer = i;
            ++*found;
        }
    }
    return customer;
}

static void judge_customers(const route_data *r, const uint8_t *x, qn_judgement *out)
{
    for (uint32_t i = 0; i < r->customers; i++) {
        uint32_t times = 0;
        for (uint32_t v = 0; v < r->vehicles; v++) {
            for (uint32_t t = 0; t < r->places; t++) {
                times += x[bit_of(r, v, i, t)];
            }
        }
        if (times != 1) {
            qn__judge_fail(out, "customer %u is visited %u times", r->node[i] + 1, times);
        }
    }
}

static void judge_routes(const qn_problem *problem, const uint8_t *x, qn_judgement *out)
{
    const route_data *const r = problem->data;
    const qn_places *const p = problem->instance->places;
    double length = 0;
    judge_customers(r, x, out);
    for (uint32_t v = 0; v < r->vehicles; v++) {
        uint32_t here = p->depot, found = 0;
        uint64_t load = 0;
        for (uint32_t t = 0; t < r->places; t++) {
            const uint32_t customer = at_place(r, x, v, t, &found);
            const uint32_t next = customer < r->customers ? r->node[customer] : p->depot;
            if (found > 1) {
                qn__judge_fail(out, "%u customers at place %u of vehicle %u", found, t + 1, v + 1);
            }
            if (found > 0 && t > 0 && here == p->depot) {
                qn__judge_fail(out, "vehicle %u is back at the depot before place %u", v + 1, t + 1);
            }
            length += p->distance[(size_t)here * p->nodes + next];
            load += customer < r->customers ? r->load[customer] : 0;
            here = next;
        }
        length += p->distance[(size_t)here * p->nodes + p->depot];
        if (load > r->capacity) {
            qn__judge_fail(out, "vehicle %u is overloaded", v + 1);
        }
    }
    out->objective = out->feasible ? length : (double)NAN;
}

static void routes_json(const qn_problem *problem, const uint8_t *x, qn_json *json, const char *key)
{
    const route_data *const r = problem->data;
    qn_json_begin_array(json, key);
    for (uint32_t v = 0; v < r->vehicles; v++) {
        uint32_t found = 0;
        qn_json_begin_array(json, NULL);
        for (uint32_t t = 0; t < r->places; t++) {
            const uint32_t customer = at_place(r, x, v, t, &found);
            if (customer < r->customers) {
                qn_json_unsigned(json, NULL, r->node[customer] + 1);
            }
        }
        qn_json_end_array(json);
    }
    qn_json_end_array(json);
}

static void routes_text(const qn_problem *problem, const uint8_t *x, qn_text *text)
{
    const route_data *const r = problem->data;
    for (uint32_t v = 0; v < r->vehicles; v++) {
        uint32_t found = 0;
        qn_text_printf(text, "vehicle %u:", v + 1);
        for (uint32_t t = 0; t < r->places; t++) {
            const uint32_t customer = at_place(r, x, v, t, &found);
            if (customer < r->customers) {
                qn_text_printf(text, " %u", r->node[customer] + 1);
            }
        }
        qn_text_printf(text, "\n");
    }
}

static const qn__problem_ops route_ops = {judge_routes, routes_json, routes_text, release_routes};

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        const uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static int heavier_first(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x < y) - (x > y);
}

/* Vehicles that surely do: each load, the heaviest first, goes to the first vehicle with room (Johnson 1973: at most
 * 11/9 of the fewest, and then some). No load is above the capacity. */
static qn_status first_fit(const route_data *r, uint64_t capacity, uint64_t *vehicles)
{
    uint64_t *load = qn__alloc(2 * (size_t)r->customers, sizeof *load), count = 0;
    QN_ALLOC_CHECK(load);
    uint64_t *const room = load + r->customers;
    memcpy(load, r->load, r->customers * sizeof *load);
    qsort(load, r->customers, sizeof *load, heavier_first);
    for (uint32_t i = 0; i < r->customers; i++) {
        uint64_t v = 0;
        while (v < count && room[v] < load[i]) {
            v++;
        }
        room[v] = (v == count ? capacity : room[v]) - load[i];
        count = v == count ? count + 1 : count;
    }
    qn__free(load);
    *vehicles = count;
    return QN_OK;
}

/* Customers, their loads in the largest common unit, and how many vehicles. */
static qn_status take_customers(route_data *r, const qn_places *p, const qn_problem_options *options)
{
    uint64_t unit = 0, total = 0;
    for (uint32_t i = 0; i < p->nodes; i++) {
        const double q = p->demand[i];
        QN_CHECK(q == rint(q) && q <= 1e9, ERR_ARGUMENT, "node %u has the demand %g; expected whole numbers up to 1e9",
                 i + 1, q);
        if (i != p->depot) {
            r->node[r->customers] = i;
            r->load[r->customers++] = (uint64_t)q;
            unit = common_divisor(unit, (uint64_t)q);
            total += (uint64_t)q;
        }
    }
    QN_CHECK(total > 0, ERR_ARGUMENT, "no customer demands anything");
    const uint64_t capacity = (uint64_t)floor(p->capacity);
    const uint64_t fewest = capacity > 0 ? (total + capacity - 1) / capacity : UINT64_MAX;
    uint64_t wanted = options->vehicles > 0 ? options->vehicles : p->vehicles;
    if (wanted == 0) {
        QN_TRY(first_fit(r, capacity, &wanted));
    }
    QN_CHECK(wanted >= fewest, ERR_ARGUMENT, "%llu vehicles of capacity %llu cannot hold the demand %llu",
             (unsigned long long)wanted, (unsigned long long)capacity, (unsigned long long)total);
    QN_CHECK(wanted <= p->nodes, ERR_ARGUMENT, "%llu vehicles for %u customers", (unsigned long long)wanted,
             r->customers);
    for (uint32_t i = 0; i < r->customers; i++) {
        r->load[i] /= unit;
    }
    r->vehicles = (uint32_t)wanted;
    r->capacity = capacity / unit;
    /* a route never needs more places than the customers the others can do without: with k vehicles any split works,
     * but an empty vehicle is allowed, so every route may hold them all */
    r->places = r->customers;
    return QN_OK;
}

static double saving(const qn_places *p, uint32_t a, uint32_t b)
{
    return p->distance[(size_t)p->depot * p->nodes + a] + p->distance[(size_t)p->depot * p->nodes + b] -
           p->distance[(size_t)a * p->nodes + b];
}

static qn_status add_routes(qn_qubo *qubo, const route_data *r, const qn_places *p, double *bound)
{
    double most = 0, least = 0; /* of feasible states from above, of all from below */
    for (uint32_t i = 0; i < r->customers; i++) {
        const double home = 2 * p->distance[(size_t)p->depot * p->nodes + r->node[i]];
        double worst = 0;
        for (uint32_t v = 0; v < r->vehicles; v++) {
            for (uint32_t t = 0; t < r->places; t++) {
                QN_TRY(qn_qubo_add_linear(qubo, bit_of(r, v, i, t), home));
                least += fmin(0, home);
                for (uint32_t j = 0; t + 1 < r->places && j < r->customers; j++) {
                    const double s = i == j ? 0 : saving(p, r->node[i], r->node[j]);
                    QN_TRY(qn_qubo_add_quadratic(qubo, bit_of(r, v, i, t), bit_of(r, v, j, t + 1), -s));
                    least -= fmax(0, s);
                    worst = fmax(worst, -s);
                }
            }
        }
        most += fmax(0, home) + worst;
    }
    *bound = most - least;
    return QN_OK;
}

/* Every customer once; at every place one, none behind an empty one. */
static qn_status add_visits(qn_problem *problem, const route_data *r, uint32_t *list, double *ones)
{
    for (uint32_t i = 0; i < r->customers; i++) {
        uint32_t count = 0;
        for (uint32_t v = 0; v < r->vehicles; v++) {
            for (uint32_t t = 0; t < r->places; t++) {
                ones[count] = 1;
                list[count++] = bit_of(r, v, i, t);
            }
        }
        QN_TRY(qn_qubo_add_square(problem->qubo, list, ones, count, 1, problem->penalty));
        QN_TRY(qn_qubo_add_group(problem->qubo, list, count, 1));
    }
    for (uint32_t v = 0; v < r->vehicles; v++) {
        for (uint32_t t = 0; t < r->places; t++) {
            for (uint32_t i = 0; i < r->customers; i++) {
                for (uint32_t j = 0; j < r->customers; j++) {
                    if (j < i) {
                        QN_TRY(qn_qubo_add_quadratic(problem->qubo, bit_of(r, v, i, t), bit_of(r, v, j, t),
                                                     2 * problem->penalty));
                    }
                    if (t > 0) {
                        QN_TRY(qn_qubo_add_quadratic(problem->qubo, bit_of(r, v, j, t - 1), bit_of(r, v, i, t),
                                                     -problem->penalty));
                    }
                }
                QN_TRY(qn_qubo_add_linear(problem->qubo, bit_of(r, v, i, t), t > 0 ? problem->penalty : 0));
            }
        }
    }
    return QN_OK;
}

static qn_status add_loads(qn_problem *problem, const route_data *r, uint32_t *list, double *weights)
{
    const uint32_t slack = qn__range_bits(r->capacity);
    for (uint32_t v = 0; v < r->vehicles; v++) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < r->customers; i++) {
            for (uint32_t t = 0; t < r->places; t++) {
                weights[count] = (double)r->load[i];
                list[count++] = bit_of(r, v, i, t);
            }
        }
        for (uint32_t b = 0; b < slack; b++) {
            weights[count] = qn__range_weight(r->capacity, b);
            list[count++] = bit_of(r, r->vehicles, 0, 0) + v * slack + b;
        }
        QN_TRY(qn_qubo_add_square(problem->qubo, list, weights, count, (double)r->capacity, problem->penalty));
    }
    return QN_OK;
}

qn_status qn__make_routing(const qn_instance *instance, const qn_problem_options *options, qn_problem *problem)
{
    const qn_places *const p = instance->places;
    QN_CHECK(p->demand != NULL, ERR_ARGUMENT, "'cvrp' needs demands and a capacity (TYPE: CVRP)");
    route_data *r = qn__calloc(1, sizeof *r);
    QN_ALLOC_CHECK(r);
    problem->data = r;
    problem->ops = &route_ops;
    problem->objective_name = "length of all routes";
    r->node = qn__calloc(p->nodes, sizeof *r->node);
    r->load = qn__calloc(p->nodes, sizeof *r->load);
    QN_ALLOC_CHECK(r->node);
    QN_ALLOC_CHECK(r->load);
    QN_TRY(take_customers(r, p, options));
    const uint64_t visits = (uint64_t)r->vehicles * r->customers * r->places;
    QN_CHECK(visits <= 16384, ERR_TOO_LARGE, "%u vehicles and %u customers take %llu bits; at most 16384", r->vehicles,
             r->customers, (unsigned long long)visits);
    problem->slack = r->vehicles * qn__range_bits(r->capacity);
    const uint32_t n = (uint32_t)visits + problem->slack;
    double low = 0, high = 0, bound = 0;
    bool whole = true;
    span(p->distance, p->nodes, &low, &high, &whole);
    (void)snprintf(problem->title, sizeof problem->title, "routes of %u vehicles to %u customers", r->vehicles,
                   r->customers);
    QN_TRY(qn_qubo_create(n, &problem->qubo));
    QN_TRY(add_routes(problem->qubo, r, p, &bound));
    qn__problem_penalise(problem, bound, whole, options);
    uint32_t *list = qn__alloc(n, sizeof *list);
    double *weights = qn__alloc(n, sizeof *weights);
    qn_status status = list != NULL && weights != NULL ? QN_OK : QN_ERR_MEMORY;
    status = status == QN_OK ? add_visits(problem, r, list, weights) : status;
    status = status == QN_OK ? add_loads(problem, r, list, weights) : status;
    qn__free(list);
    qn__free(weights);
    return status;
}
