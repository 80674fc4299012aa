/* programs.h: random circuits with measurements, variables and control flow; a slow interpreter of them; comparison. */
#ifndef QN_TEST_PROGRAMS_H
#define QN_TEST_PROGRAMS_H

#include <dense.h>
#include <qn_random.h>

#include <quern/classical.h>

/* What a program may read and write. */
enum { PROGRAM_WIDTHS = 4 };

typedef struct program_maker {
    qn_random *r;
    qn_circuit *circuit;
    qn_token tokens[256];
    size_t count;
    uint32_t variables[5]; /* bool, int[8], uint[5], float, angle[12] */
    uint32_t counter;
    uint32_t symbols;
    bool plain; /* no angles, floats or free parameters */
} program_maker;

static inline void program_token(program_maker *m, qn_token_kind kind, qn_type type, uint32_t width, uint32_t index)
{
    m->tokens[m->count++] = (qn_token){.kind = kind, .type = type, .width = width, .index = index};
}

static inline void program_value(program_maker *m, qn_type type, uint32_t width, uint32_t depth);

static inline void program_number(program_maker *m, qn_type type, uint32_t width)
{
    program_token(m, QN_TOKEN_INT, type, width, 0);
    const int64_t bound = INT64_C(1) << (width > 30 ? 30 : width - (type == QN_TYPE_INT));
    const int64_t value = (int64_t)qn_random_below(m->r, (uint32_t)bound);
    m->tokens[m->count - 1].integer = type == QN_TYPE_INT && qn_random_below(m->r, 3) == 0 ? -value : value;
}

static inline void program_bool(program_maker *m, uint32_t depth)
{
    switch (qn_random_below(m->r, depth == 0 ? 3 : 8)) {
    case 0:
        program_token(m, QN_TOKEN_BOOL, QN_TYPE_BOOL, 1, 0);
        m->tokens[m->count - 1].integer = qn_random_below(m->r, 2);
        break;
    case 1:
        program_token(m, QN_TOKEN_BIT, QN_TYPE_BOOL, 1, qn_random_below(m->r, qn_circuit_bits(m->circuit)));
        break;
    case 2:
        program_token(m, QN_TOKEN_VARIABLE, QN_TYPE_BOOL, 1, m->variables[0]);
        break;
    case 3:
        program_value(m, QN_TYPE_BOOL, 1, depth - 1);
        program_token(m, QN_TOKEN_NOT, QN_TYPE_BOOL, 1, 0);
        break;
    case 4:
        program_value(m, QN_TYPE_BOOL, 1, depth - 1);
        program_value(m, QN_TYPE_BOOL, 1, depth - 1);
        program_token(m, qn_random_below(m->r, 2) ? QN_TOKEN_LOGICAL_AND : QN_TOKEN_LOGICAL_OR, QN_TYPE_BOOL, 1, 0);
        break;
    default: {
        const qn_type types[] = {QN_TYPE_INT, QN_TYPE_UINT, QN_TYPE_FLOAT};
        const qn_type type = types[qn_random_below(m->r, m->plain ? 2 : 3)];
        const uint32_t width = type == QN_TYPE_INT ? 8 : type == QN_TYPE_UINT ? 5 : 64;
        program_value(m, type, width, depth - 1);
        program_value(m, type, width, depth - 1);
        program_token(m, (qn_token_kind)(QN_TOKEN_EQUAL + (int)qn_random_below(m->r, 6)), type, width, 0);
        break;
    }
    }
}

