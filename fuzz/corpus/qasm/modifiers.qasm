OPENQASM 3.0;
include "stdgates.inc";
qubit[4] q;
ctrl(2) @ inv @ pow(0.5) @ negctrl @ x q[0], q[1], q[2], q[3];
pow(-3) @ u2(1, 2) q[0]; pow(0.3) @ swap q[0], q[1];
