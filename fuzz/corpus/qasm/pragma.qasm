OPENQASM 3.0;
include "stdgates.inc";
#pragma x y
pragma z
@note 1 2
qubit q;
box { x q; }
