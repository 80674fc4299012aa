// Iterative phase estimation: one ancilla, measured and reset four times, finds the phase 11/16 of a gate, the lowest
// bit first. The result is 1011 in every shot.
OPENQASM 3.0;
include "stdgates.inc";

const int bits = 4;
qubit ancilla;
qubit target;
bit[bits] estimate;

x target; // the eigenstate of p with eigenvalue exp(2 pi i 11/16)

for int k in [0:bits - 1] {
    reset ancilla;
    h ancilla;
    for int repeat in [1:2 ** (bits - 1 - k)] {
        cp(2 * pi * 11 / 16) ancilla, target;
    }
    for int j in [0:k - 1] {
        if (estimate[j]) {
            p(-pi / 2 ** (k - j)) ancilla;
        }
    }
    h ancilla;
    estimate[k] = measure ancilla;
}
