// Teleportation: the state of q[0] comes out on q[2], by two measured bits that steer the last gates.
// The check at the end undoes the preparation, so that the register `out` is 0 in every shot.
OPENQASM 3.0;
include "stdgates.inc";

qubit[3] q;
bit[2] alice;
bit out;

ry(0.7) q[0];
rz(1.3) q[0];

h q[1];
cx q[1], q[2];

cx q[0], q[1];
h q[0];
alice[0] = measure q[0];
alice[1] = measure q[1];

if (alice[1]) {
    x q[2];
}
if (alice[0]) {
    z q[2];
}

rz(-1.3) q[2];
ry(-0.7) q[2];
out = measure q[2];
