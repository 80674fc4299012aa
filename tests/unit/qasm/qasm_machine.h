/* qasm_machine.h: a small machine for the tests: dense states, gates by their matrices, measurements by a fixed order
 * of outcomes. It shares nothing with the engines. */
#ifndef QN_QASM_MACHINE_H
#define QN_QASM_MACHINE_H

#include <complex.h>

#include "qn_test.h"

#include <quern/classical.h>

enum { MACHINE_QUBITS = 6, MACHINE_STATES = 1 << MACHINE_QUBITS, MACHINE_VARIABLES = 256, MACHINE_STEPS = 100000 };

/* re + i im; CMPLX is missing beside some compilers. */
static inline double complex machine_complex(double re, double im)
{
    const double parts[2] = {re, im};
    double complex out;
    memcpy(&out, parts, sizeof out);
    return out;
}

typedef struct machine {
    const qn_circuit *circuit;
    double complex state[MACHINE_STATES];
    uint64_t bits[4];
    qn_value variables[MACHINE_VARIABLES];
    const double *theta;
    uint64_t outcomes; /* of measurements with both outcomes possible, the first in bit 0 */
    double probability;
    size_t gates; /* run */
} machine;

void machine_start(machine *m, const qn_circuit *circuit, const double *theta, uint64_t outcomes);
/* Runs to the end; returns false when that takes more than MACHINE_STEPS. */
bool machine_run(machine *m);
bool machine_bit(const machine *m, uint32_t bit);
/* The column `basis` of the circuit's unitary, gates only. */
void machine_column(const qn_circuit *circuit, const double *theta, uint64_t basis, double complex *out);
/* Largest difference of two circuits' unitaries, global phase included. */
double machine_difference(const qn_circuit *a, const qn_circuit *b);

#endif
