/* pauli_json.c: Pauli sums written as JSON: an object with "terms", a list of pairs, or an object from label to
 * coefficient. */
#include <quern/format.h>

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/suggest.h"
#include "format/json_locate.h"
#include "format/pauli_terms.h"

/* Where the reader is: the path to a value, of which messages count line and column. */
typedef struct place {
    const qn__source *file;
    qn__json_step steps[4];
    size_t depth;
} place;

typedef struct reader {
    const qn__source *file;
    qn__pauli_terms terms;
    bool listed; /* the terms are under "terms" */
} reader;

static size_t offset_of(const place *at)
{
    return qn__json_locate(at->file->text, at->file->length, at->file->start, at->steps, at->depth);
}

static void push(place *at, const char *key, size_t index)
{
    at->steps[at->depth++] = (qn__json_step){key, index};
}

/* The place of term `index`, or of its key where terms are members. */
static place place_of_term(const reader *r, size_t index)
{
    place at = {.file = r->file};
    if (r->listed) {
        push(&at, "terms", 0);
    }
    push(&at, NULL, index);
    return at;
}

#define FAIL_AT(at, ...) QN_PARSE_FAIL((at)->file, offset_of(at), __VA_ARGS__)

static const char *type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "a list";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
    case JSON_REAL:
        return "a number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "true or false";
    case JSON_NULL:
        break;
    }
    return "null";
}

/* In a label the offset 0 is the quote's successor in the file; the label's own source translates through this. */
static size_t locate_in_label(const void *user, size_t offset)
{
    const place *const at = user;
    return offset_of(at) + 1 + offset;
}

/* Reads the label at `at` (its place, of the string or the key). */
static qn_status read_label(reader *r, const place *at, const char *label, qn__pauli_term *term)
{
    const qn__source source = {.text = label,
                               .length = strlen(label),
                               .name = r->file->name,
                               .outer = r->file,
                               .locate = locate_in_label,
                               .user = at};
    qn__cursor cursor = {&source, 0, source.length};
    bool found = false;
    qn__cursor_skip_blanks(&cursor);
    QN_TRY(qn__pauli_string_read(&r->terms, &cursor, term, &found));
    qn__cursor_skip_blanks(&cursor);
    if (qn__cursor_peek(&cursor) >= 0) {
        char quote[QN__QUOTE];
        return QN_PARSE_FAIL(&source, cursor.at,
                             "expected a Pauli string such as \"ZZ\" or \"X0 X1\" and nothing else, got %s",
                             qn__cursor_quote(&cursor, cursor.at, quote));
    }
    return QN_OK;
}

static qn_status read_coefficient(const place *at, const json_t *value, qn_complex *out)
{
    if (json_is_number(value)) {
        *out = (qn_complex){json_number_value(value), 0};
        return QN_OK;
    }
    if (json_is_array(value) && json_array_size(value) == 2 && json_is_number(json_array_get(value, 0)) &&
        json_is_number(json_array_get(value, 1))) {
        *out = (qn_complex){json_number_value(json_array_get(value, 0)), json_number_value(json_array_get(value, 1))};
        return QN_OK;
    }
    return FAIL_AT(at, "the coefficient is %s; expected a number or [real, imaginary]", type_name(value));
}

/* Adds a term whose label and coefficient stand at the two places. */
static qn_status add_term(reader *r, size_t index, const place *label_at, const char *label, const place *value_at,
                          const json_t *value)
{
    qn__pauli_term term;
    qn_complex coefficient;
    QN_TRY(read_label(r, label_at, label, &term));
    QN_TRY(read_coefficient(value_at, value, &coefficient));
    term.coefficient = coefficient;
    term.offset = index;
    return qn__pauli_terms_add(&r->terms, &term);
}

/* ["ZZ", -1.0] */
static qn_status read_pair(reader *r, size_t index, const json_t *pair)
{
    const place at = place_of_term(r, index);
    if (json_array_size(pair) != 2) {
        return FAIL_AT(&at, "terms[%zu] is a list of %zu; expected [\"label\", coefficient]", index,
                       json_array_size(pair));
    }
    place label_at = at, value_at = at;
    push(&label_at, NULL, 0);
    push(&value_at, NULL, 1);
    const json_t *const label = json_array_get(pair, 0);
    if (!json_is_string(label)) {
        return FAIL_AT(&label_at, "terms[%zu]: the label is %s; expected a string such as \"ZZ\"", index,
                       type_name(label));
    }
    return add_term(r, index, &label_at, json_string_value(label), &value_at, json_array_get(pair, 1));
}

