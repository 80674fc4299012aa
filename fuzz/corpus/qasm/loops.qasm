OPENQASM 3.0;
include "stdgates.inc";
qubit[3] q; bit[3] c; int k = 0;
for int i in [2:-1:0] { c[i] = measure q[i]; if (c[i]) { break; } k += i; if (k == 1) continue; }
while (c[0] && k < 4) { c[0] = measure q[0]; k += 1; if (k == 3) break; }
