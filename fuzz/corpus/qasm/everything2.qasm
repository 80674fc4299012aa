OPENQASM 2.0;
include "qelib1.inc";
qreg q[3]; creg c[2];
gate foo(a,b) x,y { u3(a,b^2,-a^2) x; cx x,y; barrier x,y; }
opaque bar(a) x;
foo(1/2,sin(pi/2)) q[0],q[1];
if(c==2) foo(1,2) q[0],q[2];
measure q[0] -> c[0];
if (c==1) measure q[1] -> c[1];
h q;
cx q[0], q;
bar(1) q[0];
cy q[0] q[1];
rx(0.3 q[0];
xx q[0];
h q[7];