static inline void program_integer(program_maker *m, qn_type type, uint32_t width, uint32_t depth)
{
    static const qn_token_kind binary[] = {QN_TOKEN_ADD, QN_TOKEN_SUBTRACT, QN_TOKEN_MULTIPLY,
                                           QN_TOKEN_AND, QN_TOKEN_OR,       QN_TOKEN_XOR};
    const uint32_t bits = qn_circuit_bits(m->circuit);
    switch (qn_random_below(m->r, depth == 0 ? 3 : 9)) {
    case 0:
        program_number(m, type, width);
        break;
    case 1:
        program_token(m, QN_TOKEN_VARIABLE, type, width, m->variables[type == QN_TYPE_INT ? 1 : 2]);
        program_token(m, QN_TOKEN_CAST, type, width, 0);
        break;
    case 2: {
        const uint32_t first = qn_random_below(m->r, bits), count = 1 + qn_random_below(m->r, bits - first);
        program_token(m, QN_TOKEN_BITS, QN_TYPE_UINT, count, first);
        program_token(m, QN_TOKEN_CAST, type, width, 0);
        break;
    }
    case 3:
        program_value(m, type, width, depth - 1);
        program_token(m, qn_random_below(m->r, 2) ? QN_TOKEN_NEGATE : QN_TOKEN_COMPLEMENT, type, width, 0);
        break;
    case 4:
        program_value(m, type, width, depth - 1);
        program_token(m, QN_TOKEN_INT, QN_TYPE_UINT, 4, 0);
        m->tokens[m->count - 1].integer = qn_random_below(m->r, width);
        program_token(m, qn_random_below(m->r, 2) ? QN_TOKEN_SHIFT_LEFT : QN_TOKEN_SHIFT_RIGHT, type, width, 0);
        break;
    case 5: /* no division by zero: by something | 1 */
        program_value(m, type, width, depth - 1);
        program_value(m, type, width, depth - 1);
        program_token(m, QN_TOKEN_INT, type, width, 0);
        m->tokens[m->count - 1].integer = 1;
        program_token(m, QN_TOKEN_OR, type, width, 0);
        program_token(m, qn_random_below(m->r, 2) ? QN_TOKEN_DIVIDE : QN_TOKEN_MODULO, type, width, 0);
        break;
    default:
        program_value(m, type, width, depth - 1);
        program_value(m, type, width, depth - 1);
        program_token(m, binary[qn_random_below(m->r, 6)], type, width, 0);
        break;
    }
}

static inline void program_float(program_maker *m, uint32_t depth)
{
    switch (qn_random_below(m->r, depth == 0 ? 3 : 7)) {
    case 0:
        program_token(m, QN_TOKEN_FLOAT, QN_TYPE_FLOAT, 64, 0);
        m->tokens[m->count - 1].number = qn_random_between(m->r, -3, 3);
        break;
    case 1:
        program_token(m, QN_TOKEN_VARIABLE, QN_TYPE_FLOAT, 64, m->variables[3]);
        break;
    case 2:
        if (m->symbols > 0) {
            program_token(m, QN_TOKEN_SYMBOL, QN_TYPE_FLOAT, 64, qn_random_below(m->r, m->symbols));
        } else {
            program_token(m, QN_TOKEN_FLOAT, QN_TYPE_FLOAT, 64, 0);
            m->tokens[m->count - 1].number = 0.25;
        }
        break;
    case 3:
        program_value(m, QN_TYPE_FLOAT, 64, depth - 1);
        program_token(m, qn_random_below(m->r, 2) ? QN_TOKEN_SIN : QN_TOKEN_COS, QN_TYPE_FLOAT, 64, 0);
        break;
    case 4:
        program_value(m, QN_TYPE_INT, 8, depth - 1);
        program_token(m, QN_TOKEN_CAST, QN_TYPE_FLOAT, 64, 0);
        break;
    default:
        program_value(m, QN_TYPE_FLOAT, 64, depth - 1);
        program_value(m, QN_TYPE_FLOAT, 64, depth - 1);
        program_token(m, qn_random_below(m->r, 2) ? QN_TOKEN_ADD : QN_TOKEN_SUBTRACT, QN_TYPE_FLOAT, 64, 0);
        break;
    }
}

static inline void program_angle(program_maker *m, uint32_t width, uint32_t depth)
{
    switch (qn_random_below(m->r, depth == 0 ? 2 : 4)) {
    case 0:
        program_token(m, QN_TOKEN_VARIABLE, QN_TYPE_ANGLE, width, m->variables[4]);
        break;
    case 1:
        program_float(m, 0);
        program_token(m, QN_TOKEN_CAST, QN_TYPE_ANGLE, width, 0);
        break;
    case 2:
        program_value(m, QN_TYPE_ANGLE, width, depth - 1);
        program_token(m, QN_TOKEN_NEGATE, QN_TYPE_ANGLE, width, 0);
        break;
    default:
        program_value(m, QN_TYPE_ANGLE, width, depth - 1);
        program_value(m, QN_TYPE_ANGLE, width, depth - 1);
        program_token(m, qn_random_below(m->r, 2) ? QN_TOKEN_ADD : QN_TOKEN_SUBTRACT, QN_TYPE_ANGLE, width, 0);
        break;
    }
}

