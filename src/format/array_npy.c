/* array_npy.c: the numbers of a .npy file, in and out. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"
#include "format/array.h"
#include "format/sink.h"

/* IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
static double half_to_double(uint64_t bits)
{
    const int exponent = (int)(bits >> 10 & 31);
    const double fraction = (double)(bits & 1023);
    double size = exponent == 0    ? ldexp(fraction, -24)
                  : exponent != 31 ? ldexp(1024 + fraction, exponent - 25)
                                   : (fraction == 0 ? (double)INFINITY : (double)NAN);
    return (bits >> 15 & 1) != 0 ? -size : size;
}

/* One real number of `size` bytes in either byte order. */
static double number_at(const unsigned char *bytes, uint32_t size, char kind, bool big)
{
    uint64_t bits = 0;
    for (uint32_t i = 0; i < size; i++) {
        bits |= (uint64_t)bytes[big ? size - 1 - i : i] << (8 * i);
    }
    if (kind == 'b') {
        return bits != 0;
    }
    if (kind == 'u') {
        return (double)bits;
    }
    if (kind == 'i') {
        const uint64_t sign = UINT64_C(1) << ((8 * size - 1) & 63);
        return (double)(int64_t)((bits ^ sign) - sign); /* sign extension */
    }
    if (size == 2) {
        return half_to_double(bits);
    }
    if (size == 4) {
        const uint32_t word = (uint32_t)bits;
        float number = 0;
        memcpy(&number, &word, sizeof number);
        return (double)number;
    }
    double number = 0;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static qn_status read_numbers(const char *name, const unsigned char *bytes, const qn__npy_header *header,
                              qn_array *array)
{
    const uint32_t parts = header->kind == 'c' ? 2 : 1, part = header->item_size / parts;
    for (size_t i = 0; i < array->rows; i++) {
        for (size_t j = 0; j < array->columns; j++) {
            const size_t place = header->fortran_order ? i + array->rows * j : i * array->columns + j;
            for (uint32_t p = 0; p < parts; p++) {
                const double number =
                    number_at(bytes + place * header->item_size + p * part, part, header->kind, header->order == '>');
                if (!isfinite(number)) {
                    return QN_FAIL(ERR_PARSE, "%s: entry [%zu, %zu] is %s; expected finite numbers", name, i, j,
                                   isnan(number) ? "not a number (NaN)" : "infinite");
                }
                array->data[(i * array->columns + j) * parts + p] = number;
            }
        }
    }
    return QN_OK;
}

qn_status qn__array_npy_parse(const char *name, const char *bytes, size_t length, uint64_t limit, qn_array **out)
{
    qn__npy_header header;
    uint64_t numbers = 0, size = 0, room = 0;
    QN_TRY(qn__npy_header_parse(name, bytes, length, &header));
    const bool overflow = qn__mul_overflows(header.rows, header.columns, &numbers) ||
                          qn__mul_overflows(numbers, header.item_size, &size) ||
                          qn__mul_overflows(numbers, header.kind == 'c' ? 16 : 8, &room);
    QN_CHECK(!overflow && room <= limit, ERR_TOO_LARGE, "%s: %llu x %llu numbers are over the limit of %llu bytes",
             name, (unsigned long long)header.rows, (unsigned long long)header.columns, (unsigned long long)limit);
    const uint64_t there = length - header.data;
    QN_CHECK(size == there, ERR_PARSE,
             "%s:1:%zu: error: %llu x %llu numbers of %u bytes need %llu bytes, %llu are there", name, header.data + 1,
             (unsigned long long)header.rows, (unsigned long long)header.columns, header.item_size,
             (unsigned long long)size, (unsigned long long)there);
    qn_array *array = NULL;
    QN_TRY(qn_array_create((size_t)header.rows, (size_t)header.columns, header.kind == 'c', &array));
    const qn_status status = read_numbers(name, (const unsigned char *)bytes + header.data, &header, array);
    if (status != QN_OK) {
        qn_array_free(array);
        return status;
    }
    *out = array;
    return QN_OK;
}

struct qn_npy {
    qn__sink sink;
    uint64_t missing; /* doubles */
};

qn_status qn_npy_create(const char *path, uint64_t rows, uint64_t columns, bool is_complex, qn_npy **out)
{
    QN_CHECK(path != NULL && out != NULL, ERR_ARGUMENT, "a path and a place are needed");
    uint64_t doubles = 0;
    QN_CHECK(!qn__mul_overflows(rows, columns, &doubles) && !qn__mul_overflows(doubles, is_complex ? 2 : 1, &doubles),
             ERR_TOO_LARGE, "an array of %llu x %llu", (unsigned long long)rows, (unsigned long long)columns);
    qn_npy *npy = qn__calloc(1, sizeof *npy);
    QN_ALLOC_CHECK(npy);
    npy->missing = doubles;
    qn_status status = qn__sink_open(path, &npy->sink);
    if (status != QN_OK) {
        qn__free(npy);
        return status;
    }
    char header[QN__NPY_HEADER];
    qn__npy_header_print(rows, columns, is_complex, header);
    status = qn__sink_put(&npy->sink, header, sizeof header);
    if (status != QN_OK) {
        return qn_npy_finish(npy, status);
    }
    *out = npy;
    return QN_OK;
}

qn_status qn_npy_append(qn_npy *npy, const double *numbers, size_t count)
{
    QN_CHECK(npy != NULL && (numbers != NULL || count == 0), ERR_ARGUMENT, "a file and numbers are needed");
    QN_CHECK(count <= npy->missing, ERR_SHAPE, "%zu numbers for the last %llu places", count,
             (unsigned long long)npy->missing);
    QN_TRY(qn__sink_put(&npy->sink, numbers, count * sizeof *numbers));
    npy->missing -= count;
    return QN_OK;
}

qn_status qn_npy_finish(qn_npy *npy, qn_status so_far)
{
    QN_CHECK(npy != NULL, ERR_ARGUMENT, "a file is needed");
    if (so_far == QN_OK && npy->missing > 0) {
        so_far = QN_FAIL(ERR_SHAPE, "%llu numbers are missing", (unsigned long long)npy->missing);
    }
    const qn_status status = qn__sink_close(&npy->sink, so_far);
    qn__free(npy);
    return status;
}

qn_status qn_array_write_npy(const char *path, const qn_array *array)
{
    QN_CHECK(array != NULL, ERR_ARGUMENT, "an array is needed");
    qn_npy *npy = NULL;
    QN_TRY(qn_npy_create(path, array->rows, array->columns, array->is_complex, &npy));
    const size_t doubles = array->rows * array->columns * (array->is_complex ? 2 : 1);
    return qn_npy_finish(npy, qn_npy_append(npy, array->data, doubles));
}
