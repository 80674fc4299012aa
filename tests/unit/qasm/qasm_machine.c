/* qasm_machine.c: see qasm_machine.h. */
#include "qasm_machine.h"

void machine_start(machine *m, const qn_circuit *circuit, const double *theta, uint64_t outcomes)
{
    memset(m, 0, sizeof *m);
    assert_true(qn_circuit_qubits(circuit) <= MACHINE_QUBITS && qn_circuit_bits(circuit) <= 256);
    assert_true(qn_circuit_variables(circuit) <= MACHINE_VARIABLES);
    m->circuit = circuit;
    m->theta = theta;
    m->outcomes = outcomes;
    m->probability = 1;
    m->state[0] = 1;
    for (size_t i = 0; i < qn_circuit_variables(circuit); i++) {
        qn_variable v;
        qn_circuit_variable(circuit, i, &v);
        m->variables[i] = (qn_value){.type = v.type, .width = v.width};
        if (v.type == QN_TYPE_FLOAT) {
            m->variables[i].number = 0;
        }
    }
}

bool machine_bit(const machine *m, uint32_t bit)
{
    return (m->bits[bit / 64] >> (bit % 64) & 1) != 0;
}

static void set_bit(machine *m, uint32_t bit, bool value)
{
    m->bits[bit / 64] &= ~(UINT64_C(1) << (bit % 64));
    m->bits[bit / 64] |= (uint64_t)value << (bit % 64);
}

static qn_value evaluate(const machine *m, uint32_t expression)
{
    const qn_classical_state state = {m->bits, m->variables, m->theta};
    qn_value out;
    assert_ok(qn_expression_evaluate(m->circuit, expression, &state, &out));
    return out;
}

static void gate(machine *m, const qn_operation *op)
{
    double params[4];
    qn_complex matrix[64];
    const qn_complex *u = op->matrix;
    for (uint32_t i = 0; i < op->nparams; i++) {
        params[i] = qn_param_value(&op->params[i], m->theta);
        if (op->params[i].expression != 0) {
            const qn_value value = evaluate(m, op->params[i].expression);
            params[i] += qn_value_number(&value);
        }
    }
    if (u == NULL) {
        assert_ok(qn_gate_matrix(op->base, params, matrix));
        u = matrix;
    }
    const uint32_t size = 1u << op->ntargets;
    double complex out[MACHINE_STATES];
    for (uint32_t row = 0; row < MACHINE_STATES; row++) {
        bool fires = true;
        for (uint32_t k = 0; k < op->ncontrols; k++) {
            fires = fires && ((row >> op->controls[k] & 1) == (op->control_state >> k & 1));
        }
        out[row] = m->state[row];
        if (!fires) {
            continue;
        }
        uint32_t at = 0, rest = row;
        for (uint32_t k = 0; k < op->ntargets; k++) {
            at |= (row >> op->targets[k] & 1) << k;
            rest &= ~(1u << op->targets[k]);
        }
        out[row] = 0;
        for (uint32_t from = 0; from < size; from++) {
            uint32_t index = rest;
            for (uint32_t k = 0; k < op->ntargets; k++) {
                index |= (from >> k & 1) << op->targets[k];
            }
            out[row] += machine_complex(u[at * size + from].re, u[at * size + from].im) * m->state[index];
        }
    }
    memcpy(m->state, out, sizeof out);
    m->gates++;
}

static bool measure(machine *m, uint32_t qubit)
{
    double one = 0;
    for (uint32_t i = 0; i < MACHINE_STATES; i++) {
        one += (i >> qubit & 1) != 0 ? creal(m->state[i] * conj(m->state[i])) : 0;
    }
    bool outcome = one > 0.5;
    if (one > 1e-9 && one < 1 - 1e-9) {
        outcome = (m->outcomes & 1) != 0;
        m->outcomes >>= 1;
    }
    const double p = outcome ? one : 1 - one;
    m->probability *= p;
    for (uint32_t i = 0; i < MACHINE_STATES; i++) {
        m->state[i] = ((i >> qubit & 1) != 0) == outcome ? m->state[i] / sqrt(p) : 0;
    }
    return outcome;
}

static void reset(machine *m, uint32_t qubit)
{
    if (measure(m, qubit)) {
        for (uint32_t i = 0; i < MACHINE_STATES; i++) {
            if ((i >> qubit & 1) == 0) {
                m->state[i] = m->state[i | 1u << qubit];
                m->state[i | 1u << qubit] = 0;
            }
        }
    }
}