static inline void program_value(program_maker *m, qn_type type, uint32_t width, uint32_t depth)
{
    switch (type) {
    case QN_TYPE_BOOL:
        program_bool(m, depth);
        break;
    case QN_TYPE_FLOAT:
        program_float(m, depth);
        break;
    case QN_TYPE_ANGLE:
        program_angle(m, width, depth);
        break;
    default:
        program_integer(m, type, width, depth);
        break;
    }
}

static inline uint32_t program_expression(program_maker *m, qn_type type, uint32_t width)
{
    uint32_t index = 0;
    m->count = 0;
    program_value(m, type, width, 2);
    assert_ok(qn_circuit_add_expression(m->circuit, m->tokens, m->count, &index));
    return index;
}

static inline void program_block(program_maker *m, uint32_t length, uint32_t depth, bool loop);

static inline void program_loop(program_maker *m, uint32_t depth)
{
    const uint32_t rounds = 1 + qn_random_below(m->r, 3);
    uint32_t zero = 0, less = 0, more = 0;
    /* Zero, but in a way that a reader does not know: a loop whose rounds are known is unrolled. */
    m->count = 0;
    program_token(m, QN_TOKEN_BITS, QN_TYPE_UINT, 1, 0);
    program_token(m, QN_TOKEN_CAST, QN_TYPE_INT, 16, 0);
    program_token(m, QN_TOKEN_INT, QN_TYPE_INT, 16, 0);
    m->tokens[2].integer = 0;
    program_token(m, QN_TOKEN_AND, QN_TYPE_INT, 16, 0);
    assert_ok(qn_circuit_add_expression(m->circuit, m->tokens, m->count, &zero));
    m->count = 0;
    program_token(m, QN_TOKEN_VARIABLE, QN_TYPE_INT, 16, m->counter);
    program_token(m, QN_TOKEN_INT, QN_TYPE_INT, 16, 0);
    m->tokens[1].integer = rounds;
    program_token(m, QN_TOKEN_LESS, QN_TYPE_INT, 16, 0);
    assert_ok(qn_circuit_add_expression(m->circuit, m->tokens, m->count, &less));
    m->tokens[1].integer = 1;
    m->tokens[2].kind = QN_TOKEN_ADD;
    assert_ok(qn_circuit_add_expression(m->circuit, m->tokens, m->count, &more));
    assert_ok(qn_circuit_append_assign(m->circuit, m->counter, zero));
    assert_ok(qn_circuit_append_flow(m->circuit, QN_OP_WHILE, less));
    assert_ok(qn_circuit_append_assign(m->circuit, m->counter, more));
    program_block(m, 2, depth - 1, true);
    assert_ok(qn_circuit_append_flow(m->circuit, QN_OP_END, 0));
}

