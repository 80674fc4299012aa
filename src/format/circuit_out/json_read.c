/* json_read.c: a circuit from JSON: the document, its symbols, variables and expressions. Strict: a key that is not
 * known is refused, and every failure has a line and a column. */
#include <quern/qasm.h>

#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/suggest.h"
#include "circuit/store.h"
#include "format/circuit_out/json_read.h"
#include "format/circuit_out/json_words.h"

static const char *word_at(const void *words, size_t index)
{
    return ((const char *const *)words)[index];
}

/* The index of a word in a list. */
static qn_status find_word(const qn__json_place *at, const json_t *value, const char *what, const char *const *words,
                           size_t count, unsigned *out)
{
    if (!json_is_string(value)) {
        return QN_JSON_FAIL(at, "this is %s; expected the name of a %s, such as \"%s\"", qn__json_kind_name(value),
                            what, words[1]);
    }
    const char *const word = json_string_value(value);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], word) == 0) {
            *out = (unsigned)i;
            return QN_OK;
        }
    }
    const char *const near = qn__suggest(word, count, word_at, words);
    return QN_JSON_FAIL(at, "\"%.40s\" is no %s%s%s%s", word, what, near != NULL ? "; did you mean \"" : "",
                        near != NULL ? near : "", near != NULL ? "\"?" : "");
}

static qn_status read_symbols(const qn__json_place *root, const json_t *object, qn_circuit *circuit)
{
    const json_t *list = NULL;
    if (json_object_get(object, "symbols") == NULL) {
        return QN_OK;
    }
    QN_TRY(qn__json_take_list(root, object, "symbols", &list));
    const qn__json_place at = qn__json_member(root, "symbols");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const qn__json_place there = qn__json_element(&at, i);
        const json_t *const name = json_array_get(list, i);
        if (!json_is_string(name)) {
            return QN_JSON_FAIL(&there, "this is %s; expected the name of a symbol", qn__json_kind_name(name));
        }
        uint32_t symbol = 0;
        QN_TRY(qn__json_forward(&there, qn_circuit_add_symbol(circuit, json_string_value(name), &symbol)));
    }
    return QN_OK;
}

static qn_status read_variable(const qn__json_place *at, const json_t *object, qn_circuit *circuit)
{
    static const char *const keys[] = {"name", "type", "width", "hidden", "output", NULL};
    static const char *const register_keys[] = {"name", "type", "width", "first", "hidden", "output", NULL};
    if (!json_is_object(object)) {
        return QN_JSON_FAIL(at, "this is %s; expected {\"name\": \"c\", \"type\": \"bits\", \"width\": 2}",
                            qn__json_kind_name(object));
    }
    unsigned type = 0;
    uint64_t width = 0, first = 0;
    const char *name = NULL;
    bool hidden = false, output = false;
    const qn__json_place type_at = qn__json_member(at, "type");
    const json_t *const word = json_object_get(object, "type");
    if (word == NULL) {
        return QN_JSON_FAIL(at, "\"type\" is missing");
    }
    QN_TRY(find_word(&type_at, word, "type", qn__json_types, QN__JSON_TYPES, &type));
    QN_TRY(qn__json_check_keys(at, object, type == QN_TYPE_QUBITS ? register_keys : keys));
    QN_TRY(qn__json_take_string(at, object, "name", &name));
    QN_TRY(qn__json_take_unsigned(at, object, "width", QN__JSON_QUBITS, &width));
    if (type == QN_TYPE_QUBITS) {
        QN_TRY(qn__json_take_unsigned(at, object, "first", QN__JSON_QUBITS, &first));
    }
    QN_TRY(qn__json_take_flag(at, object, "hidden", &hidden));
    QN_TRY(qn__json_take_flag(at, object, "output", &output));
    const uint32_t flags = (hidden ? (uint32_t)QN_VARIABLE_HIDDEN : 0) | (output ? (uint32_t)QN_VARIABLE_OUTPUT : 0);
    uint32_t index = 0;
    return qn__json_forward(
        at, qn_circuit_add_variable(circuit, name, (qn_type)type, (uint32_t)width, (uint32_t)first, flags, &index));
}

