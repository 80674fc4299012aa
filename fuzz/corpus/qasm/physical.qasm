OPENQASM 3.0;
include "stdgates.inc";
cx $0, $3; bit b; b = measure $3; reset $0; delay[100ns] $0; barrier;
