/* machine_json.c: a measured machine as JSON ("quern.machine/1"), stored once and read by every comparison. */
#include <quern/format.h>
#include <quern/machine.h>
#include <quern/report.h>
#include <quern/version.h>

#include <inttypes.h>
#include <string.h>

#include "format/circuit_out/json_place.h"

static const char schema[] = "quern.machine/1";
enum { MOST_THREADS = 1 << 20, LARGEST_FILE = 1 << 20 };

static const char *const keys[] = {"schema", "version", "date", "cpu", "threads", "blas_threads",
#define MACHINE_RATE(name, label, unit, least, most) #name,
#include <quern/machine.def>
#undef MACHINE_RATE
                                   NULL};

static qn_status take_rate(const qn__json_place *at, const json_t *object, const qn_machine_rate *rate, double *out)
{
    const qn__json_place there = qn__json_member(at, rate->name);
    const json_t *const value = json_object_get(object, rate->name);
    if (value == NULL) {
        return QN_JSON_FAIL(at, "\"%s\" is missing", rate->name);
    }
    double number = 0.0;
    QN_TRY(qn__json_real(&there, value, &number));
    if (!(number >= rate->least && number <= rate->most)) {
        return QN_JSON_FAIL(&there, "\"%s\": %g %s cannot be true; expected %g to %g", rate->name, number, rate->unit,
                            rate->least, rate->most);
    }
    *out = number;
    return QN_OK;
}

/* Printable ASCII without quotes, as it is shown as it stands. */
static qn_status take_words(const qn__json_place *at, const json_t *object, const char *key, char *out, size_t capacity)
{
    const char *words = NULL;
    QN_TRY(qn__json_take_string(at, object, key, &words));
    const qn__json_place there = qn__json_member(at, key);
    size_t length = 0;
    for (; words[length] != '\0'; length++) {
        if (words[length] < ' ' || words[length] > '~') {
            return QN_JSON_FAIL(&there, "\"%s\" holds a character that is not printable ASCII", key);
        }
    }
    if (length == 0 || length >= capacity) {
        return QN_JSON_FAIL(&there, "\"%s\" has %zu characters; expected 1 to %zu", key, length, capacity - 1);
    }
    memcpy(out, words, length + 1);
    return QN_OK;
}

/* "2026-11-30T12:00:00Z" */
static qn_status check_date(const qn__json_place *at, const char *date)
{
    static const char pattern[] = "0000-00-00T00:00:00Z";
    const qn__json_place there = qn__json_member(at, "date");
    bool good = strlen(date) == sizeof pattern - 1;
    for (size_t i = 0; good && pattern[i] != '\0'; i++) {
        good = pattern[i] == '0' ? date[i] >= '0' && date[i] <= '9' : date[i] == pattern[i];
    }
    if (!good) {
        return QN_JSON_FAIL(&there, "\"date\" is '%.32s'; expected a time such as 2026-11-30T12:00:00Z", date);
    }
    return QN_OK;
}

static qn_status take_threads(const qn__json_place *at, const json_t *object, const char *key, uint32_t *out)
{
    uint64_t number = 0;
    QN_TRY(qn__json_take_unsigned(at, object, key, MOST_THREADS, &number));
    if (number == 0) {
        const qn__json_place there = qn__json_member(at, key);
        return QN_JSON_FAIL(&there, "\"%s\" is 0; expected at least 1", key);
    }
    *out = (uint32_t)number;
    return QN_OK;
}

static qn_status read_root(const qn__source *source, const json_t *root, qn_machine *m)
{
    const qn__json_place at = {.file = source};
    const char *words = NULL;
    size_t next = 0;
    if (!json_is_object(root)) {
        return QN_JSON_FAIL(&at, "this is %s; expected what 'quern bench machine' stores", qn__json_kind_name(root));
    }
    QN_TRY(qn__json_take_string(&at, root, "schema", &words));
    if (strcmp(words, schema) != 0) {
        const qn__json_place there = qn__json_member(&at, "schema");
        return QN_JSON_FAIL(&there, "\"schema\" is '%.40s'; expected %s", words, schema);
    }
    QN_TRY(qn__json_check_keys(&at, root, keys));
    QN_TRY(take_words(&at, root, "date", m->date, sizeof m->date));
    QN_TRY(check_date(&at, m->date));
    QN_TRY(take_words(&at, root, "cpu", m->cpu, sizeof m->cpu));
    QN_TRY(take_threads(&at, root, "threads", &m->threads));
    QN_TRY(take_threads(&at, root, "blas_threads", &m->blas_threads));
#define MACHINE_RATE(name, label, unit, least, most) QN_TRY(take_rate(&at, root, qn_machine_rate_at(next++), &m->name));
#include <quern/machine.def>
#undef MACHINE_RATE
    return QN_OK;
}

qn_status qn_machine_parse(const char *name, const char *text, size_t length, qn_machine *out)
{
    QN_CHECK(out != NULL && out->size == sizeof *out, ERR_ARGUMENT, "a machine made by QN_MACHINE_INIT is needed");
    qn__source source;
    QN_TRY(qn__source_open(&source, text, length, name));
    json_error_t error;
    json_t *const root =
        json_loadb(source.text + source.start, length - source.start, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (root == NULL) {
        return qn__json_fail_syntax(&source, &error);
    }
    qn_machine m = QN_MACHINE_INIT;
    const qn_status status = read_root(&source, root, &m);
    json_decref(root);
    if (status == QN_OK) {
        *out = m;
    }
    return status;
}

qn_status qn_machine_read(const char *path, qn_machine *out)
{
    char *text = NULL;
    size_t length = 0;
    QN_TRY(qn_file_read(path, LARGEST_FILE, &text, &length));
    const qn_status status = qn_machine_parse(strcmp(path, "-") == 0 ? "standard input" : path, text, length, out);
    qn_text_free(text);
    return status;
}

static void write_members(qn_json *json, const qn_machine *machine)
{
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "schema", schema);
    qn_json_string(json, "version", qn_version());
    qn_json_string(json, "date", machine->date);
    qn_json_string(json, "cpu", machine->cpu);
    qn_json_unsigned(json, "threads", machine->threads);
    qn_json_unsigned(json, "blas_threads", machine->blas_threads);
    for (size_t i = 0; i < qn_machine_rate_count(); i++) {
        qn_json_number(json, qn_machine_rate_at(i)->name, qn_machine_rate_get(machine, i));
    }
    qn_json_end_object(json);
}

qn_status qn_machine_write(const char *path, const qn_machine *machine)
{
    QN_CHECK(path != NULL && machine != NULL && machine->size == sizeof *machine, ERR_ARGUMENT,
             "a path and a machine made by QN_MACHINE_INIT are needed");
    qn_text *text = NULL;
    qn_json *json = NULL;
    const char *bytes = NULL;
    size_t length = 0;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_text_create(&text));
    QN_TRY_CLEANUP(qn_json_create(text, &json));
    write_members(json, machine);
    QN_TRY_CLEANUP(qn_text_finish(text, &bytes, &length));
    QN_TRY_CLEANUP(qn_file_write(path, bytes, length));
cleanup:
    qn_json_destroy(json);
    qn_text_destroy(text);
    return status;
}
