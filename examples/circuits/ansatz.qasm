// A circuit with a free parameter: quern run ansatz.qasm --param theta=pi/3 --expect Z0 gives cos(theta) = 0.5.
OPENQASM 3.0;
include "stdgates.inc";

input float theta;
qubit[2] q;

ry(theta) q[0];
cx q[0], q[1];
