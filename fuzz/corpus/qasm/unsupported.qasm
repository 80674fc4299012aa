OPENQASM 3.0;
include "stdgates.inc";
cal { }
extern f(int) -> int;
duration d = 5ns;
stretch s;
complex[float] z;
array[int, 2, 2] a;