static void assign(machine *m, const qn_operation *op)
{
    const qn_value value = evaluate(m, op->expression);
    qn_value cast;
    if (op->variable == QN_NO_BIT) {
        assert_true(qn_value_cast(&value, QN_TYPE_BOOL, 1, &cast));
        set_bit(m, op->bit, cast.integer != 0);
        return;
    }
    qn_variable v;
    qn_circuit_variable(m->circuit, op->variable, &v);
    if (v.type == QN_TYPE_BITS) {
        assert_true(qn_value_cast(&value, QN_TYPE_UINT, v.width, &cast));
        for (uint32_t k = 0; k < v.width; k++) {
            set_bit(m, v.first + k, ((uint64_t)cast.integer >> k & 1) != 0);
        }
        return;
    }
    assert_true(qn_value_cast(&value, v.type, v.width, &m->variables[op->variable]));
}

static qn_op_kind kind_at(const machine *m, size_t at)
{
    qn_operation op;
    qn_circuit_operation(m->circuit, at, &op);
    return op.kind;
}

/* From an IF or ELSE to its ELSE or END; from a WHILE to its END. */
static size_t forward(const machine *m, size_t at, bool stop_at_else)
{
    size_t depth = 0;
    for (at++;; at++) {
        const qn_op_kind kind = kind_at(m, at);
        if (depth == 0 && (kind == QN_OP_END || (kind == QN_OP_ELSE && stop_at_else))) {
            return at;
        }
        depth += kind == QN_OP_IF || kind == QN_OP_WHILE;
        depth -= kind == QN_OP_END;
    }
}

bool machine_run(machine *m)
{
    size_t loops[128], nloops = 0;
    const size_t count = qn_circuit_operations(m->circuit);
    size_t steps = 0;
    for (size_t at = 0; at < count; at++) {
        qn_operation op;
        qn_circuit_operation(m->circuit, at, &op);
        if (++steps > MACHINE_STEPS) {
            return false;
        }
        switch (op.kind) {
        case QN_OP_GATE:
            gate(m, &op);
            break;
        case QN_OP_MEASURE: {
            const bool outcome = measure(m, op.targets[0]);
            if (op.bit != QN_NO_BIT) {
                set_bit(m, op.bit, outcome);
            }
            break;
        }
        case QN_OP_RESET:
            reset(m, op.targets[0]);
            break;
        case QN_OP_ASSIGN:
            assign(m, &op);
            break;
        case QN_OP_IF: {
            const qn_value value = evaluate(m, op.expression);
            at = value.integer != 0 ? at : forward(m, at, true);
            break;
        }
        case QN_OP_ELSE:
            at = forward(m, at, false);
            break;
        case QN_OP_WHILE: {
            const qn_value value = evaluate(m, op.expression);
            const bool inside = nloops > 0 && loops[nloops - 1] == at;
            if (value.integer != 0) {
                if (!inside) {
                    assert_true(nloops < 128);
                    loops[nloops++] = at;
                }
            } else {
                nloops -= inside;
                at = forward(m, at, false);
            }
            break;
        }
        case QN_OP_END: {
            /* Of a WHILE when the innermost running one ends here. */
            if (nloops > 0 && forward(m, loops[nloops - 1], false) == at) {
                at = loops[nloops - 1] - 1;
            }
            break;
        }
        case QN_OP_BREAK:
            assert_true(nloops > 0);
            at = forward(m, loops[--nloops], false);
            break;
        case QN_OP_CONTINUE:
            assert_true(nloops > 0);
            at = loops[nloops - 1] - 1;
            break;
        case QN_OP_STOP:
            return true;
        default:
            break;
        }
    }
    return true;
}

void machine_column(const qn_circuit *circuit, const double *theta, uint64_t basis, double complex *out)
{
    machine m;
    machine_start(&m, circuit, theta, 0);
    m.state[0] = 0;
    m.state[basis] = 1;
    assert_true(machine_run(&m));
    memcpy(out, m.state, sizeof m.state);
}

double machine_difference(const qn_circuit *a, const qn_circuit *b)
{
    double most = 0;
    assert_int_equal(qn_circuit_qubits(a), qn_circuit_qubits(b));
    for (uint64_t basis = 0; basis < UINT64_C(1) << qn_circuit_qubits(a); basis++) {
        double complex x[MACHINE_STATES], y[MACHINE_STATES];
        machine_column(a, NULL, basis, x);
        machine_column(b, NULL, basis, y);
        for (size_t i = 0; i < MACHINE_STATES; i++) {
            most = fmax(most, cabs(x[i] - y[i]));
        }
    }
    return most;
}
