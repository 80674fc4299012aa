/* text.h: what the writers of this folder need of a growing text beyond the public calls. */
#ifndef QN_REPORT_TEXT_H
#define QN_REPORT_TEXT_H

#include <quern/report.h>

/* Put the text into its failed state; the first failure stays. */
void qn__text_fail(qn_text *text, qn_status status);
void qn__text_puts(qn_text *text, const char *string);
/* `count` times the same byte. */
void qn__text_fill(qn_text *text, char byte, size_t count);
/* Escaped for XML and HTML, in content and in attributes; bytes that are not UTF-8, and control characters that XML
 * forbids, become U+FFFD. */
void qn__text_xml(qn_text *text, const char *string);
/* Of its first `count` bytes, among which is no 0. */
void qn__text_xml_part(qn_text *text, const char *string, size_t count);

/* Length in bytes of the UTF-8 character at `string`; 0 when it is not well-formed (overlong, surrogate, cut, over
 * U+10FFFF). */
size_t qn__utf8_length(const char *string);
/* Characters, not bytes: columns of a terminal for the scripts we write. */
size_t qn__utf8_columns(const char *string);

#endif
