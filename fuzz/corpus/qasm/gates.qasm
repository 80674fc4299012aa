OPENQASM 3.0;
include "stdgates.inc";
gate g(t) a, b { gphase(t); rx(t) a; ctrl @ U(t, 0, 1) a, b; for int i in [0:2] { x a; } }
qubit[2] q; pow(0.5) @ g(1) q[0], q[1]; inv @ g(2) q[0], q[1];
