/* advice.c: opening the tables: what came with the library, then the user's folder over it. */
#include "advise/advice.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <quern/format.h>

#include "base/alloc.h"
#include "base/suggest.h"

struct qn_advice {
    size_t count;
    qn__table **tables;
    char edition[8]; /* YYYY-MM of the newest built-in row */
    qn__lines remarks;
};

enum { LARGEST_FILE = 16 << 20 };

static qn_status read_user_file(qn__table *table, const char *folder)
{
    char path[4096];
    const int length = snprintf(path, sizeof path, "%s/%s.tsv", folder, qn__table_name(table));
    QN_CHECK(length > 0 && (size_t)length < sizeof path, ERR_RANGE, "the folder's name is too long");
    struct stat about;
    if (stat(path, &about) != 0) {
        return QN_OK; /* this table has no rows of the user */
    }
    char *text = NULL;
    size_t bytes = 0;
    QN_TRY(qn_file_read(path, LARGEST_FILE, &text, &bytes));
    const qn_status status = qn__table_read(table, text, bytes, path, true);
    qn_text_free(text);
    return status;
}

static qn_status open_table(const qn__embedded *file, const char *folder, qn__table **out)
{
    char name[64];
    (void)snprintf(name, sizeof name, "data/%s.tsv", file->name);
    qn__table *table = NULL;
    QN_TRY(qn__table_new(file->name, &table));
    qn_status status = qn__table_read(table, file->text, file->length, name, false);
    if (status == QN_OK && folder != NULL) {
        status = read_user_file(table, folder);
    }
    if (status != QN_OK) {
        qn__table_free(table);
        return status;
    }
    *out = table;
    return QN_OK;
}

static const char *table_name(const void *user, size_t index)
{
    (void)user;
    return qn__embedded_tables[index].name;
}

static int alphabetical(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Files of the folder that look like tables and are none. */
static qn_status remark_on_files(qn_advice *advice, const char *folder)
{
    DIR *const entries = opendir(folder);
    QN_CHECK(entries != NULL, ERR_IO, "%.512s: the folder of data cannot be listed", folder);
    qn__lines *const remarks = &advice->remarks;
    const size_t before = remarks->count;
    const struct dirent *entry = NULL;
    while ((entry = readdir(entries)) != NULL) {
        char word[64];
        const size_t length = strlen(entry->d_name);
        bool known = length < 5 || length >= sizeof word || strcmp(entry->d_name + length - 4, ".tsv") != 0;
        (void)snprintf(word, sizeof word, "%.*s", (int)(known ? 0 : length - 4), entry->d_name);
        for (size_t i = 0; i < advice->count && !known; i++) {
            known = strcmp(word, qn__table_name(advice->tables[i])) == 0;
        }
        if (!known) {
            const char *const near = qn__suggest(word, advice->count, table_name, NULL);
            qn__lines_add(remarks, "%.256s/%s: no table has this name, the file is ignored%s%s%s", folder,
                          entry->d_name, near != NULL ? "; did you mean " : "", near != NULL ? near : "",
                          near != NULL ? ".tsv?" : "");
        }
    }
    (void)closedir(entries);
    if (remarks->count > before) {
        qsort(remarks->items + before, remarks->count - before, sizeof *remarks->items, alphabetical);
    }
    return remarks->status;
}

static qn_status gather_remarks(qn_advice *advice, const char *folder)
{
    for (size_t i = 0; i < advice->count; i++) {
        const qn__lines *const remarks = qn__table_remarks(advice->tables[i]);
        for (size_t k = 0; k < remarks->count; k++) {
            qn__lines_add(&advice->remarks, "%s", remarks->items[k]);
        }
    }
    return folder != NULL ? remark_on_files(advice, folder) : advice->remarks.status;
}

qn_status qn_advice_open(const qn_advice_options *options, qn_advice **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "result pointer is NULL");
    QN_CHECK(options == NULL || options->size == sizeof *options, ERR_ARGUMENT,
             "options of another version; start them with QN_ADVICE_OPTIONS_INIT");
    const char *const folder = options != NULL ? options->folder : NULL;
    struct stat about;
    QN_CHECK(folder == NULL || (stat(folder, &about) == 0 && S_ISDIR(about.st_mode)), ERR_IO,
             "%.512s: no such folder of data", folder);
    qn_advice *advice = qn__calloc(1, sizeof *advice);
    QN_ALLOC_CHECK(advice);
    qn_status status = QN_OK;
    advice->tables = qn__calloc(qn__embedded_count, sizeof(qn__table *));
    if (advice->tables == NULL) {
        qn__free(advice);
        return QN_ERR_MEMORY;
    }
    for (size_t i = 0; status == QN_OK && i < qn__embedded_count; i++) {
        status = open_table(&qn__embedded_tables[i], folder, &advice->tables[i]);
        if (status == QN_OK) {
            advice->count++;
            const char *const newest = qn__table_newest(advice->tables[i]);
            if (strcmp(newest, advice->edition) > 0) {
                memcpy(advice->edition, newest, sizeof advice->edition);
            }
        }
    }
    status = status == QN_OK ? gather_remarks(advice, folder) : status;
    if (status != QN_OK) {
        qn_advice_free(advice);
        return status;
    }
    *out = advice;
    return QN_OK;
}

void qn_advice_free(qn_advice *advice)
{
    if (advice == NULL) {
        return;
    }
    for (size_t i = 0; i < advice->count; i++) {
        qn__table_free(advice->tables[i]);
    }
    qn__lines_clear(&advice->remarks);
    qn__free(advice->tables);
    qn__free(advice);
}

const char *qn_advice_remark(const qn_advice *advice, size_t index)
{
    return index < advice->remarks.count ? advice->remarks.items[index] : NULL;
}

const char *qn_advice_edition(const qn_advice *advice)
{
    return advice->edition;
}

int qn_advice_age_months(const qn_advice *advice, int year, int month)
{
    int edition_year = 0, edition_month = 0;
    for (int i = 0; i < 4; i++) {
        edition_year = edition_year * 10 + (advice->edition[i] - '0');
    }
    edition_month = (advice->edition[5] - '0') * 10 + (advice->edition[6] - '0');
    return (year - edition_year) * 12 + month - edition_month;
}

qn_status qn__advice_table(const qn_advice *advice, const char *name, const qn__table **out)
{
    for (size_t i = 0; i < advice->count; i++) {
        if (strcmp(qn__table_name(advice->tables[i]), name) == 0) {
            *out = advice->tables[i];
            return QN_OK;
        }
    }
    return QN_FAIL(ERR_NAME, "no table data/%.64s.tsv", name);
}

qn_status qn_advice_cell(const qn_advice *advice, const char *table, size_t index, const char *column,
                         const char **text)
{
    QN_CHECK(advice != NULL && table != NULL && column != NULL && text != NULL, ERR_ARGUMENT,
             "a handle, a table, a column and a place are needed");
    const qn__table *rows = NULL;
    QN_TRY(qn__advice_table(advice, table, &rows));
    *text = index < qn__table_rows(rows) ? qn__table_text(rows, qn__table_row(rows, index), column) : NULL;
    return QN_OK;
}
