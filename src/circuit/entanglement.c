/* entanglement.c: entanglement maps as lists of pairs, in the order of Qiskit's get_entangler_map. */
#include "circuit/entanglement.h"

#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "base/suggest.h"

static const char *const names[] = {
    [QN_ENTANGLEMENT_FULL] = "full",
    [QN_ENTANGLEMENT_LINEAR] = "linear",
    [QN_ENTANGLEMENT_REVERSE_LINEAR] = "reverse_linear",
    [QN_ENTANGLEMENT_CIRCULAR] = "circular",
    [QN_ENTANGLEMENT_PAIRWISE] = "pairwise",
    [QN_ENTANGLEMENT_SCA] = "sca",
    [QN_ENTANGLEMENT_PAIRS] = "pairs",
};

enum { NAMES = sizeof names / sizeof names[0] };

const char *qn_entanglement_name(qn_entanglement entanglement)
{
    return (unsigned)entanglement < NAMES ? names[entanglement] : "unknown";
}

static const char *name_at(const void *user, size_t index)
{
    (void)user;
    return names[index];
}

qn_status qn_entanglement_from_name(const char *name, qn_entanglement *out)
{
    QN_CHECK(name != NULL && out != NULL, ERR_ARGUMENT, "name or result pointer is NULL");
    for (size_t i = 0; i < NAMES; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (qn_entanglement)i;
            return QN_OK;
        }
    }
    const char *nearest = qn__suggest(name, NAMES, name_at, NULL);
    if (nearest != NULL) {
        return QN_FAIL(ERR_NAME, "no entanglement is called \"%.64s\"; did you mean \"%s\"?", name, nearest);
    }
    return QN_FAIL(ERR_NAME,
                   "no entanglement is called \"%.64s\"; there are full, linear, reverse_linear, circular, pairwise, "
                   "sca and pairs",
                   name);
}

static size_t fill_full(uint32_t n, qn__pair *pairs)
{
    size_t count = 0;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = i + 1; j < n; j++) {
            pairs[count++] = (qn__pair){i, j};
        }
    }
    return count;
}

static size_t fill_linear(uint32_t n, bool reversed, qn__pair *pairs)
{
    for (uint32_t i = 0; i + 1 < n; i++) {
        pairs[reversed ? n - 2 - i : i] = (qn__pair){i, i + 1};
    }
    return n - 1;
}

/* Two qubits have one link, not the same one twice. */
static size_t fill_circular(uint32_t n, qn__pair *pairs)
{
    size_t count = 0;
    if (n > 2) {
        pairs[count++] = (qn__pair){n - 1, 0};
    }
    return count + fill_linear(n, false, pairs + count);
}

static size_t fill_pairwise(uint32_t n, qn__pair *pairs)
{
    size_t count = 0;
    for (uint32_t first = 0; first < 2; first++) {
        for (uint32_t i = first; i + 1 < n; i += 2) {
            pairs[count++] = (qn__pair){i, i + 1};
        }
    }
    return count;
}

/* Shifted circular alternating (Sim, Johnson, Aspuru-Guzik, arXiv:1905.10876): each repetition starts one link earlier
 * in the circle, and every second one has control and target exchanged. */
static size_t fill_sca(uint32_t n, uint32_t rep, qn__pair *pairs)
{
    const size_t count = fill_circular(n, pairs);
    for (uint32_t shift = rep % (uint32_t)count; shift > 0; shift--) {
        const qn__pair last = pairs[count - 1];
        memmove(pairs + 1, pairs, (count - 1) * sizeof *pairs);
        pairs[0] = last;
    }
    for (size_t i = 0; rep % 2 == 1 && i < count; i++) {
        pairs[i] = (qn__pair){pairs[i].b, pairs[i].a};
    }
    return count;
}

qn_status qn__entanglement_pairs(qn_entanglement map, uint32_t nqubits, uint32_t rep, qn__pair **out, size_t *count)
{
    const uint64_t n = nqubits;
    const uint64_t most = map == QN_ENTANGLEMENT_FULL ? n * (n == 0 ? 0 : n - 1) / 2 : n;
    qn__pair *pairs = qn__alloc((size_t)most, sizeof *pairs);
    QN_ALLOC_CHECK(pairs);
    size_t got = 0;
    if (nqubits >= 2) {
        switch (map) {
        case QN_ENTANGLEMENT_FULL:
            got = fill_full(nqubits, pairs);
            break;
        case QN_ENTANGLEMENT_LINEAR:
            got = fill_linear(nqubits, false, pairs);
            break;
        case QN_ENTANGLEMENT_REVERSE_LINEAR:
            got = fill_linear(nqubits, true, pairs);
            break;
        case QN_ENTANGLEMENT_CIRCULAR:
            got = fill_circular(nqubits, pairs);
            break;
        case QN_ENTANGLEMENT_PAIRWISE:
            got = fill_pairwise(nqubits, pairs);
            break;
        case QN_ENTANGLEMENT_SCA:
            got = fill_sca(nqubits, rep, pairs);
            break;
        case QN_ENTANGLEMENT_PAIRS:
        default:
            qn__free(pairs);
            return QN_FAIL(ERR_RANGE, "entanglement %d has no map of its own", (int)map);
        }
    }
    *out = pairs;
    *count = got;
    return QN_OK;
}

qn_status qn__entanglement_color(uint32_t nqubits, qn__pair *pairs, size_t count)
{
    if (count == 0) {
        return QN_OK;
    }
    qn_status status = QN_OK;
    uint32_t *degree = qn__calloc(nqubits, sizeof *degree), *color = qn__alloc(count, sizeof *color);
    qn__pair *sorted = qn__alloc(count, sizeof *sorted);
    uint64_t *used = NULL; /* per qubit a mask of colours */
    if (degree == NULL || color == NULL || sorted == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    uint32_t largest = 0;
    for (size_t i = 0; i < count; i++) {
        degree[pairs[i].a]++;
        degree[pairs[i].b]++;
        largest = degree[pairs[i].a] > largest ? degree[pairs[i].a] : largest;
        largest = degree[pairs[i].b] > largest ? degree[pairs[i].b] : largest;
    }
    /* Greedy needs at most 2 * largest - 1 colours: so many at most are taken at the two ends, and one is for itself.
     */
    const size_t words = ((size_t)largest * 2 + 63) / 64;
    used = qn__calloc(nqubits, words * sizeof *used);
    if (used == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    uint32_t ncolors = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t *a = used + words * pairs[i].a, *b = used + words * pairs[i].b;
        uint32_t c = 0;
        while (qn__bit(a, c) || qn__bit(b, c)) {
            c++;
        }
        qn__bit_set(a, c);
        qn__bit_set(b, c);
        color[i] = c;
        ncolors = c >= ncolors ? c + 1 : ncolors;
    }
    size_t next = 0;
    for (uint32_t c = 0; c < ncolors; c++) {
        for (size_t i = 0; i < count; i++) {
            if (color[i] == c) {
                sorted[next++] = pairs[i];
            }
        }
    }
    memcpy(pairs, sorted, count * sizeof *pairs);
cleanup:
    qn__free(degree);
    qn__free(color);
    qn__free(sorted);
    qn__free(used);
    return status;
}
