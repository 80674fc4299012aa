/* conventions.h: the conventions of circuits and operators, written once.
 *
 * Qubits     Qubit 0 is the least significant bit of a basis index: basis state b has qubit q in |bit q of b>.
 *            Printed bit strings and dense Pauli labels read from the highest qubit on the left: "ZI" is Z on qubit 1.
 * Gates      Controls come first, then targets; target 0 is the least significant bit of a gate's matrix index.
 *            Matrices are row-major: out[row * size + column], and the new state is M times the old one.
 * Rotations  R_P(theta) = exp(-i theta P / 2). p(theta) = diag(1, exp(i theta)), without the half.
 *            u(theta, phi, lambda) = [[cos, -exp(i lambda) sin], [exp(i phi) sin, exp(i (phi + lambda)) cos]] of
 * theta/2; the U of OpenQASM 3 is exp(i theta/2) times it, which shows only under controls: uphase with p3 = theta/2.
 * Phase      Global phases are kept: every text of gates.def is exact, and a gphase without controls is an operation.
 * Controls   Bit k of control_state says on which value of control k the gate fires.
 * Evolution  exp(-i theta c P) is a Pauli rotation by 2 c theta.
 * QAOA       phase exp(-i gamma C), mixer exp(-i beta sum X): angles 2 c gamma on each Z string of C, rx(2 beta).
 * Spin       Block order: spatial orbital p of spin alpha is mode p, of spin beta mode norb + p.
 *
 * Orders of other tools are converted in format/, nowhere else. */
#ifndef QN_CIRCUIT_CONVENTIONS_H
#define QN_CIRCUIT_CONVENTIONS_H
#endif