static qn_status read_variables(const qn__json_place *root, const json_t *object, qn_circuit *circuit)
{
    const json_t *list = NULL;
    if (json_object_get(object, "variables") == NULL) {
        return QN_OK;
    }
    QN_TRY(qn__json_take_list(root, object, "variables", &list));
    const qn__json_place at = qn__json_member(root, "variables");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const qn__json_place there = qn__json_element(&at, i);
        QN_TRY(read_variable(&there, json_array_get(list, i), circuit));
    }
    return QN_OK;
}

/* ["add", "uint", 8] or ["bit", "bool", 1, 3] */
static qn_status read_token(const qn__json_place *at, const json_t *list, qn_token *token)
{
    if (!json_is_array(list) || json_array_size(list) < 3) {
        return QN_JSON_FAIL(at, "this is %s; expected a token such as [\"add\", \"uint\", 8]",
                            json_is_array(list) ? "too short a list" : qn__json_kind_name(list));
    }
    unsigned kind = 0, type = 0;
    uint64_t width = 0, index = 0;
    const qn__json_place kind_at = qn__json_element(at, 0), type_at = qn__json_element(at, 1),
                         width_at = qn__json_element(at, 2), operand_at = qn__json_element(at, 3);
    QN_TRY(find_word(&kind_at, json_array_get(list, 0), "token", qn__json_tokens, QN__JSON_TOKENS, &kind));
    QN_TRY(find_word(&type_at, json_array_get(list, 1), "type", qn__json_types, QN__JSON_TYPES, &type));
    QN_TRY(qn__json_unsigned(&width_at, json_array_get(list, 2), UINT32_MAX, &width));
    const qn__json_operand operand = qn__json_operand_of((qn_token_kind)kind);
    const size_t expected = operand == QN__OPERAND_NONE ? 3 : 4;
    if (json_array_size(list) != expected) {
        return QN_JSON_FAIL(at, "token \"%s\" has %zu members; expected %zu", qn__json_tokens[kind],
                            json_array_size(list), expected);
    }
    *token = (qn_token){.kind = (qn_token_kind)kind, .type = (qn_type)type, .width = (uint32_t)width};
    const json_t *const value = json_array_get(list, 3);
    switch (operand) {
    case QN__OPERAND_INDEX:
        QN_TRY(qn__json_unsigned(&operand_at, value, UINT32_MAX, &index));
        token->index = (uint32_t)index;
        return QN_OK;
    case QN__OPERAND_INTEGER:
        if (!json_is_integer(value)) {
            return QN_JSON_FAIL(&operand_at, "this is %s; expected a whole number", qn__json_kind_name(value));
        }
        token->integer = json_integer_value(value);
        return QN_OK;
    case QN__OPERAND_NUMBER:
        return qn__json_real(&operand_at, value, &token->number);
    case QN__OPERAND_BOOL:
        if (!json_is_boolean(value)) {
            return QN_JSON_FAIL(&operand_at, "this is %s; expected true or false", qn__json_kind_name(value));
        }
        token->integer = json_is_true(value);
        return QN_OK;
    case QN__OPERAND_NONE:
        break;
    }
    return QN_OK;
}

static qn_status read_expression(const qn__json_place *at, const json_t *list, qn__json_scratch *scratch,
                                 qn_circuit *circuit)
{
    if (!json_is_array(list)) {
        return QN_JSON_FAIL(at, "this is %s; expected a list of tokens", qn__json_kind_name(list));
    }
    const size_t count = json_array_size(list);
    if (count == 0 || count > QN__EXPRESSION_TOKENS) {
        return QN_JSON_FAIL(at, "an expression of %zu tokens; expected 1..%d", count, QN__EXPRESSION_TOKENS);
    }
    void *tokens = scratch->tokens;
    const qn_status grown = qn__grow(&tokens, &scratch->tokens_capacity, count, sizeof *scratch->tokens);
    scratch->tokens = tokens;
    QN_TRY(grown);
    for (size_t t = 0; t < count; t++) {
        const qn__json_place there = qn__json_element(at, t);
        QN_TRY(read_token(&there, json_array_get(list, t), &scratch->tokens[t]));
    }
    uint32_t index = 0;
    return qn__json_forward(at, qn_circuit_add_expression(circuit, scratch->tokens, count, &index));
}

