/* json.h: what the ledger's printer needs of the JSON writer beyond the public calls. */
#ifndef QN_REPORT_JSON_H
#define QN_REPORT_JSON_H

#include <quern/report.h>

/* An object on one line. */
void qn__json_begin_short_object(qn_json *json, const char *key);

#endif
