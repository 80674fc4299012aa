OPENQASM 3.0;
include "stdgates.inc";
def f(int n) -> int { if (n < 2) return 1; return n * f(n - 1); } qubit q; rx(f(5)) q; def g(int n) { g(n); } g(1);
