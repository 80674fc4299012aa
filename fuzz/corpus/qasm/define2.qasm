OPENQASM 2.0;
include "qelib1.inc";
gate g(a,b) x,y { rx(a^2/b) x; cx x,y; }
opaque o(a) x;
qreg q[2];
g(1,2) q[0],q[1];