static inline void program_statement(program_maker *m, uint32_t depth, bool loop)
{
    static const qn_type types[] = {QN_TYPE_BOOL, QN_TYPE_INT, QN_TYPE_UINT, QN_TYPE_FLOAT, QN_TYPE_ANGLE};
    static const uint32_t widths[] = {1, 8, 5, 64, 12};
    const uint32_t n = qn_circuit_qubits(m->circuit), bits = qn_circuit_bits(m->circuit);
    const uint32_t qubit = qn_random_below(m->r, n);
    switch (qn_random_below(m->r, depth > 0 ? 14 : 10)) {
    case 0:
    case 1:
        assert_ok(qn_circuit_append_measure(m->circuit, qubit, qn_random_below(m->r, bits)));
        break;
    case 2:
        assert_ok(qn_circuit_append_reset(m->circuit, qubit));
        break;
    case 3:
        assert_ok(qn_circuit_append_barrier(m->circuit, &qubit, qn_random_below(m->r, 2)));
        break;
    case 4: {
        const uint32_t k = qn_random_below(m->r, m->plain ? 3 : 5);
        assert_ok(qn_circuit_append_assign(m->circuit, m->variables[k], program_expression(m, types[k], widths[k])));
        break;
    }
    case 5:
        assert_ok(qn_circuit_append_assign_bit(m->circuit, qn_random_below(m->r, bits),
                                               program_expression(m, QN_TYPE_BOOL, 1)));
        break;
    case 6:
        if (!m->plain) {
            const bool angle = qn_random_below(m->r, 2) == 0;
            qn_param param = QN_PARAM(angle ? 0 : qn_random_between(m->r, -1, 1));
            param.expression = program_expression(m, angle ? QN_TYPE_ANGLE : QN_TYPE_FLOAT, angle ? 12 : 64);
            assert_ok(qn_circuit_append(m->circuit, QN_GATE_RX, &qubit, 1, &param, 1));
        }
        break;
    case 10:
    case 11:
        assert_ok(qn_circuit_append_flow(m->circuit, QN_OP_IF, program_expression(m, QN_TYPE_BOOL, 1)));
        program_block(m, 1 + qn_random_below(m->r, 2), depth - 1, loop);
        if (qn_random_below(m->r, 2) == 0) {
            assert_ok(qn_circuit_append_flow(m->circuit, QN_OP_ELSE, 0));
            program_block(m, 1 + qn_random_below(m->r, 2), depth - 1, loop);
        }
        assert_ok(qn_circuit_append_flow(m->circuit, QN_OP_END, 0));
        break;
    case 12:
        if (!loop) {
            program_loop(m, depth);
            break;
        }
        assert_ok(qn_circuit_append_flow(m->circuit, QN_OP_IF, program_expression(m, QN_TYPE_BOOL, 1)));
        assert_ok(qn_circuit_append_flow(m->circuit, qn_random_below(m->r, 2) ? QN_OP_BREAK : QN_OP_CONTINUE, 0));
        assert_ok(qn_circuit_append_flow(m->circuit, QN_OP_END, 0));
        break;
    case 13:
        assert_ok(qn_circuit_append_flow(m->circuit, QN_OP_IF, program_expression(m, QN_TYPE_BOOL, 1)));
        assert_ok(qn_circuit_append_flow(m->circuit, QN_OP_STOP, 0));
        assert_ok(qn_circuit_append_flow(m->circuit, QN_OP_END, 0));
        break;
    default:
        (void)qn_random_append(m->r, m->circuit, (qn_gate)qn_random_below(m->r, QN_GATE_COUNT_), m->symbols,
                               qn_random_below(m->r, 2));
        break;
    }
}

static inline void program_block(program_maker *m, uint32_t length, uint32_t depth, bool loop)
{
    for (uint32_t i = 0; i < length; i++) {
        program_statement(m, depth, loop);
    }
}

/* Three qubits, two registers of bits, one variable of each type, `symbols` free parameters. */
static inline qn_circuit *program_random(qn_random *r, uint32_t symbols, uint32_t length, bool plain)
{
    program_maker m = {.r = r, .symbols = symbols, .plain = plain, .circuit = qn_random_start(r, 3, symbols)};
    uint32_t index = 0;
    assert_ok(qn_circuit_add_variable(m.circuit, "q", QN_TYPE_QUBITS, 2, 0, 0, &index));
    assert_ok(qn_circuit_add_variable(m.circuit, "c", QN_TYPE_BITS, 2, 0, 0, &index));
    assert_ok(qn_circuit_add_variable(m.circuit, "flag", QN_TYPE_BOOL, 1, 0, 0, &m.variables[0]));
    assert_ok(qn_circuit_add_variable(m.circuit, "n", QN_TYPE_INT, 8, 0, 0, &m.variables[1]));
    assert_ok(qn_circuit_add_variable(m.circuit, "u8", QN_TYPE_UINT, 5, 0, 0, &m.variables[2]));
    assert_ok(qn_circuit_add_variable(m.circuit, "value", QN_TYPE_FLOAT, 64, 0, 0, &m.variables[3]));
    assert_ok(qn_circuit_add_variable(m.circuit, "turn", QN_TYPE_ANGLE, 12, 0, 0, &m.variables[4]));
    assert_ok(qn_circuit_add_variable(m.circuit, "counter", QN_TYPE_INT, 16, 0, 0, &m.counter));
    assert_ok(qn_circuit_add_variable(m.circuit, "d", QN_TYPE_BITS, 3, 0, 0, &index));
    program_block(&m, length, 2, false);
    return m.circuit;
}

