// OpenQASM 2: a ripple-carry adder (Cuccaro, Draper, Kutin, Moulton, arXiv:quant-ph/0410184) for two 4-bit numbers.
// 9 + 7 = 16: sum 0000, carry 1.
OPENQASM 2.0;
include "qelib1.inc";

gate majority a, b, c {
    cx c, b;
    cx c, a;
    ccx a, b, c;
}
gate unmajority a, b, c {
    ccx a, b, c;
    cx c, a;
    cx a, b;
}

qreg cin[1];
qreg a[4];
qreg b[4];
qreg cout[1];
creg sum[4];
creg carry[1];

x a[0];
x a[3];
x b[0];
x b[1];
x b[2];

majority cin[0], b[0], a[0];
majority a[0], b[1], a[1];
majority a[1], b[2], a[2];
majority a[2], b[3], a[3];
cx a[3], cout[0];
unmajority a[2], b[3], a[3];
unmajority a[1], b[2], a[2];
unmajority a[0], b[1], a[1];
unmajority cin[0], b[0], a[0];

measure b -> sum;
measure cout -> carry;
