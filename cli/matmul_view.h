/* matmul_view.h: what `quern matmul` multiplied and has to show. */
#ifndef CLI_MATMUL_VIEW_H
#define CLI_MATMUL_VIEW_H

#include "answer.h"

enum { MATMUL_POINTS = 600 };

typedef struct matmul_view {
    const cli_invocation *invocation;
    qn_array *a, *b;
    qn_product *product;
    qn_ledger ledger;
    double exact[MATMUL_POINTS], quantum[MATMUL_POINTS], ends[2];
    qn_series series[2];
    char subtitle[200];
    qn_plot plot;
} matmul_view;

void matmul_input_json(qn_json *json, const void *user);
void matmul_result_json(qn_json *json, const void *user);
void matmul_text(qn_text *text, const qn_style *style, const void *user);
/* Entries read out against exact ones. */
void matmul_picture(matmul_view *view);

#endif