static const char *name_of(const void *names, size_t index)
{
    return ((const char *const *)names)[index];
}

static qn_status fail_key(const place *at, const char *key, size_t count, const char *const *names,
                          const char *expected)
{
    const char *const near = qn__suggest(key, count, name_of, names);
    return FAIL_AT(at, "unknown key \"%.40s\"; expected %s%s%s%s", key, expected,
                   near != NULL ? "; did you mean \"" : "", near != NULL ? near : "", near != NULL ? "\"?" : "");
}

/* Refuses members not named in `names`. */
static qn_status check_keys(const place *at, const json_t *object, size_t count, const char *const *names,
                            const char *expected)
{
    size_t index = 0;
    json_t *const walked = json_incref((json_t *)(uintptr_t)object); /* jansson iterates over non-const objects only */
    qn_status status = QN_OK;
    for (void *it = json_object_iter(walked); it != NULL && status == QN_OK; it = json_object_iter_next(walked, it)) {
        const char *const key = json_object_iter_key(it);
        bool known = false;
        for (size_t i = 0; i < count; i++) {
            known = known || strcmp(key, names[i]) == 0;
        }
        if (!known) {
            place key_at = *at;
            push(&key_at, NULL, index);
            status = fail_key(&key_at, key, count, names, expected);
        }
        index++;
    }
    json_decref(walked);
    return status;
}

/* {"pauli": "ZZ", "coefficient": -1.0} */
static qn_status read_object(reader *r, size_t index, const json_t *object)
{
    static const char *const names[] = {"pauli", "coefficient"};
    const place at = place_of_term(r, index);
    QN_TRY(check_keys(&at, object, 2, names, "\"pauli\" and \"coefficient\""));
    const json_t *const label = json_object_get(object, "pauli");
    const json_t *const value = json_object_get(object, "coefficient");
    if (label == NULL || value == NULL) {
        return FAIL_AT(&at, "terms[%zu] has no \"%s\"; expected {\"pauli\": \"ZZ\", \"coefficient\": -1.0}", index,
                       names[label != NULL]);
    }
    place label_at = at, value_at = at;
    push(&label_at, "pauli", 0);
    push(&value_at, "coefficient", 0);
    if (!json_is_string(label)) {
        return FAIL_AT(&label_at, "terms[%zu]: the label is %s; expected a string such as \"ZZ\"", index,
                       type_name(label));
    }
    return add_term(r, index, &label_at, json_string_value(label), &value_at, value);
}

static qn_status read_list(reader *r, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *const item = json_array_get(list, i);
        if (json_is_array(item)) {
            QN_TRY(read_pair(r, i, item));
        } else if (json_is_object(item)) {
            QN_TRY(read_object(r, i, item));
        } else {
            const place at = place_of_term(r, i);
            return FAIL_AT(&at, "terms[%zu] is %s; expected [\"label\", coefficient] or an object", i, type_name(item));
        }
    }
    return QN_OK;
}

/* {"ZZ": -1.0, …} */
static qn_status read_members(reader *r, json_t *object)
{
    size_t index = 0;
    for (void *it = json_object_iter(object); it != NULL; it = json_object_iter_next(object, it)) {
        const char *const key = json_object_iter_key(it);
        const place label_at = place_of_term(r, index);
        place value_at = {.file = r->file};
        push(&value_at, key, 0);
        QN_TRY(add_term(r, index, &label_at, key, &value_at, json_object_iter_value(it)));
        index++;
    }
    return QN_OK;
}

static qn_status read_qubits(reader *r, const json_t *value)
{
    place at = {.file = r->file};
    push(&at, "qubits", 0);
    const double number = json_is_number(value) ? json_number_value(value) : -1;
    if (!(number >= 1) || number != floor(number) || number > QN__PAULI_QUBITS) {
        return FAIL_AT(&at, "\"qubits\": expected a whole number from 1 to %d", QN__PAULI_QUBITS);
    }
    r->terms.nqubits = (uint32_t)number;
    return QN_OK;
}

