/* coupling_text.c: coupling maps by name ("grid:3x4") or as a list of edges ("0-1,1-2"). */
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "base/suggest.h"
#include "circuit/passes/coupling.h"

/* Edges while they are collected. */
typedef struct edge_list {
    uint32_t (*edges)[2];
    size_t count, capacity;
} edge_list;

static qn_status add_edge(edge_list *list, uint32_t a, uint32_t b)
{
    QN_CHECK(list->count < QN__COUPLING_EDGES, ERR_TOO_LARGE, "a coupling map of more than %d edges",
             (int)QN__COUPLING_EDGES);
    void *edges = list->edges;
    const qn_status status = qn__grow(&edges, &list->capacity, list->count + 1, sizeof *list->edges);
    list->edges = edges;
    QN_TRY(status);
    list->edges[list->count][0] = a;
    list->edges[list->count++][1] = b;
    return QN_OK;
}

/* A path a, a + 1, ..., a + length - 1. */
static qn_status add_path(edge_list *list, uint32_t first, uint32_t length)
{
    for (uint32_t i = 1; i < length; i++) {
        QN_TRY(add_edge(list, first + i - 1, first + i));
    }
    return QN_OK;
}

static qn_status line(const uint32_t *size, edge_list *list, uint32_t *nqubits)
{
    *nqubits = size[0];
    return add_path(list, 0, size[0]);
}

static qn_status ring(const uint32_t *size, edge_list *list, uint32_t *nqubits)
{
    *nqubits = size[0];
    QN_TRY(add_path(list, 0, size[0]));
    return size[0] > 2 ? add_edge(list, size[0] - 1, 0) : QN_OK;
}

/* Row by row. */
static qn_status grid(const uint32_t *size, edge_list *list, uint32_t *nqubits)
{
    const uint32_t rows = size[0], columns = size[1];
    QN_CHECK((uint64_t)rows * columns <= QN__COUPLING_QUBITS, ERR_TOO_LARGE, "grid:%ux%u has more than %d qubits", rows,
             columns, (int)QN__COUPLING_QUBITS);
    *nqubits = rows * columns;
    for (uint32_t r = 0; r < rows; r++) {
        QN_TRY(add_path(list, r * columns, columns));
        for (uint32_t c = 0; r > 0 && c < columns; c++) {
            QN_TRY(add_edge(list, (r - 1) * columns + c, r * columns + c));
        }
    }
    return QN_OK;
}

/* The lattice of the heavy-hexagon code of odd distance d (Chamberland, Zhu, Yoder, Hertzberg, Cross,
 * arXiv:1907.09528), (5 d^2 - 2 d - 1) / 2 qubits: d rows of 2 d - 1 qubits (data and flags in turn), and between two
 * rows (d + 1) / 2 bridges, at every fourth place: 1, 5, 9, ... and the right end below even rows, the left end and
 * 3, 7, ... below odd ones. Numbered row by row, the bridges below a row after it. */
static qn_status heavy_hex(const uint32_t *size, edge_list *list, uint32_t *nqubits)
{
    const uint32_t d = size[0], row = 2 * d - 1, bridges = (d + 1) / 2, step = row + bridges;
    QN_CHECK(d % 2 == 1, ERR_RANGE, "heavy-hex:%u: the distance must be odd", d);
    const uint64_t total = (5 * (uint64_t)d * d - 2 * (uint64_t)d - 1) / 2;
    QN_CHECK(total <= QN__COUPLING_QUBITS, ERR_TOO_LARGE, "heavy-hex:%u has more than %d qubits", d,
             (int)QN__COUPLING_QUBITS);
    *nqubits = (uint32_t)total;
    for (uint32_t r = 0; r < d; r++) {
        QN_TRY(add_path(list, r * step, row));
        for (uint32_t k = 0; r + 1 < d && k < bridges; k++) {
            const bool even = r % 2 == 0;
            const uint32_t at = even ? (k + 1 < bridges ? 4 * k + 1 : row - 1) : (k > 0 ? 4 * k - 1 : 0);
            const uint32_t bridge = r * step + row + k;
            QN_TRY(add_edge(list, r * step + at, bridge));
            QN_TRY(add_edge(list, bridge, (r + 1) * step + at));
        }
    }
    return QN_OK;
}

/* Qubit 0 in the middle. */
static qn_status star(const uint32_t *size, edge_list *list, uint32_t *nqubits)
{
    *nqubits = size[0];
    for (uint32_t q = 1; q < size[0]; q++) {
        QN_TRY(add_edge(list, 0, q));
    }
    return QN_OK;
}

