OPENQASM 3.0;
include "stdgates.inc";
gate a0 a { x a; x a; }
gate a1 a { a0 a; a0 a; }
gate a2 a { a1 a; a1 a; }
gate a3 a { a2 a; a2 a; }
gate a4 a { a3 a; a3 a; }
gate a5 a { a4 a; a4 a; }
gate a6 a { a5 a; a5 a; }
gate a7 a { a6 a; a6 a; }
gate a8 a { a7 a; a7 a; }
gate a9 a { a8 a; a8 a; }
gate a10 a { a9 a; a9 a; }
gate a11 a { a10 a; a10 a; }
gate a12 a { a11 a; a11 a; }
gate a13 a { a12 a; a12 a; }
gate a14 a { a13 a; a13 a; }
gate a15 a { a14 a; a14 a; }
gate a16 a { a15 a; a15 a; }
gate a17 a { a16 a; a16 a; }
gate a18 a { a17 a; a17 a; }
gate a19 a { a18 a; a18 a; }
gate a20 a { a19 a; a19 a; }
gate a21 a { a20 a; a20 a; }
gate a22 a { a21 a; a21 a; }
gate a23 a { a22 a; a22 a; }
gate a24 a { a23 a; a23 a; }
gate a25 a { a24 a; a24 a; }
gate a26 a { a25 a; a25 a; }
gate a27 a { a26 a; a26 a; }
gate a28 a { a27 a; a27 a; }
gate a29 a { a28 a; a28 a; }
qubit q; a29 q;