/* {"qubits": n, "terms": […]} */
static qn_status read_document(reader *r, const json_t *root)
{
    static const char *const names[] = {"terms", "qubits", "name", "comment"};
    const place at = {.file = r->file};
    QN_TRY(check_keys(&at, root, 4, names, "\"qubits\", \"terms\", \"name\" or \"comment\""));
    const json_t *const qubits = json_object_get(root, "qubits");
    if (qubits != NULL) {
        QN_TRY(read_qubits(r, qubits));
    }
    const json_t *const list = json_object_get(root, "terms");
    place list_at = at;
    push(&list_at, "terms", 0);
    if (list == NULL) {
        return FAIL_AT(&at, "\"terms\" is missing; expected {\"qubits\": 2, \"terms\": [[\"ZZ\", -1.0]]}");
    }
    if (!json_is_array(list)) {
        return FAIL_AT(&list_at, "\"terms\" is %s; expected a list", type_name(list));
    }
    r->listed = true;
    return read_list(r, list);
}

static qn_status read_root(reader *r, json_t *root)
{
    if (json_is_array(root)) {
        return read_list(r, root);
    }
    if (json_is_object(root) && (json_object_get(root, "terms") != NULL || json_object_get(root, "qubits") != NULL)) {
        return read_document(r, root);
    }
    if (json_is_object(root)) {
        return read_members(r, root);
    }
    return QN_PARSE_FAIL(r->file, r->file->start, "this is %s; expected an object or a list of terms", type_name(root));
}

/* Offsets of the terms, found in one walk a term only when a message needs one. */
static size_t locate_term(const void *user, size_t offset)
{
    const place at = place_of_term(user, offset);
    return offset_of(&at);
}

static qn_status build(const reader *r, const qn__pauli_request *request, qn_pauli_sum **out)
{
    if (r->terms.nterms == 0 && r->terms.nqubits == 0) {
        return QN_PARSE_FAIL(r->file, r->file->start, "no terms; expected a Pauli sum such as [[\"ZZ\", -1.0]]");
    }
    const qn__source source = {.text = "", .name = r->file->name, .outer = r->file, .locate = locate_term, .user = r};
    return qn__pauli_terms_build(&r->terms, &source, request, out);
}

/* jansson's position is behind the word that it quotes at the end of its message; ours is at its start. */
static qn_status fail_syntax(const qn__source *source, const json_error_t *error)
{
    size_t offset = source->start + (error->position > 0 ? (size_t)error->position : 0);
    const char *const near = strstr(error->text, " near '");
    const size_t quoted = near != NULL ? strlen(near + 7) : 0;
    if (quoted > 1 && quoted - 1 <= offset - source->start) {
        offset -= quoted - 1;
    }
    return QN_PARSE_FAIL(source, offset, "%s; expected JSON", error->text);
}

qn_status qn__pauli_json_read(const char *text, size_t length, const char *name, const qn__pauli_request *request,
                              qn_pauli_sum **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the sum is needed");
    qn__source source;
    QN_TRY(qn__source_open(&source, text, length, name));
    json_error_t error;
    json_t *const root = json_loadb(source.text + source.start, length - source.start,
                                    JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL | JSON_DECODE_ANY, &error);
    if (root == NULL) {
        if (json_error_code(&error) == json_error_out_of_memory) {
            return QN_FAIL(ERR_MEMORY, "%s: no memory to read JSON", source.name);
        }
        return fail_syntax(&source, &error);
    }
    reader r = {.file = &source, .terms = QN__PAULI_TERMS_INIT};
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(read_root(&r, root));
    QN_TRY_CLEANUP(build(&r, request, out));
cleanup:
    qn__pauli_terms_clear(&r.terms);
    json_decref(root);
    return status;
}

qn_status qn_read_pauli_json(const char *text, size_t length, const char *name, qn_pauli_sum **out)
{
    const qn__pauli_request request = {.limit = QN__READ_LIMIT};
    return qn__pauli_json_read(text, length, name, &request, out);
}
