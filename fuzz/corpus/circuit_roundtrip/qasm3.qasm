OPENQASM 3.0;
include "stdgates.inc";
input float t;
qubit[3] q;
bit[2] c;
ctrl @ negctrl @ rz(2*t + 0.5) q[0], q[1], q[2];
U(1, 2, t) q[0];
c[0] = measure q[0];
if (c[0]) { reset q[0]; } else { inv @ sx q[1]; }
