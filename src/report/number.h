/* number.h: numbers as text, the same in every locale. */
#ifndef QN_REPORT_NUMBER_H
#define QN_REPORT_NUMBER_H

#include <stddef.h>

enum { QN__NUMBER_SIZE = 48 };

/* The fewest digits that read back to the same double; "nan", "inf", "-inf" for the rest. `buffer` holds
 * QN__NUMBER_SIZE. */
const char *qn__number_shortest(char *buffer, double value);
/* printf's %.*f, %.*e and %.*g with a point whatever the locale says; `kind` is 'f', 'e' or 'g'. */
const char *qn__number_format(char *buffer, size_t capacity, double value, int digits, char kind);

#endif
