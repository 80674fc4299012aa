OPENQASM 3.0;
include "stdgates.inc";
qubit q; gate g a { h a; def f( { if (1 { for int i in [0: { 