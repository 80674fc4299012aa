/* format.h: readers and writers of other people's files.
 *
 * A reader that fails returns QN_ERR_PARSE and its message is "name:line:column: error: what, and what was expected"
 * (line and column from 1). `name` is what to call the text in messages. Sizes are checked before memory is asked for.
 */
#ifndef QUERN_FORMAT_H
#define QUERN_FORMAT_H

#include <quern/fermion.h>

QN_BEGIN_DECLS

typedef enum qn_format {
    QN_FORMAT_UNKNOWN = 0,
    QN_FORMAT_PAULI_TEXT = 1,
    QN_FORMAT_PAULI_JSON = 2,
    QN_FORMAT_FCIDUMP = 3
} qn_format;
QN_API const char *qn_format_name(qn_format format); /* "Pauli sum (text)", … */
/** Guess from the content, never from the name. */
QN_API qn_format qn_format_detect(const char *text, size_t length);

/** Read a whole file into memory with a 0 byte behind; "-" is standard input. Release with qn_text_free. Refuses
 * directories, and files over `limit` bytes (0: 1 GiB) with QN_ERR_TOO_LARGE. */
QN_API QN_MUST_USE qn_status qn_file_read(const char *path, uint64_t limit, char **text, size_t *length);
QN_API void qn_text_free(char *text);
/** Write a whole file: to a temporary beside it, synced, then renamed; "-" is standard output. Nothing is left
 * half-written. */
QN_API QN_MUST_USE qn_status qn_file_write(const char *path, const void *data, size_t length);

/** Pauli sums as text, one term a line or separated by ';'. `#` and `//` start comments. Terms:
 *     -1.0 ZZ            dense label, highest qubit left; spaces, `*` between coefficient and string allowed
 *     0.2 X0 X1          sparse
 *     -1.0 [Z0 Z1] +     OpenFermion's brackets; "[]" is the identity
 *     0.5                the identity, where the number of qubits is known from another term
 *  Coefficients: 1, -.5e-3, +2, (1+2j), 0.5j, "-" alone for -1. Dense labels must agree in length with each other;
 * sparse ones take the number of qubits from `nqubits`, a dense label, or 1 + the highest index. `nqubits` 0: infer.
 * Not simplified; merged terms are the caller's choice. Labels of up to 100,000 letters. */
QN_API QN_MUST_USE qn_status qn_read_pauli_text(const char *text, size_t length, const char *name, uint32_t nqubits,
                                                qn_pauli_sum **out);
/** Pauli sums as JSON: {"qubits": 2, "terms": [{"pauli": "ZZ", "coefficient": -1.0}, {"pauli": "X0 X1", "coefficient":
 * [0.2, 0.0]},
 *  ["ZI", 0.5]]}; or a bare list of ["label", c] pairs (as Qiskit's to_list gives); or an object {"ZZ": -1.0, …}. */
QN_API QN_MUST_USE qn_status qn_read_pauli_json(const char *text, size_t length, const char *name, qn_pauli_sum **out);
/** Either, by detection; besides, refuses sums that are empty or not Hermitian, naming the term. */
QN_API QN_MUST_USE qn_status qn_read_hamiltonian(const char *text, size_t length, const char *name, qn_pauli_sum **out);
/** The text forms again, one term a line with 17 digits; 0-terminated, release with qn_text_free. */
QN_API QN_MUST_USE qn_status qn_write_pauli_text(const qn_pauli_sum *sum, char **text, size_t *length);
QN_API QN_MUST_USE qn_status qn_write_pauli_json(const qn_pauli_sum *sum, char **text, size_t *length);

/** FCIDUMP (Knowles, Handy, Comput. Phys. Commun. 54, 75 (1989)): header &FCI … / or &END, any order and case of keys
 * (NORB, NELEC, MS2, ORBSYM, ISYM, IUHF/UHF), Fortran exponents (1.0D+00). Restricted and unrestricted (blocks
 * separated by zero lines, or spin-orbital numbering with IUHF). Redundant symmetric entries are counted once; entries
 * that contradict each other by more than 1e-8, indices outside 1..NORB, NELEC/MS2 that cannot be, are refused with
 * their line. */
QN_API QN_MUST_USE qn_status qn_read_fcidump(const char *text, size_t length, const char *name, qn_integrals **out);
/** Unique entries above `cutoff`, 17 digits. */
QN_API QN_MUST_USE qn_status qn_write_fcidump(const qn_integrals *integrals, double cutoff, char **text,
                                              size_t *length);

QN_END_DECLS
#endif
