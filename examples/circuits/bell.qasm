// Two entangled qubits: 00 and 11, each half of the time, and nothing else.
OPENQASM 3.0;
include "stdgates.inc";

qubit[2] q;
bit[2] c;

h q[0];
cx q[0], q[1];
c = measure q;