/* The interpreter. */

typedef struct program_run {
    const qn_circuit *circuit;
    const double *theta;
    qn_random random;
    dense_complex *state;
    uint64_t bits[4];
    qn_value variables[16];
    uint32_t shown; /* steps so far, against loops that never end */
} program_run;

static inline qn_value program_evaluate(program_run *run, uint32_t expression)
{
    const qn_classical_state state = {run->bits, run->variables, run->theta};
    qn_value value;
    assert_ok(qn_expression_evaluate(run->circuit, expression, &state, &value));
    return value;
}

static inline bool program_true(program_run *run, uint32_t expression)
{
    const qn_value value = program_evaluate(run, expression);
    qn_value truth;
    assert_true(qn_value_cast(&value, QN_TYPE_BOOL, 1, &truth));
    return truth.integer != 0;
}

static inline void program_set_bit(program_run *run, uint32_t bit, bool value)
{
    run->bits[bit / 64] &= ~(UINT64_C(1) << bit % 64);
    run->bits[bit / 64] |= (uint64_t)value << bit % 64;
}

static inline bool program_measure(program_run *run, uint32_t qubit)
{
    const size_t size = (size_t)1 << qn_circuit_qubits(run->circuit);
    double one = 0;
    for (size_t b = 0; b < size; b++) {
        one += (b >> qubit & 1) != 0 ? pow(cabs(run->state[b]), 2) : 0;
    }
    const bool outcome = qn_random_between(&run->random, 0, 1) < one;
    for (size_t b = 0; b < size; b++) {
        run->state[b] = (b >> qubit & 1) == outcome ? run->state[b] / sqrt(outcome ? one : 1 - one) : 0;
    }
    return outcome;
}

/* The index behind the END, or the ELSE, that matches the block opened at `at`. */
static inline size_t program_skip(const qn_circuit *circuit, size_t at, bool to_else)
{
    for (uint32_t depth = 0;; at++) {
        qn_operation op;
        qn_circuit_operation(circuit, at, &op);
        depth += op.kind == QN_OP_IF || op.kind == QN_OP_WHILE;
        depth -= op.kind == QN_OP_END;
        if (depth == 0 || (to_else && depth == 1 && op.kind == QN_OP_ELSE)) {
            return at + 1;
        }
    }
}

/* The WHILE around operation `at`. */
static inline size_t program_loop_of(const qn_circuit *circuit, size_t at)
{
    for (uint32_t depth = 0;;) {
        qn_operation op;
        qn_circuit_operation(circuit, --at, &op);
        depth += op.kind == QN_OP_END;
        if (op.kind == QN_OP_IF || op.kind == QN_OP_WHILE) {
            if (depth == 0 && op.kind == QN_OP_WHILE) {
                return at;
            }
            depth -= depth > 0;
        }
    }
}

static inline void program_gate(program_run *run, qn_operation *op)
{
    qn_param params[8];
    for (uint32_t i = 0; i < op->nparams; i++) {
        double value = qn_param_value(&op->params[i], run->theta);
        if (op->params[i].expression != 0) {
            const qn_value added = program_evaluate(run, op->params[i].expression);
            value += qn_value_number(&added);
        }
        params[i] = QN_PARAM(value);
    }
    op->params = params;
    dense_apply(op, NULL, qn_circuit_qubits(run->circuit), run->state);
}

static inline void program_assign(program_run *run, const qn_operation *op)
{
    const qn_value value = program_evaluate(run, op->expression);
    if (op->bit != QN_NO_BIT) {
        program_set_bit(run, op->bit, program_true(run, op->expression));
        return;
    }
    qn_variable v;
    qn_circuit_variable(run->circuit, op->variable, &v);
    qn_value cast;
    assert_true(qn_value_cast(&value, v.type, v.width, &cast));
    if (v.type == QN_TYPE_BITS) {
        for (uint32_t i = 0; i < v.width; i++) {
            program_set_bit(run, v.first + i, ((uint64_t)cast.integer >> i & 1) != 0);
        }
    } else {
        run->variables[op->variable] = cast;
    }
}

