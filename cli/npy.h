/* npy.h: amplitudes as a file that numpy.load reads. */
#ifndef CLI_NPY_H
#define CLI_NPY_H

#include <quern/quern.h>

/* Write the state of a circuit of gates, complex128 in rising order of the basis index, to `path` ("-": standard
 * output), piece by piece; a file is there whole or not at all. */
qn_status cli_npy_write(qn_engine *engine, const qn_circuit *gates, const char *path);

#endif
