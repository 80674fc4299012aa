/* tsplib.c: keys and sections of TSPLIB files: symmetric tours and capacitated vehicle routing. Asymmetric problems
 * (ATSP) and other types are refused by name. */
#include "format/instance/tsplib.h"

#include <string.h>

#include "base/alloc.h"

/* The value behind ':' up to the line's end, trimmed. */
static void read_value(qn__cursor *cursor, size_t *start, size_t *length)
{
    qn__cursor_skip_blanks(cursor);
    *start = cursor->at;
    qn__cursor_skip_line(cursor);
    size_t end = cursor->at;
    while (end > *start && qn__is_blank(cursor->source->text[end - 1])) {
        end--;
    }
    *length = end - *start;
}

static bool is(const qn__tsplib *t, size_t start, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(t->cursor.source->text + start, word, length) == 0;
}

static qn_status unknown_value(const qn__tsplib *t, size_t at, const char *key, const char *expected)
{
    char quote[QN__QUOTE];
    return QN_PARSE_FAIL(t->cursor.source, at, "%s is %s; expected %s", key, qn__cursor_quote(&t->cursor, at, quote),
                         expected);
}

static qn_status take_type(qn__tsplib *t, size_t at, size_t length)
{
    t->where_type = at;
    t->routing = is(t, at, length, "CVRP");
    if (is(t, at, length, "ATSP")) {
        return QN_PARSE_FAIL(t->cursor.source, at,
                             "asymmetric problems (ATSP) are not supported; expected TSP or CVRP");
    }
    /* some files write "TSP (M.~Hofmeister)" behind the word */
    const bool tour = length >= 3 && memcmp(t->cursor.source->text + at, "TSP", 3) == 0 &&
                      (length == 3 || t->cursor.source->text[at + 3] == ' ');
    return t->routing || tour ? QN_OK : unknown_value(t, at, "TYPE", "TSP or CVRP");
}

static qn_status take_weights(qn__tsplib *t, size_t at, size_t length)
{
    static const char *const names[] = {NULL, "EXPLICIT", "EUC_2D", "MAX_2D", "MAN_2D", "CEIL_2D", "GEO", "ATT"};
    t->where_weights = at;
    for (size_t k = 1; k < sizeof names / sizeof *names; k++) {
        if (is(t, at, length, names[k])) {
            t->weights = (qn__weights)k;
            return QN_OK;
        }
    }
    return unknown_value(t, at, "EDGE_WEIGHT_TYPE", "EXPLICIT, EUC_2D, MAX_2D, MAN_2D, CEIL_2D, GEO or ATT");
}

static qn_status take_form(qn__tsplib *t, size_t at, size_t length)
{
    t->form = qn__tsplib_form(t->cursor.source->text + at, length);
    return t->form != NULL || is(t, at, length, "FUNCTION")
               ? QN_OK
               : unknown_value(t, at, "EDGE_WEIGHT_FORMAT", "FULL_MATRIX or UPPER/LOWER[_DIAG]_ROW/COL (or FUNCTION)");
}

static qn_status take_name(qn__tsplib *t, size_t at, size_t length)
{
    qn__free(t->name);
    t->name = qn__alloc(length + 1, 1);
    QN_ALLOC_CHECK(t->name);
    memcpy(t->name, t->cursor.source->text + at, length);
    t->name[length] = '\0';
    return QN_OK;
}

static qn_status read_key_value(qn__tsplib *t, size_t key, size_t key_length)
{
    qn__cursor *const c = &t->cursor;
    size_t at = 0, length = 0;
    qn__cursor_skip_blanks(c);
    if (is(t, key, key_length, "DIMENSION")) {
        QN_TRY(qn__scan_whole(c, "DIMENSION", 2, QN__MOST_PLACES, &t->nodes));
        return qn__scan_expect_end(c, "DIMENSION");
    }
    if (is(t, key, key_length, "CAPACITY")) {
        QN_TRY(qn__scan_number(c, "CAPACITY", &t->capacity));
        t->has_capacity = true;
        return t->capacity > 0 ? qn__scan_expect_end(c, "CAPACITY")
                               : QN_PARSE_FAIL(c->source, key, "CAPACITY is %g; expected more than 0", t->capacity);
    }
    read_value(c, &at, &length);
    if (is(t, key, key_length, "NAME")) {
        return take_name(t, at, length);
    }
    if (is(t, key, key_length, "TYPE")) {
        return take_type(t, at, length);
    }
    if (is(t, key, key_length, "EDGE_WEIGHT_TYPE")) {
        return take_weights(t, at, length);
    }
    if (is(t, key, key_length, "EDGE_WEIGHT_FORMAT")) {
        return take_form(t, at, length);
    }
    if (is(t, key, key_length, "NODE_COORD_TYPE")) {
        return is(t, at, length, "TWOD_COORDS") || is(t, at, length, "NO_COORDS")
                   ? QN_OK
                   : unknown_value(t, at, "NODE_COORD_TYPE", "TWOD_COORDS or NO_COORDS");
    }
    const bool remark = is(t, key, key_length, "COMMENT") || is(t, key, key_length, "DISPLAY_DATA_TYPE");
    return remark ? QN_OK
                  : unknown_value(t, key, "a key",
                                  "NAME, TYPE, COMMENT, DIMENSION, CAPACITY, EDGE_WEIGHT_TYPE, EDGE_WEIGHT_FORMAT, "
                                  "NODE_COORD_TYPE or DISPLAY_DATA_TYPE");
}

