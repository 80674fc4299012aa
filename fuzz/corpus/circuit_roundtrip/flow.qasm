OPENQASM 3.1;
include "stdgates.inc";
qubit[2] q;
bit[2] c;
int[8] n = 0;
c[1] = measure q[1];
n = int[8](uint[2](c)) + 3;
while (n > 2) { n = n - 1; x q[0]; if (c[1]) { break; } }
angle[8] a = pi/4;
rx(a) q[0];
end;
