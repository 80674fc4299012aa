OPENQASM 3.0;
include "stdgates.inc";
qubit[5] q; bit[5] c; let a = q[{0, 2}] ++ q[3:4]; h a[-1]; let b = c[1:3]; b = "101"; c ^= "11111";
