OPENQASM 3.0;
include "stdgates.inc";
const uint[8] N = 3; qubit[N] q; angle[4] a = pi / 3; float[32] f = a * 2.0; bool b = f > 1; array[int[8], N] v = {1, 2, 3}; v[0] += 2; uint[4] u = "0110"; u <<= 1; if (u[2]) rx(v[0] ** 2 % 3) q[0];
