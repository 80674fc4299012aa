/* ledger_view.h: how a ledger's fields are worded for people, shared by the terminal and the HTML page. */
#ifndef QN_REPORT_LEDGER_VIEW_H
#define QN_REPORT_LEDGER_VIEW_H

#include <quern/report.h>

/* A section's title: "The answer", …; the key itself when unknown. */
const char *qn__ledger_section_title(const char *section);
/* The label of a field: the answer's own name where the ledger has one. */
const char *qn__ledger_label(const qn_ledger *ledger, const qn_ledger_field *field);
/* The value with its unit: answers with the digits their error leaves, the rest by qn_human. */
const char *qn__ledger_value(char *buffer, size_t capacity, const qn_ledger *ledger, const qn_ledger_field *field);

#endif
