OPENQASM 3.0;
include "stdgates.inc";
def f(qubit[2] a, int k, bit b) -> bit[2] { if (b) { return "01"; } for int i in [0:k] { h a; } return measure a; }
qubit[4] q; bit[2] c; c = f(q[0:1], 2, true); c = f(q[1] ++ q[3], 1, c[0]);
