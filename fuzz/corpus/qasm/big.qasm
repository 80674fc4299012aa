OPENQASM 2.0;
include "qelib1.inc";
qreg q[4294967296]; creg c[99999999]; qreg z[0];
