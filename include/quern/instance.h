/* instance.h: optimization problems as files hold them: graphs, quadratic forms, programs, tours, tables.
 *
 * A reader keeps all that the file says; problem.h makes cost functions of it. Failing readers return QN_ERR_PARSE with
 * "name:line:column: error: what, and what was expected". UTF-8 with or without a byte-order mark; UTF-16 is refused by
 * name. Numbers must be finite. Nothing is dropped: sections and keys that are not understood are errors. */
#ifndef QUERN_INSTANCE_H
#define QUERN_INSTANCE_H

#include <quern/status.h>

QN_BEGIN_DECLS

/** An undirected graph. Nodes are 0 to nodes - 1; files count from 1. No loops, no edge twice. */
typedef struct qn_graph {
    uint32_t nodes;
    size_t edges;
    uint32_t *from, *to; /* from < to */
    double *weight;      /* 1 where the file gives none */
    bool weighted;       /* some weight is not 1 */
    double *node_weight; /* NULL: none given */
} qn_graph;

/** sum_t value_t x_i x_j, i <= j (i = j: linear), plus a constant. */
typedef struct qn_quadratic {
    uint32_t variables;
    size_t terms;
    uint32_t *i, *j;
    double *value;
    double constant;
} qn_quadratic;

typedef enum qn_relation { QN_AT_MOST = -1, QN_EQUAL = 0, QN_AT_LEAST = 1 } qn_relation;

/** Parities: constraint c wants the sum of its variables to be odd or even; no variable twice in one. */
typedef struct qn_parities {
    uint32_t variables;
    size_t constraints;
    size_t *first;      /* constraints + 1; into `variable` */
    uint32_t *variable; /* 0 to variables - 1; files count from 1 */
    bool *odd;
} qn_parities;

/** A program over binary and bounded integer variables: linear and quadratic objective, linear constraints. */
typedef struct qn_integer_program {
    uint32_t variables;
    char **names;
    double *low, *high; /* integer bounds of each variable; 0 and 1 for a binary */
    bool maximise;
    double constant;
    double *linear; /* variables */
    size_t nquadratic;
    uint32_t *qi, *qj; /* qi <= qj; coefficient of x_i x_j as a whole */
    double *qvalue;
    size_t constraints;
    char **constraint_names;
    size_t *first; /* constraints + 1; into the next two */
    uint32_t *variable;
    double *coefficient;
    qn_relation *relation;
    double *right;
} qn_integer_program;

/** Places and their symmetric distances. With a capacity it is a routing problem. */
typedef struct qn_places {
    uint32_t nodes;
    double *distance; /* nodes x nodes */
    double *x, *y;    /* coordinates to draw, or NULL */
    double *demand;   /* NULL: a single tour */
    double capacity;
    uint32_t depot;
    uint32_t vehicles; /* 0: as many as needed */
} qn_places;

/** A table whose columns hold numbers or words. A cell is the index of its level: one of the column's distinct values
 * in order of appearance. */
typedef struct qn_column {
    char *name;
    bool numeric; /* every level reads as a finite number */
    uint32_t levels;
    char **texts;                  /* of the levels, as written */
    double *values;                /* of the levels; NaN for words */
    size_t word_line, word_column; /* where the first cell that is no number stands in the text; 0: none */
} qn_column;
typedef struct qn_score_table {
    size_t rows;
    uint32_t columns;
    qn_column *column;
    uint32_t *cell; /* rows x columns */
} qn_score_table;

typedef enum qn_instance_format {
    QN_INSTANCE_DETECT = 0,
    QN_INSTANCE_RUDY = 1,   /* "nodes edges", then "i j weight": rudy, Gset, .mc */
    QN_INSTANCE_BQ = 2,     /* "variables entries", then "i j q": minimise x'Qx, Q symmetric (Biq Mac, .bq, .sparse) */
    QN_INSTANCE_QUBO = 3,   /* qbsolv: "p qubo 0 maxnodes diagonals couplers" */
    QN_INSTANCE_LP = 4,     /* the LP format of CPLEX, with binaries and bounded integers */
    QN_INSTANCE_TSPLIB = 5, /* TSP and CVRP; asymmetric ATSP is refused */
    QN_INSTANCE_DIMACS = 6, /* "p edge n m" or "p col n m", then "e i j": .col, .clq */
    QN_INSTANCE_CSV = 7,    /* a table with a header */
    QN_INSTANCE_NAS = 8,    /* JSON of NAS-Bench-Macro: {"02012100": {"mean_acc": …, …}, …} */
    QN_INSTANCE_XOR = 9     /* "p cnf n m" and parities "x 1 -2 3 0" (CryptoMiniSat's), no other clauses: .xnf, .cnf */
} qn_instance_format;

/** Exactly one of the pointers is not NULL. */
typedef struct qn_instance {
    qn_instance_format format;
    char *name; /* the file's own (NAME:), or the text's */
    qn_graph *graph;
    qn_quadratic *quadratic;
    qn_parities *parities;
    qn_integer_program *program;
    qn_places *places;
    qn_score_table *table;
} qn_instance;

/** "rudy", "bq", "qubo", "lp", "tsplib", "dimacs", "csv", "nas-json", "xor"; NULL behind the last. */
QN_API const char *qn_instance_format_name(qn_instance_format format);
/** By name; QN_ERR_NAME with the nearest one. */
QN_API QN_MUST_USE qn_status qn_instance_format_find(const char *name, qn_instance_format *out);
/** From the content. `name` decides between rudy and bq where the content fits both (".bq" and ".sparse" mean bq, ".mc"
 * rudy), and what to complain about where it fits none. */
QN_API qn_instance_format qn_instance_detect(const char *text, size_t length, const char *name);
QN_API QN_MUST_USE qn_status qn_instance_parse(const char *text, size_t length, const char *name,
                                               qn_instance_format format, qn_instance **out);
QN_API void qn_instance_free(qn_instance *instance);
/** Whether a column of the instance's table holds numbers only. Errors: QN_ERR_PARSE with "name:line:column: error:
 * ..." of the first cell that is none; QN_ERR_ARGUMENT with the same place where the column holds words only, so that
 * another one was probably meant. */
QN_API QN_MUST_USE qn_status qn_instance_numbers(const qn_instance *instance, uint32_t column);
/** One line: "graph, 5 nodes, 6 edges, weighted". */
QN_API void qn_instance_describe(const qn_instance *instance, char *buffer, size_t capacity);

QN_END_DECLS
#endif