/* Runs a program once; `run->state` is freed by the caller. */
static inline void program_execute(program_run *run, const qn_circuit *circuit, const double *theta, uint64_t seed)
{
    *run = (program_run){.circuit = circuit, .theta = theta, .random = {seed}};
    run->state = dense_new((size_t)1 << qn_circuit_qubits(circuit));
    run->state[0] = 1;
    assert_true(qn_circuit_variables(circuit) <= 16 && qn_circuit_bits(circuit) <= 256);
    for (size_t i = 0; i < qn_circuit_variables(circuit); i++) {
        qn_variable v;
        qn_circuit_variable(circuit, i, &v);
        run->variables[i] = (qn_value){.type = v.type, .width = v.width};
        if (v.type == QN_TYPE_FLOAT) {
            run->variables[i].number = 0;
        }
    }
    for (size_t at = 0; at < qn_circuit_operations(circuit);) {
        qn_operation op;
        qn_circuit_operation(circuit, at, &op);
        assert_true(run->shown++ < 100000);
        switch (op.kind) {
        case QN_OP_GATE:
            program_gate(run, &op);
            break;
        case QN_OP_MEASURE: {
            const bool outcome = program_measure(run, op.targets[0]);
            if (op.bit != QN_NO_BIT) {
                program_set_bit(run, op.bit, outcome);
            }
            break;
        }
        case QN_OP_RESET:
            if (program_measure(run, op.targets[0])) {
                for (size_t b = 0; b < (size_t)1 << qn_circuit_qubits(circuit); b++) {
                    if ((b >> op.targets[0] & 1) == 0) {
                        run->state[b] = run->state[b | (size_t)1 << op.targets[0]];
                        run->state[b | (size_t)1 << op.targets[0]] = 0;
                    }
                }
            }
            break;
        case QN_OP_ASSIGN:
            program_assign(run, &op);
            break;
        case QN_OP_IF:
            if (!program_true(run, op.expression)) {
                at = program_skip(circuit, at, true);
                continue;
            }
            break;
        case QN_OP_ELSE: /* the first branch has run */
            for (uint32_t depth = 1; depth > 0;) {
                qn_circuit_operation(circuit, ++at, &op);
                depth += op.kind == QN_OP_IF || op.kind == QN_OP_WHILE;
                depth -= op.kind == QN_OP_END;
            }
            break;
        case QN_OP_WHILE:
            if (!program_true(run, op.expression)) {
                at = program_skip(circuit, at, false);
                continue;
            }
            break;
        case QN_OP_END: { /* of a loop: once more */
            uint32_t depth = 1;
            size_t from = at;
            while (depth > 0) {
                qn_circuit_operation(circuit, --from, &op);
                depth += op.kind == QN_OP_END;
                depth -= op.kind == QN_OP_IF || op.kind == QN_OP_WHILE;
            }
            if (op.kind == QN_OP_WHILE) {
                at = from;
                continue;
            }
            break;
        }
        case QN_OP_BREAK:
            at = program_skip(circuit, program_loop_of(circuit, at), false);
            continue;
        case QN_OP_CONTINUE:
            at = program_loop_of(circuit, at);
            continue;
        case QN_OP_STOP:
            return;
        default:
            break;
        }
        at++;
    }
}

/* Shown when a comparison fails. */
static const char *program_text;

static inline void program_require(bool condition, const char *what)
{
    if (!condition) {
        print_error("%s differs:\n%s\n", what, program_text != NULL ? program_text : "");
        fail();
    }
}

