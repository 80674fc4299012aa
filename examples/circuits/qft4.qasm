// The quantum Fourier transform of |5> on four qubits, and back: the result is 0101 in every shot.
OPENQASM 3.0;
include "stdgates.inc";

gate qft a0, a1, a2, a3 {
    h a3;
    cp(pi / 2) a2, a3;
    cp(pi / 4) a1, a3;
    cp(pi / 8) a0, a3;
    h a2;
    cp(pi / 2) a1, a2;
    cp(pi / 4) a0, a2;
    h a1;
    cp(pi / 2) a0, a1;
    h a0;
    swap a0, a3;
    swap a1, a2;
}

qubit[4] q;
bit[4] c;

x q[0];
x q[2];
qft q[0], q[1], q[2], q[3];
barrier q;
inv @ qft q[0], q[1], q[2], q[3];
c = measure q;
