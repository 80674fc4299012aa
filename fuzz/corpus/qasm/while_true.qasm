OPENQASM 3.0;
include "stdgates.inc";
qubit q; bit c; while (true) { c = measure q; if (c) break; }
