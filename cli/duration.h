/* duration.h: times with units on the command line. */
#ifndef CLI_DURATION_H
#define CLI_DURATION_H

#include <stdbool.h>

/* "1us", "2.5 ms", "14d", "1e-6" (seconds); units ns us ms s min h d w y. False when it is none or not positive. */
bool cli_duration_read(const char *text, double *seconds);

#endif
