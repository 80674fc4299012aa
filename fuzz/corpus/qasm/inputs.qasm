OPENQASM 3.0;
include "stdgates.inc";
input float x; input angle y; input int n; qubit q; rx(2 * x - y / n) q; rx(sin(x)) q; output bit r; r = measure q;