/* Two programs do the same: the same printed results and the same final state, up to a phase, for every seed. */
static inline void assert_same_runs(const qn_circuit *a, const qn_circuit *b, const double *theta, uint64_t seeds)
{
    assert_int_equal(qn_circuit_qubits(a), qn_circuit_qubits(b));
    for (uint64_t seed = 0; seed < seeds; seed++) {
        program_run first, second;
        char keys[2][256];
        program_execute(&first, a, theta, seed);
        program_execute(&second, b, theta, seed);
        assert_true(qn_circuit_key_size(a) <= sizeof keys[0] && qn_circuit_key_size(b) <= sizeof keys[1]);
        qn_circuit_key(a, first.bits, keys[0]);
        qn_circuit_key(b, second.bits, keys[1]);
        dense_complex overlap = 0;
        for (size_t i = 0; i < (size_t)1 << qn_circuit_qubits(a); i++) {
            overlap += conj(first.state[i]) * second.state[i];
        }
        free(first.state);
        free(second.state);
        if (qn_circuit_bits(a) > 0) {
            program_require(strcmp(keys[0], keys[1]) == 0, "the result");
        }
        program_require(fabs(cabs(overlap) - 1) < 1e-9, "the state");
    }
}

/* Everything of two circuits is the same, number by number. */
static inline void assert_identical(const qn_circuit *a, const qn_circuit *b)
{
    assert_int_equal(qn_circuit_qubits(a), qn_circuit_qubits(b));
    assert_int_equal(qn_circuit_symbols(a), qn_circuit_symbols(b));
    for (uint32_t i = 0; i < qn_circuit_symbols(a); i++) {
        assert_string_equal(qn_circuit_symbol_name(a, i), qn_circuit_symbol_name(b, i));
    }
    assert_int_equal(qn_circuit_variables(a), qn_circuit_variables(b));
    for (size_t i = 0; i < qn_circuit_variables(a); i++) {
        qn_variable x, y;
        qn_circuit_variable(a, i, &x);
        qn_circuit_variable(b, i, &y);
        assert_string_equal(x.name, y.name);
        assert_true(x.type == y.type && x.width == y.width && x.first == y.first && x.flags == y.flags);
    }
    assert_int_equal(qn_circuit_expressions(a), qn_circuit_expressions(b));
    for (uint32_t i = 1; i <= qn_circuit_expressions(a); i++) {
        size_t count = 0, other = 0;
        const qn_token *x = qn_circuit_expression(a, i, &count), *y = qn_circuit_expression(b, i, &other);
        assert_int_equal(count, other);
        for (size_t t = 0; t < count; t++) {
            assert_true(x[t].kind == y[t].kind && x[t].type == y[t].type && x[t].width == y[t].width &&
                        x[t].index == y[t].index && x[t].integer == y[t].integer);
        }
    }
    assert_int_equal(qn_circuit_operations(a), qn_circuit_operations(b));
    for (size_t i = 0; i < qn_circuit_operations(a); i++) {
        qn_operation x, y;
        qn_circuit_operation(a, i, &x);
        qn_circuit_operation(b, i, &y);
        assert_true(x.kind == y.kind && x.bit == y.bit && x.variable == y.variable && x.expression == y.expression &&
                    x.line == y.line && x.gate == y.gate && x.base == y.base && x.ncontrols == y.ncontrols &&
                    x.control_state == y.control_state && x.ntargets == y.ntargets && x.nparams == y.nparams);
        for (uint32_t k = 0; k < x.ncontrols; k++) {
            assert_int_equal(x.controls[k], y.controls[k]);
        }
        for (uint32_t k = 0; k < x.ntargets; k++) {
            assert_int_equal(x.targets[k], y.targets[k]);
            assert_true(x.pauli == NULL || x.pauli[k] == y.pauli[k]);
        }
        for (uint32_t k = 0; k < x.nparams; k++) {
            const qn_param *p = &x.params[k], *q = &y.params[k];
            assert_memory_equal(&p->constant, &q->constant, sizeof p->constant);
            assert_true(p->count == q->count && p->expression == q->expression);
            for (size_t t = 0; t < p->count; t++) {
                assert_int_equal(p->terms[t].symbol, q->terms[t].symbol);
                assert_memory_equal(&p->terms[t].coefficient, &q->terms[t].coefficient, sizeof(double));
            }
        }
        if (x.matrix != NULL) {
            assert_memory_equal(x.matrix, y.matrix, ((size_t)1 << 2 * x.ntargets) * sizeof *x.matrix);
        }
    }
}

#endif
