/* ledger.c: the ledger's names and its table of fields; both are expansions of fields.def and verdicts.def. */
#include <quern/ledger.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const qn_ledger_field fields[] = {
#define QN_FIELD(section, field, label, unit) {#field, label, unit, section, offsetof(qn_ledger, field)},
#include "ledger/fields.def"
#undef QN_FIELD
};

static const struct {
    const char *key, *text;
} verdicts[QN_VERDICT_COUNT_] = {
    [QN_VERDICT_UNKNOWN] = {"unknown", "No verdict was asked for."},
#define QN_VERDICT(name, key, text) [QN_VERDICT_##name] = {key, text},
#include <quern/verdicts.def>
#undef QN_VERDICT
};

static const char *const sources[] = {
    [QN_SOURCE_UNKNOWN] = "unknown",   [QN_SOURCE_EXACT] = "exact",     [QN_SOURCE_COUNTED] = "counted",
    [QN_SOURCE_MEASURED] = "measured", [QN_SOURCE_SAMPLED] = "sampled", [QN_SOURCE_MODELLED] = "modelled",
};

const char *qn_source_name(qn_source source)
{
    const size_t index = (size_t)source;
    return index < sizeof sources / sizeof sources[0] ? sources[index] : sources[QN_SOURCE_UNKNOWN];
}

const char *qn_verdict_key(qn_verdict verdict)
{
    const size_t index = (size_t)verdict;
    return index < QN_VERDICT_COUNT_ ? verdicts[index].key : verdicts[QN_VERDICT_UNKNOWN].key;
}

const char *qn_verdict_text(qn_verdict verdict)
{
    const size_t index = (size_t)verdict;
    return index < QN_VERDICT_COUNT_ ? verdicts[index].text : verdicts[QN_VERDICT_UNKNOWN].text;
}

void qn_ledger_init(qn_ledger *ledger)
{
    /* All bytes zero is "unknown" for every quantity and "" for every text. */
    memset(ledger, 0, sizeof *ledger);
    ledger->size = (uint32_t)sizeof *ledger;
}

static void add_reason(qn_ledger *ledger, bool timed, const char *format, va_list arguments)
{
    if (ledger->reason_count >= QN_LEDGER_REASONS) {
        return;
    }
    char *const slot = ledger->reasons[ledger->reason_count];
    const int length = vsnprintf(slot, QN_LEDGER_REASON_TEXT, format, arguments);
    if (length < 0) {
        slot[0] = '\0';
        return;
    }
    if (length >= QN_LEDGER_REASON_TEXT) {
        /* A sentence that was cut must not end inside a UTF-8 character. */
        size_t end = QN_LEDGER_REASON_TEXT - 1;
        while (end > 0 && ((unsigned char)slot[end - 1] & 0xC0) == 0x80) {
            end--;
        }
        if (end > 0 && ((unsigned char)slot[end - 1] & 0x80) != 0) {
            end--;
        }
        slot[end] = '\0';
    }
    ledger->reason_timed[ledger->reason_count] = timed;
    ledger->reason_count++;
}

void qn_ledger_add_reason(qn_ledger *ledger, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_reason(ledger, false, format, arguments);
    va_end(arguments);
}

void qn_ledger_add_timed_reason(qn_ledger *ledger, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_reason(ledger, true, format, arguments);
    va_end(arguments);
}

size_t qn_ledger_field_count(void)
{
    return sizeof fields / sizeof fields[0];
}

const qn_ledger_field *qn_ledger_field_at(size_t index)
{
    return index < qn_ledger_field_count() ? &fields[index] : NULL;
}

qn_quantity qn_ledger_get(const qn_ledger *ledger, const qn_ledger_field *field)
{
    qn_quantity quantity;
    memcpy(&quantity, (const char *)ledger + field->offset, sizeof quantity);
    return quantity;
}
