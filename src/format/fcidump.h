/* fcidump.h: the parts of an FCIDUMP reader: the header, and the entries behind it. */
#ifndef QN_FORMAT_FCIDUMP_H
#define QN_FORMAT_FCIDUMP_H

#include <quern/fermion.h>

#include "format/cursor.h"

/* What the header says. Offsets point at the values, for messages. */
typedef struct qn__fcidump_header {
    uint32_t norb;
    uint32_t nelec;
    int32_t ms2;
    bool unrestricted;         /* IUHF=1 or UHF=.TRUE. */
    int32_t *orbital_symmetry; /* norb labels, NULL when not given; qn__free */
    size_t norb_at, nelec_at, ms2_at;
} qn__fcidump_header;

/* Reads from the start of the text to behind the line that ends the header. */
QN_MUST_USE qn_status qn__fcidump_header_read(qn__cursor *cursor, qn__fcidump_header *header);

/* One line of the body: value i j k l. */
typedef struct qn__fcidump_entry {
    double value;
    uint32_t index[4];
    size_t offset; /* of the line's first word */
} qn__fcidump_entry;

typedef struct qn__fcidump_entries {
    qn__fcidump_entry *items; /* qn__free */
    size_t count, capacity;
    size_t zero_lines; /* entries 0 0 0 0 */
    size_t above;      /* first entry with an index over NORB, SIZE_MAX: none */
    bool last_beta;    /* an entry "2 NORB, 2 NORB, 0, 0" is there */
} qn__fcidump_entries;

/* Reads the lines to the end of the text. Indices are checked against 2 NORB only; the layout decides further. */
QN_MUST_USE qn_status qn__fcidump_entries_read(qn__cursor *cursor, const qn__fcidump_header *header,
                                               qn__fcidump_entries *entries);

/* The integrals from header and entries. QN_ERR_TOO_LARGE when they would take over `limit` bytes. */
QN_MUST_USE qn_status qn__fcidump_fill(const qn__source *source, const qn__fcidump_header *header,
                                       const qn__fcidump_entries *entries, uint64_t limit, qn_integrals **out);

QN_MUST_USE qn_status qn__fcidump_read(const char *text, size_t length, const char *name, uint64_t limit,
                                       qn_integrals **out);

#endif
