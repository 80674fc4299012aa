OPENQASM 3.0;
include "stdgates.inc";
qubit q; rx(0x) q; rx(1e999) q; "abc
ÿ $ ` 12ab /* never