OPENQASM 2.0;
include "qelib1.inc";
qreg q[2]; creg c[70];
if(c==3) measure q[0] -> c[1];