static qn_status read_expressions(const qn__json_place *root, const json_t *object, qn__json_scratch *scratch,
                                  qn_circuit *circuit)
{
    const json_t *list = NULL;
    if (json_object_get(object, "expressions") == NULL) {
        return QN_OK;
    }
    QN_TRY(qn__json_take_list(root, object, "expressions", &list));
    const qn__json_place at = qn__json_member(root, "expressions");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const qn__json_place there = qn__json_element(&at, i);
        QN_TRY(read_expression(&there, json_array_get(list, i), scratch, circuit));
    }
    return QN_OK;
}

static qn_status read_schema(const qn__json_place *root, const json_t *object)
{
    if (!json_is_object(object)) {
        return QN_JSON_FAIL(root, "this is %s; expected {\"schema\": \"%s\", ...}", qn__json_kind_name(object),
                            QN__CIRCUIT_SCHEMA);
    }
    const char *schema = NULL;
    QN_TRY(qn__json_take_string(root, object, "schema", &schema));
    if (strcmp(schema, QN__CIRCUIT_SCHEMA) != 0) {
        const qn__json_place at = qn__json_member(root, "schema");
        return QN_JSON_FAIL(&at, "the schema is \"%.40s\"; expected \"%s\"", schema, QN__CIRCUIT_SCHEMA);
    }
    return QN_OK;
}

static qn_status read_document(const qn__source *source, const json_t *object, qn__json_scratch *scratch,
                               qn_circuit **circuit)
{
    static const char *const keys[] = {"schema", "qubits", "symbols", "variables", "expressions", "operations", NULL};
    const qn__json_place root = {.file = source};
    QN_TRY(read_schema(&root, object));
    QN_TRY(qn__json_check_keys(&root, object, keys));
    uint64_t qubits = 0;
    QN_TRY(qn__json_take_unsigned(&root, object, "qubits", QN__JSON_QUBITS, &qubits));
    const qn__json_place qubits_at = qn__json_member(&root, "qubits");
    QN_TRY(qn__json_forward(&qubits_at, qn_circuit_create((uint32_t)qubits, circuit)));
    QN_TRY(read_symbols(&root, object, *circuit));
    QN_TRY(read_variables(&root, object, *circuit));
    QN_TRY(read_expressions(&root, object, scratch, *circuit));
    const json_t *operations = NULL;
    QN_TRY(qn__json_take_list(&root, object, "operations", &operations));
    const qn__json_place at = qn__json_member(&root, "operations");
    QN_TRY(qn__json_read_operations(&at, operations, scratch, *circuit));
    const size_t open = qn__circuit_open_blocks(*circuit);
    return open == 0 ? QN_OK
                     : QN_JSON_FAIL(&at, "%zu blocks are still open behind the last operation; expected \"end\"", open);
}

qn_status qn_read_circuit_json(const char *text, size_t length, const char *name, qn_circuit **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the circuit is needed");
    qn__source source;
    QN_TRY(qn__source_open(&source, text, length, name));
    json_error_t error;
    json_t *const root =
        json_loadb(source.text + source.start, length - source.start, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (root == NULL) {
        return qn__json_fail_syntax(&source, &error);
    }
    qn__json_scratch scratch = {0};
    qn_circuit *circuit = NULL;
    const qn_status status = read_document(&source, root, &scratch, &circuit);
    if (status == QN_OK) {
        *out = circuit;
    } else {
        qn_circuit_free(circuit);
    }
    qn__free(scratch.qubits);
    qn__free(scratch.terms);
    qn__free(scratch.tokens);
    json_decref(root);
    return status;
}
