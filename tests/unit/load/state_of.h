/* state_of.h: the state that a circuit of gates makes from |0...0>, through the engine. */
#ifndef QN_TEST_STATE_OF_H
#define QN_TEST_STATE_OF_H

#include <qn_random.h>

#include <quern/quern.h>

static inline qn_complex *state_of(const qn_circuit *circuit)
{
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    qn_program *program = NULL;
    const size_t count = (size_t)1 << qn_circuit_qubits(circuit);
    qn_complex *out = malloc(count * sizeof *out);
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn_engine_open(context, "statevector", &engine));
    assert_ok(qn_engine_compile(engine, circuit, NULL, 0, &program));
    assert_ok(qn_program_amplitudes(program, NULL, 0, count, out));
    qn_program_free(program);
    qn_engine_close(engine);
    qn_context_free(context);
    return out;
}

/* Largest distance of an amplitude, phases included. */
static inline double distance(const qn_complex *a, const qn_complex *b, size_t count)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++) {
        const double off = hypot(a[i].re - b[i].re, a[i].im - b[i].im);
        largest = !(off <= largest) ? off : largest;
    }
    return largest;
}

static inline void normalise(qn_complex *a, size_t count)
{
    double norm = 0;
    for (size_t i = 0; i < count; i++) {
        norm += a[i].re * a[i].re + a[i].im * a[i].im;
    }
    for (size_t i = 0; i < count; i++) {
        a[i].re /= sqrt(norm);
        a[i].im /= sqrt(norm);
    }
}

/* Normalised, Gaussian-like enough; real without `is_complex`, signs of both kinds. */
static inline void random_state(qn_random *r, qn_complex *a, size_t count, bool is_complex)
{
    for (size_t i = 0; i < count; i++) {
        a[i].re = qn_random_between(r, -1, 1);
        a[i].im = is_complex ? qn_random_between(r, -1, 1) : 0;
    }
    normalise(a, count);
}

#endif
