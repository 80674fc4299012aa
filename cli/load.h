/* load.h: what the parts of `quern load` share. */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include <quern/quern.h>

#include "options.h"

enum { LOAD_MOST_ROWS = 12, LOAD_TEXT = 200, LOAD_MOST_CURVE = 32 };

/* What a method is for. */
typedef enum load_purpose {
    LOAD_STATE,    /* amplitudes and nothing else */
    LOAD_GARBAGE,  /* amplitudes beside garbage */
    LOAD_LOOK_UP,  /* a table */
    LOAD_TAKE_BACK /* a look-up back to 0 */
} load_purpose;
load_purpose load_purpose_of(qn_load_method method);

/* One method, made or left out. */
typedef struct load_row {
    qn_load_method method;
    qn_circuit *circuit; /* NULL: left out, `why` says so */
    qn_load_cost cost;
    bool verified;  /* the fidelity was worked out on the state that the simulator made */
    double seconds; /* to make the circuit */
    char why[LOAD_TEXT];
} load_row;

/* Numbers to be loaded. */
typedef struct load_input {
    const char *name;
    qn_array *array;
    qn_array_skipped left_out; /* columns of its file */
    qn_complex *amplitudes;    /* `count` of them; NULL with a function */
    uint64_t count;
    bool is_complex;
    uint64_t *table; /* the same as numbers of `bits` bits; NULL when they are complex */
    uint32_t bits;
    const qn_load_function *function; /* or NULL */
    uint32_t qubits;                  /* with a function */
    qn_load_function parsed;
} load_input;

qn_status load_input_read(const cli_invocation *invocation, load_input *out);
void load_input_free(load_input *input);
/* Nothing but zeros; false for a function. */
bool load_input_is_zero(const load_input *input);
/* Bytes of the classical data: 0 for a function. */
uint64_t load_input_bytes(const load_input *input);

typedef struct load_comparison {
    load_row rows[LOAD_MOST_ROWS];
    size_t count;
    size_t chosen; /* of rows; there is one */
    char reason[LOAD_TEXT];
    double copy_seconds;                                       /* or one value of the function */
    double curve_x[LOAD_MOST_CURVE], curve_y[LOAD_MOST_CURVE]; /* loss of matrix products against CNOTs */
    size_t curve;
} load_comparison;

/* One method, or all (`all`) that fit. */
qn_status load_compare(const qn_context *context, const load_input *input, const qn_load_options *options, bool all,
                       load_comparison *out);
void load_comparison_free(load_comparison *comparison);
/* Fills the curve: bonds 1, 2, 4, ... up to an exact state. */
qn_status load_curve(const qn_context *context, const load_input *input, load_comparison *comparison);

/* `quern load --leaves`. Gives the exit code. */
int load_noise_run(const cli_invocation *invocation);

#endif
