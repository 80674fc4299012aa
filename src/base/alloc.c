/* alloc.c: counted, 64-byte aligned allocation. A header before each block holds its size. */
#include "base/alloc.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <quern/context.h>

enum { HEADER = 64 }; /* keeps the block itself on a cache line */

static _Atomic uint64_t bytes_now, bytes_peak, allocations;
static _Atomic uint64_t fail_countdown; /* 0: off; 1: the next fails */
static _Atomic bool fail_sticky;

static bool must_fail(void)
{
    uint64_t left = atomic_load(&fail_countdown);
    while (left != 0) {
        if (left == 1) {
            if (!atomic_load(&fail_sticky)) {
                atomic_store(&fail_countdown, 0);
            }
            return true;
        }
        if (atomic_compare_exchange_weak(&fail_countdown, &left, left - 1)) {
            return false;
        }
    }
    return false;
}

static void count(size_t bytes)
{
    const uint64_t now = atomic_fetch_add(&bytes_now, bytes) + bytes;
    uint64_t peak = atomic_load(&bytes_peak);
    while (now > peak && !atomic_compare_exchange_weak(&bytes_peak, &peak, now)) {
    }
    atomic_fetch_add(&allocations, 1);
}

void *qn__alloc(size_t items, size_t size)
{
    size_t bytes = 0;
    if (__builtin_mul_overflow(items, size, &bytes) || bytes > SIZE_MAX - 2 * HEADER) {
        (void)QN_FAIL(ERR_MEMORY, "a request of %zu x %zu bytes overflows", items, size);
        return NULL;
    }
    char *block = NULL;
    if (!must_fail()) {
        block = aligned_alloc(HEADER, (bytes + 2 * HEADER - 1) / HEADER * HEADER);
    }
    if (block == NULL) {
        (void)QN_FAIL(ERR_MEMORY, "no memory for %zu bytes", bytes);
        return NULL;
    }
    memcpy(block, &bytes, sizeof bytes);
    count(bytes);
    return block + HEADER;
}

void qn__large_pages(void *memory, size_t bytes)
{
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    enum { LARGE_PAGE = 1 << 21 };
    const size_t skip = (LARGE_PAGE - (uintptr_t)memory % LARGE_PAGE) % LARGE_PAGE;
    if (memory != NULL && bytes >= skip + LARGE_PAGE) {
        (void)madvise((char *)memory + skip, (bytes - skip) / LARGE_PAGE * LARGE_PAGE, MADV_HUGEPAGE);
    }
#else
    (void)memory;
    (void)bytes;
#endif
}

void *qn__calloc(size_t items, size_t size)
{
    void *pointer = qn__alloc(items, size);
    if (pointer != NULL) {
        memset(pointer, 0, items * size);
    }
    return pointer;
}

static size_t size_of(const void *pointer)
{
    size_t bytes = 0;
    memcpy(&bytes, (const char *)pointer - HEADER, sizeof bytes);
    return bytes;
}

void *qn__realloc(void *pointer, size_t items, size_t size)
{
    void *fresh = qn__alloc(items, size);
    if (fresh != NULL && pointer != NULL) {
        const size_t old = size_of(pointer);
        memcpy(fresh, pointer, old < items * size ? old : items * size);
        qn__free(pointer);
    }
    return fresh;
}

void qn__free(void *pointer)
{
    if (pointer != NULL) {
        atomic_fetch_sub(&bytes_now, size_of(pointer));
        free((char *)pointer - HEADER);
    }
}

char *qn__strdup(const char *text)
{
    const size_t length = strlen(text) + 1;
    char *copy = qn__alloc(length, 1);
    if (copy != NULL) {
        memcpy(copy, text, length);
    }
    return copy;
}

qn_status qn__grow(void **array, size_t *capacity, size_t needed, size_t item_size)
{
    if (needed <= *capacity) {
        return QN_OK;
    }
    size_t room = *capacity < 8 ? 8 : *capacity + *capacity / 2;
    if (room < needed) {
        room = needed;
    }
    void *fresh = qn__realloc(*array, room, item_size);
    QN_ALLOC_CHECK(fresh);
    *array = fresh;
    *capacity = room;
    return QN_OK;
}

uint64_t qn__alloc_fail_at(uint64_t n, bool sticky)
{
    atomic_store(&fail_sticky, sticky);
    return atomic_exchange(&fail_countdown, n);
}

qn_memory_stats qn_memory(void)
{
    return (qn_memory_stats){atomic_load(&bytes_now), atomic_load(&bytes_peak), atomic_load(&allocations)};
}

void qn_memory_reset_peak(void)
{
    atomic_store(&bytes_peak, atomic_load(&bytes_now));
}
