/* table_input.h: the table that a command works on: columns of text are left out, and that is said. */
#ifndef CLI_TABLE_INPUT_H
#define CLI_TABLE_INPUT_H

#include <quern/quern.h>

/* Reads a table; a line on standard error for each column left out. */
qn_status cli_table_read(const char *path, qn_array **out, qn_array_skipped *skipped);
/* The same; complex numbers are refused. */
qn_status cli_table_read_real(const char *path, qn_array **out, qn_array_skipped *skipped);
/* "columns_left_out": [{"column": number in the file, from 0, "name": ... or null}, ...] */
void cli_table_json(qn_json *json, const qn_array_skipped *skipped);

#endif
