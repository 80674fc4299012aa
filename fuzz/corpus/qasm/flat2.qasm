OPENQASM 2.0;
include "qelib1.inc";
qreg q[4]; creg c[4];
h q; cx q[0],q[1]; u3(pi/2,-0.5,1e-3) q[2]; barrier q; measure q -> c;
