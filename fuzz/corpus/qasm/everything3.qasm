OPENQASM 3.0;
include "stdgates.inc";
qubit[4] q; bit[4] c; int[8] n = 2; 
const int[32] N = 3;
gate my(θ) a, b { rz(θ/2) a; cx a, b; for int i in [0:1] { x a; } }
my(pi) q[0], q[1];
ctrl @ my(0.5) q[2], q[0], q[1];
inv @ my(0.5) q[0], q[1];
pow(2) @ x q[0];
pow(0.5) @ x q[0];
negctrl(2) @ x q[0], q[1], q[2];
inv @ ctrl @ s q[0], q[1];
ctrl @ gphase(0.3) q[0];
pow(0.5) @ swap q[0], q[1];
pow(1/2) @ x q[0];
def f(qubit a, int k) -> bit { h a; for int i in [1:k] { t a; } return measure a; }
c[0] = f(q[0], n);
if (c[0] == 1 && n == 2) { x q[1]; n = 5; } else { y q[1]; n += 1; }
rx(n * 0.5) q[0];
while (c[0]) { c[0] = measure q[0]; if (c == "0101") break; n -= 1; }
for int i in [0:2] { h q[i]; c[i] = measure q[i]; if (c[i]) { break; } x q[i]; }
for int i in {0, 2} { c[i] = measure q[i]; if (c[i]) { continue; } z q[i]; }
let a = q[0:1] ++ q[3];
h a;
switch (int(c)) { case 1, 2 { x q[0]; } case 3 { y q[0]; } default { z q[0]; } }
def g(bit b) -> int { if (b) { return 3; } return 4; }
n = g(c[1]);
for int i in [0:n] { x q[0]; }
rz(n) q[2];
uint[4] u = 5;
if (bool(u[2])) x q[3];
u <<= 1;
if (u == 10) z q[3];
while (true) { measure q[0] -> c[0]; if (c[0]) break; }
if (c[1]) { end; }
reset q;
U(0.1,0.2,0.3) q[0];
u3(0.1,0.2,0.3) q[1];
delay[100ns] q[0]; barrier;
measure q[3];
bit[2] d = measure q[0:1];
