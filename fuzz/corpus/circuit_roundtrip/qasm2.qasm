OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[2];
gate g(a) x,y { cu1(a/2) x,y; }
g(pi/3) q[0],q[2];
measure q[0] -> c[1];
if(c==2) x q[1];