static qn_status all(const uint32_t *size, edge_list *list, uint32_t *nqubits)
{
    *nqubits = size[0];
    for (uint32_t a = 0; a < size[0]; a++) {
        for (uint32_t b = a + 1; b < size[0]; b++) {
            QN_TRY(add_edge(list, a, b));
        }
    }
    return QN_OK;
}

typedef struct shape {
    const char *name, *form;
    uint32_t sizes;
    qn_status (*make)(const uint32_t *size, edge_list *list, uint32_t *nqubits);
} shape;

static const shape shapes[] = {
    {"line", "line:5", 1, line},   {"ring", "ring:5", 1, ring},
    {"grid", "grid:3x4", 2, grid}, {"heavy-hex", "heavy-hex:7", 1, heavy_hex},
    {"star", "star:5", 1, star},   {"all", "all:5", 1, all},
};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

static const char *shape_name(const void *user, size_t index)
{
    (void)user;
    return shapes[index].name;
}

/* Digits at *cursor, moved past them; false when there are none or the number is beyond any map. */
static bool read_number(const char **cursor, uint32_t *out)
{
    const char *p = *cursor;
    uint32_t value = 0;
    for (; *p >= '0' && *p <= '9'; p++) {
        value = value * 10 + (uint32_t)(*p - '0');
        if (value > QN__COUPLING_QUBITS) {
            return false;
        }
    }
    const bool found = p != *cursor;
    *cursor = p;
    *out = value;
    return found;
}

static qn_status read_shape(const char *text, const char *colon, edge_list *list, uint32_t *nqubits)
{
    char name[16] = "";
    const size_t length = (size_t)(colon - text);
    const shape *found = NULL;
    if (length < sizeof name) {
        memcpy(name, text, length);
        name[length] = '\0';
        for (size_t i = 0; i < SHAPES; i++) {
            found = strcmp(shapes[i].name, name) == 0 ? &shapes[i] : found;
        }
    }
    if (found == NULL) {
        const char *near = qn__suggest(name, SHAPES, shape_name, NULL);
        return QN_FAIL(ERR_NAME, "coupling '%.80s': no such shape%s%s%s; known: line, ring, grid, heavy-hex, star, all",
                       text, near != NULL ? ", did you mean '" : "", near != NULL ? near : "",
                       near != NULL ? "'?" : "");
    }
    uint32_t size[2] = {0, 0};
    const char *cursor = colon + 1;
    bool good = true;
    for (uint32_t i = 0; i < found->sizes && good; i++) {
        good = (i == 0 || *cursor++ == 'x') && read_number(&cursor, &size[i]) && size[i] >= 1;
    }
    QN_CHECK(good && *cursor == '\0', ERR_PARSE, "coupling '%.80s': expected for example '%s', sizes 1..%d", text,
             found->form, (int)QN__COUPLING_QUBITS);
    return found->make(size, list, nqubits);
}

static qn_status read_edges(const char *text, edge_list *list, uint32_t *nqubits)
{
    const char *cursor = text;
    for (;;) {
        uint32_t a = 0, b = 0;
        const size_t column = (size_t)(cursor - text) + 1;
        QN_CHECK(read_number(&cursor, &a) && *cursor == '-', ERR_PARSE,
                 "coupling '%.80s', column %zu: expected an edge like 0-1, qubits below %d", text, column,
                 (int)QN__COUPLING_QUBITS);
        cursor++;
        QN_CHECK(read_number(&cursor, &b) && (*cursor == ',' || *cursor == '\0'), ERR_PARSE,
                 "coupling '%.80s', column %zu: expected an edge like 0-1, then ',' or the end", text, column);
        QN_TRY(add_edge(list, a, b));
        const uint32_t top = a > b ? a : b;
        *nqubits = top + 1 > *nqubits ? top + 1 : *nqubits;
        if (*cursor++ == '\0') {
            return QN_OK;
        }
    }
}

qn_status qn_coupling_from_text(const char *text, qn_coupling **out)
{
    QN_CHECK(text != NULL && out != NULL, ERR_ARGUMENT, "text or result pointer is NULL");
    edge_list list = {NULL, 0, 0};
    uint32_t nqubits = 0;
    const char *colon = strchr(text, ':');
    qn_status status = colon != NULL ? read_shape(text, colon, &list, &nqubits) : read_edges(text, &list, &nqubits);
    if (status == QN_OK) {
        status = qn_coupling_create(nqubits, (const uint32_t(*)[2])list.edges, list.count, out);
    }
    qn__free(list.edges);
    return status;
}
