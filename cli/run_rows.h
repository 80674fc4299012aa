/* run_rows.h: the results of a run by bit string. */
#ifndef CLI_RUN_ROWS_H
#define CLI_RUN_ROWS_H

#include <quern/quern.h>

typedef struct cli_run_row {
    const char *key;  /* bit string as printed */
    uint64_t times;   /* 0 when exact */
    double share;     /* times / shots, or the exact probability */
    double std_error; /* of the share; 0 when exact */
} cli_run_row;

typedef struct cli_run_rows {
    cli_run_row *rows; /* in rising order of the keys */
    size_t count;
    uint64_t shots; /* 0: exact */
    size_t width;   /* of every key */
    char *keys;
} cli_run_rows;

/* Keys of the circuit's registers; strings that differ in hidden registers only are added up. `low_first`: bit 0 stands
 * left, and the register declared first. */
qn_status cli_run_rows_from_counts(const qn_circuit *circuit, const qn_counts *counts, bool low_first,
                                   cli_run_rows *out);
qn_status cli_run_rows_from_distribution(const qn_circuit *circuit, const qn_distribution *distribution, bool low_first,
                                         cli_run_rows *out);
void cli_run_rows_free(cli_run_rows *rows);
/* One bit string as printed; `key` has room for qn_circuit_key_size. */
void cli_run_key(const qn_circuit *circuit, const uint64_t *words, bool low_first, char *key);
/* Indices of the `most` largest shares, the largest first, ties by key; gives their number. */
size_t cli_run_rows_largest(const cli_run_rows *rows, size_t most, size_t *indices);

#endif