static qn_status need_nodes(const qn__tsplib *t, const char *section, size_t at)
{
    return t->nodes > 0 ? QN_OK : QN_PARSE_FAIL(t->cursor.source, at, "%s before DIMENSION", section);
}

/* One line a node: its number and `per` more numbers. Every node exactly once. */
static qn_status read_nodes(qn__tsplib *t, const char *what, size_t section, unsigned per, double **first,
                            double **second)
{
    qn__cursor *const c = &t->cursor;
    const size_t n = (size_t)t->nodes;
    qn_status status = QN_OK;
    if (*first != NULL) {
        return QN_PARSE_FAIL(c->source, section, "%s stands twice", what);
    }
    if (t->nodes > c->end - c->at) { /* a line each: a short file does not get large arrays */
        return QN_PARSE_FAIL(c->source, c->at, "%zu lines of %s are needed, more than the rest of the file can hold", n,
                             what);
    }
    bool *seen = qn__calloc(n, sizeof *seen);
    double *values = qn__calloc(n * per, sizeof *values);
    if (seen == NULL || values == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (size_t k = 0; k < n; k++) {
        uint64_t node = 0;
        if (!qn__scan_word(c)) {
            status = QN_PARSE_FAIL(c->source, c->at, "%s ends after %zu of %zu nodes", what, k, n);
            goto cleanup;
        }
        const size_t line = c->at;
        QN_TRY_CLEANUP(qn__scan_whole(c, "the node", 1, t->nodes, &node));
        if (seen[node - 1]) {
            status = QN_PARSE_FAIL(c->source, line, "node %llu stands twice in %s", (unsigned long long)node, what);
            goto cleanup;
        }
        seen[node - 1] = true;
        for (unsigned p = 0; p < per; p++) {
            QN_TRY_CLEANUP(qn__scan_number(c, per == 2 ? "a coordinate" : "a demand", &values[p * n + node - 1]));
        }
        QN_TRY_CLEANUP(qn__scan_expect_end(c, "the node"));
    }
    *first = values;
    if (second != NULL) {
        *second = values + n;
    }
    values = NULL;
cleanup:
    qn__free(seen);
    qn__free(values);
    return status;
}

static qn_status read_depots(qn__tsplib *t)
{
    qn__cursor *const c = &t->cursor;
    if (!qn__scan_word(c)) {
        return QN_PARSE_FAIL(c->source, c->at, "the file ends in DEPOT_SECTION; expected the depot and -1");
    }
    QN_TRY(qn__scan_whole(c, "the depot", 1, t->nodes, &t->depot));
    t->has_depot = true;
    const bool more = qn__scan_word(c);
    if (!more || qn__cursor_peek(c) != '-' || qn__cursor_ahead(c, 1) != '1') {
        return QN_PARSE_FAIL(c->source, c->at, "more than one depot, or no -1 behind it; expected one depot and -1");
    }
    c->at += 2;
    return qn__scan_expect_end(c, "-1");
}

static qn_status read_section(qn__tsplib *t, size_t key, size_t length)
{
    double *unused = NULL;
    if (is(t, key, length, "NODE_COORD_SECTION")) {
        QN_TRY(need_nodes(t, "NODE_COORD_SECTION", key));
        return read_nodes(t, "NODE_COORD_SECTION", key, 2, &t->x, &t->y);
    }
    if (is(t, key, length, "DISPLAY_DATA_SECTION")) {
        QN_TRY(need_nodes(t, "DISPLAY_DATA_SECTION", key));
        return read_nodes(t, "DISPLAY_DATA_SECTION", key, 2, &t->display_x, &t->display_y);
    }
    if (is(t, key, length, "DEMAND_SECTION")) {
        QN_TRY(need_nodes(t, "DEMAND_SECTION", key));
        return read_nodes(t, "DEMAND_SECTION", key, 1, &t->demand, &unused);
    }
    if (is(t, key, length, "DEPOT_SECTION")) {
        QN_TRY(need_nodes(t, "DEPOT_SECTION", key));
        return read_depots(t);
    }
    if (is(t, key, length, "EDGE_WEIGHT_SECTION")) {
        QN_TRY(need_nodes(t, "EDGE_WEIGHT_SECTION", key));
        if (t->weights != QN__WEIGHTS_EXPLICIT || t->form == NULL || t->distance != NULL) {
            return QN_PARSE_FAIL(t->cursor.source, key,
                                 t->distance != NULL ? "EDGE_WEIGHT_SECTION stands twice"
                                                     : "EDGE_WEIGHT_SECTION needs EDGE_WEIGHT_TYPE: EXPLICIT and an "
                                                       "EDGE_WEIGHT_FORMAT before it");
        }
        return qn__tsplib_matrix(t);
    }
    return unknown_value(t, key, "a section",
                         "NODE_COORD_SECTION, EDGE_WEIGHT_SECTION, DISPLAY_DATA_SECTION, DEMAND_SECTION, DEPOT_SECTION "
                         "or EOF");
}

static qn_status read_file(qn__tsplib *t)
{
    qn__cursor *const c = &t->cursor;
    while (qn__scan_word(c)) {
        const size_t key = c->at;
        while (qn__is_letter(qn__cursor_peek(c)) || qn__is_digit(qn__cursor_peek(c)) || qn__cursor_peek(c) == '_') {
            c->at++;
        }
        const size_t length = c->at - key;
        qn__cursor_skip_blanks(c);
        if (is(t, key, length, "EOF")) {
            return QN_OK;
        }
        if (qn__cursor_peek(c) == ':') {
            c->at++;
            const bool section = length > 8 && memcmp(c->source->text + key + length - 8, "_SECTION", 8) == 0;
            QN_TRY(section ? read_section(t, key, length) : read_key_value(t, key, length));
        } else {
            QN_TRY(read_section(t, key, length));
        }
    }
    return QN_OK;
}

static qn_status check(qn__tsplib *t)
{
    const qn__source *const source = t->cursor.source;
    const size_t end = source->length;
    if (t->nodes == 0) {
        return QN_PARSE_FAIL(source, end, "the file ends without DIMENSION");
    }
    if (t->weights == QN__WEIGHTS_NONE) {
        return QN_PARSE_FAIL(source, end, "the file ends without EDGE_WEIGHT_TYPE");
    }
    if (t->weights == QN__WEIGHTS_EXPLICIT && t->distance == NULL) {
        return QN_PARSE_FAIL(source, end, "the file ends without EDGE_WEIGHT_SECTION, which EXPLICIT weights need");
    }
    if (t->weights != QN__WEIGHTS_EXPLICIT && t->x == NULL) {
        return QN_PARSE_FAIL(source, end, "the file ends without NODE_COORD_SECTION");
    }
    if (t->routing != (t->demand != NULL) || t->routing != t->has_capacity) {
        return QN_PARSE_FAIL(source, t->where_type,
                             t->routing ? "a CVRP needs CAPACITY and DEMAND_SECTION"
                                        : "CAPACITY and DEMAND_SECTION belong to TYPE: CVRP only");
    }
    for (uint64_t i = 0; t->routing && i < t->nodes; i++) {
        if (t->demand[i] < 0 || t->demand[i] > t->capacity) {
            return QN_PARSE_FAIL(source, t->where_type, "the demand %g of node %llu; expected 0 to the capacity %g",
                                 t->demand[i], (unsigned long long)i + 1, t->capacity);
        }
    }
    if (t->routing && t->demand[t->has_depot ? t->depot - 1 : 0] != 0) {
        return QN_PARSE_FAIL(source, t->where_type, "the depot has a demand of %g; expected 0",
                             t->demand[t->has_depot ? t->depot - 1 : 0]);
    }
    return t->distance == NULL ? qn__tsplib_measure(t) : QN_OK;
}

/* Hands over what was read. */
static qn_status build(qn__tsplib *t, qn_instance *out)
{
    qn_places *places = qn__calloc(1, sizeof *places);
    QN_ALLOC_CHECK(places);
    out->places = places;
    const bool display = t->x == NULL;
    places->nodes = (uint32_t)t->nodes;
    places->distance = t->distance;
    places->x = display ? t->display_x : t->x;
    places->y = display ? t->display_y : t->y;
    places->demand = t->demand;
    places->capacity = t->capacity;
    places->depot = t->has_depot ? (uint32_t)t->depot - 1 : 0;
    t->distance = t->demand = NULL;
    *(display ? &t->display_x : &t->x) = NULL;
    if (t->name != NULL) {
        out->name = t->name;
        t->name = NULL;
    }
    return QN_OK;
}

void qn__places_free(qn_places *places)
{
    if (places != NULL) {
        qn__free(places->distance);
        qn__free(places->x); /* y follows x */
        qn__free(places->demand);
        qn__free(places);
    }
}

qn_status qn__read_tsplib(const qn__source *source, qn_instance *out)
{
    qn__tsplib t = {.cursor = {source, source->start, source->length}};
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(read_file(&t));
    QN_TRY_CLEANUP(check(&t));
    QN_TRY_CLEANUP(build(&t, out));
cleanup:
    qn__free(t.x);
    qn__free(t.display_x);
    qn__free(t.demand);
    qn__free(t.distance);
    qn__free(t.name);
    return status;
}
