/* attention_view.h: what `quern attention` read, ran and has to show. */
#ifndef CLI_ATTENTION_VIEW_H
#define CLI_ATTENTION_VIEW_H

#include "answer.h"

enum { ATTENTION_SHOWN = 49 }; /* tokens: two maps and a gap stay within the 100 columns that are drawn one by one */

typedef struct attention_view {
    const cli_invocation *invocation;
    qn_char_model *model; /* NULL: weights of the user's own */
    const char *text;     /* what the model reads */
    size_t length;
    uint32_t layer, head;
    qn_array *arrays[4]; /* x, query, key, value */
    qn_attention_input input;
    qn_attention *attention;
    /* next characters, with the head's output replaced */
    size_t same_next;
    char next_exact, next_quantum;
    double logits_error;
    bool told; /* a usage error has been printed */
    qn_ledger ledger;
    /* pictures */
    double cells[ATTENTION_SHOWN * (2 * ATTENTION_SHOWN + 1)];
    char letters[ATTENTION_SHOWN][4];
    const char *row_names[ATTENTION_SHOWN], *column_names[2 * ATTENTION_SHOWN + 1];
    char subtitle[240];
    qn_heat_map map;
    qn_figure figures[2];
    qn_series series[2];
    qn_plot curve;
} attention_view;

/* The operands of the head: from the model and the text, or from files. */
qn_status attention_read(attention_view *view);
void attention_free(attention_view *view);
/* --train: a model from a text to a file; prints its loss. */
qn_status attention_train(const cli_invocation *invocation, const qn_context *context);

void attention_input_json(qn_json *json, const void *user);
void attention_result_json(qn_json *json, const void *user);
void attention_text(qn_text *text, const qn_style *style, const void *user);
/* Exact and quantum weights side by side, and errors against degree. */
void attention_picture(attention_view *view);

#endif
