/* ledger_json.c: a ledger as one JSON object, keys in the order of fields.def. */
#include "report/json.h"

/* Two runs of the same work differ in what clocks said and in nothing else, and every number that a clock gave stands
 * under a key with "seconds" in it. A reason that quotes such a number has to go under such a key too. */
static void reasons(qn_json *json, const qn_ledger *ledger, const char *key, bool timed)
{
    qn_json_begin_array(json, key);
    for (uint32_t i = 0; i < ledger->reason_count && i < QN_LEDGER_REASONS; i++) {
        if (ledger->reason_timed[i] == timed) {
            qn_json_string(json, NULL, ledger->reasons[i]);
        }
    }
    qn_json_end_array(json);
}

static void text_or_null(qn_json *json, const char *key, const char *value)
{
    qn_json_string(json, key, value[0] != '\0' ? value : NULL);
}

void qn_json_ledger(qn_json *json, const char *key, const qn_ledger *ledger)
{
    qn_json_begin_object(json, key);
    text_or_null(json, "workload", ledger->workload);
    text_or_null(json, "input", ledger->input);
    text_or_null(json, "answer_name", ledger->answer_name);
    text_or_null(json, "answer_unit", ledger->answer_unit);
    text_or_null(json, "classical_method", ledger->classical_method);
    for (size_t i = 0; i < qn_ledger_field_count(); i++) {
        const qn_ledger_field *field = qn_ledger_field_at(i);
        const qn_quantity quantity = qn_ledger_get(ledger, field);
        qn__json_begin_short_object(json, field->key);
        if (quantity.source == QN_SOURCE_UNKNOWN) {
            qn_json_string(json, "value", NULL);
        } else {
            qn_json_number(json, "value", quantity.value);
        }
        qn_json_string(json, "source", qn_source_name(quantity.source));
        qn_json_end_object(json);
    }
    text_or_null(json, "era", ledger->era);
    qn_json_string(json, "verdict", qn_verdict_key(ledger->verdict));
    qn_json_string(json, "verdict_text", qn_verdict_text(ledger->verdict));
    reasons(json, ledger, "reasons", false);
    reasons(json, ledger, "reasons_quoting_seconds", true);
    qn_json_end_object(json);
}
