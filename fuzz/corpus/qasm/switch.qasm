OPENQASM 3.0;
include "stdgates.inc";
qubit q; bit[2] c; c[0] = measure q; switch (int(c)) { case 0, 1 { x q; } case 2 { end; } default { y q; } }
