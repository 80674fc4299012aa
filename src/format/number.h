/* number.h: decimal numbers to and from text, the same whatever the process's locale. */
#ifndef QN_FORMAT_NUMBER_H
#define QN_FORMAT_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

typedef enum qn__number_result {
    QN__NUMBER_OK,
    QN__NUMBER_NONE,     /* no number stands here */
    QN__NUMBER_NAN,      /* the word nan */
    QN__NUMBER_INFINITE, /* the words inf, infinity */
    QN__NUMBER_OVERFLOW, /* beyond the largest double */
    QN__NUMBER_LONG      /* more characters than anybody writes */
} qn__number_result;

enum { QN__NUMBER_LONGEST = 255 };

/* Reads [sign] digits [. digits] [e [sign] digits] from the front of `text`, rounded correctly, and says how many bytes
 * it took. With `fortran` the exponent's letter may be D or Q, or be missing before its sign ("1.5-101"). Hexadecimal
 * is not read. */
qn__number_result qn__number_scan(const char *text, size_t length, bool fortran, double *value, size_t *used);

/* Writes a finite number with 17 significant digits, enough to read the same double back; `exponent` forces the
 * form 1.5E+00. Returns the length. */
enum { QN__NUMBER_ROOM = 40 };
size_t qn__number_print(char buffer[QN__NUMBER_ROOM], double value, bool exponent);

#endif
