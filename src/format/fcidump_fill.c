/* fcidump_fill.c: from the lines of an FCIDUMP to integrals: the layout of unrestricted files, and each symmetric entry
 * counted once.
 *
 * Four layouts are in use. Restricted: orbitals 1..NORB. Blocks (Molpro, IUHF=1): (aa|aa), (bb|bb), (aa|bb), h of
 * alpha, h of beta, each ended by a line of zeros, then the core energy. Split (Qiskit Nature): beta orbitals are
 * NORB+1..2 NORB. Interleaved (NECI, HANDE, with UHF): NORB counts spin orbitals, odd ones are alpha. */
#include "format/fcidump.h"

#include <inttypes.h>
#include <math.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"

typedef enum layout { RESTRICTED, BLOCKS, SPLIT, INTERLEAVED } layout;
typedef enum tensor { H1_A, H1_B, H2_AA, H2_BB, H2_AB, CORE, TENSORS, NOTHING = TENSORS } tensor;

static const double CONTRADICTION =
    1e-8; /* two values of one integral may differ by rounding of the program that wrote them */

/* Which integral an entry gives: its tensor, zero-based orbitals, and its number among the entries that symmetry does
 * not equate. */
typedef struct target {
    tensor tensor;
    size_t i, j, k, l;
    size_t unique;
} target;

typedef struct filler {
    const qn__source *source;
    const qn__fcidump_header *header;
    const qn__fcidump_entries *entries;
    layout layout;
    uint32_t norb; /* spatial */
    size_t block;  /* blocks layout: which block the next entry belongs to */
    qn_integrals *integrals;
    uint64_t *seen[TENSORS]; /* bit per unique entry */
} filler;

#define FAIL_AT(f, entry, ...) QN_PARSE_FAIL((f)->source, (entry)->offset, __VA_ARGS__)

static qn_status choose_layout(filler *f)
{
    const qn__fcidump_header *const header = f->header;
    const qn__fcidump_entries *const entries = f->entries;
    f->norb = header->norb;
    if (entries->above != SIZE_MAX) {
        const qn__fcidump_entry *const entry = &entries->items[entries->above];
        if (!header->unrestricted && !entries->last_beta) {
            return FAIL_AT(f, entry,
                           "an orbital index is outside 1..%" PRIu32 " (NORB); a file with beta orbitals from %" PRIu32
                           " on would have IUHF=1 or the entry %" PRIu32 " %" PRIu32 " 0 0",
                           f->norb, f->norb + 1, 2 * f->norb, 2 * f->norb);
        }
        f->layout = SPLIT;
    } else if (!header->unrestricted) {
        f->layout = RESTRICTED;
    } else if (entries->zero_lines >= 2) {
        f->layout = BLOCKS;
    } else {
        f->layout = INTERLEAVED;
        if (header->norb % 2 != 0) {
            return QN_PARSE_FAIL(f->source, header->norb_at,
                                 "IUHF without blocks numbers spin orbitals, and NORB=%" PRIu32
                                 " is odd; expected an even NORB, or blocks ended by lines of zeros",
                                 header->norb);
        }
        f->norb = header->norb / 2;
    }
    return QN_OK;
}

static qn_status check_occupation(const filler *f)
{
    const int64_t nalpha = ((int64_t)f->header->nelec + f->header->ms2) / 2;
    const int64_t nbeta = (int64_t)f->header->nelec - nalpha;
    if (nalpha > f->norb || nbeta > f->norb) {
        return QN_PARSE_FAIL(f->source, f->header->nelec_at,
                             "NELEC=%" PRIu32 " and MS2=%" PRId32 " put %" PRId64 " alpha and %" PRId64
                             " beta electrons into %" PRIu32 " orbitals; at most one each",
                             f->header->nelec, f->header->ms2, nalpha, nbeta, f->norb);
    }
    return QN_OK;
}

static qn_status check_bytes(const filler *f, uint64_t limit)
{
    const uint64_t n = f->norb;
    const uint64_t tensors = f->layout == RESTRICTED ? 1 : 3;
    uint64_t bytes = 0;
    if (n > 10000 || qn__mul_overflows(n * n * n * n, 8 * tensors, &bytes) || bytes > limit) {
        char need[32], have[32];
        return qn__source_fail(f->source, f->header->norb_at, QN_ERR_TOO_LARGE, __FILE__, __LINE__,
                               "integrals over %" PRIu32 " orbitals need %s; at most %s are read", f->norb,
                               n > 10000 ? "over 70 PiB" : qn__format_bytes(need, sizeof need, bytes),
                               qn__format_bytes(have, sizeof have, limit));
    }
    return QN_OK;
}

/* Number of the unordered pair (i, j). */
static size_t pair_number(size_t i, size_t j)
{
    return i >= j ? i * (i + 1) / 2 + j : j * (j + 1) / 2 + i;
}

static size_t unique_count(const filler *f, tensor which)
{
    const size_t pairs = (size_t)f->norb * (f->norb + 1) / 2;
    switch (which) {
    case H1_A:
    case H1_B:
        return pairs;
    case H2_AA:
    case H2_BB:
        return pairs * (pairs + 1) / 2;
    case H2_AB:
        return pairs * pairs;
    case CORE:
    case TENSORS:
        break;
    }
    return 1;
}

static void number_target(const filler *f, target *to)
{
    const size_t left = pair_number(to->i, to->j), right = pair_number(to->k, to->l);
    const size_t pairs = (size_t)f->norb * (f->norb + 1) / 2;
    to->unique = to->tensor == H2_AB                          ? left * pairs + right
                 : to->tensor == H2_AA || to->tensor == H2_BB ? pair_number(left, right)
                 : to->tensor == H1_A || to->tensor == H1_B   ? left
                                                              : 0;
}

/* Zero-based spatial orbital and spin (0 alpha, 1 beta) of an index from the file. */
static size_t orbital_of(const filler *f, uint32_t index, unsigned *spin)
{
    *spin = 0;
    if (f->layout == SPLIT && index > f->norb) {
        *spin = 1;
        return index - f->norb - 1;
    }
    if (f->layout == INTERLEAVED) {
        *spin = index % 2 == 0;
        return (index - 1) / 2;
    }
    return index - 1;
}

static qn_status find_in_block(filler *f, const qn__fcidump_entry *entry, target *to)
{
    enum { LAST = 5 };
    static const tensor tensors[LAST] = {H2_AA, H2_BB, H2_AB, H1_A, H1_B};
    static const char *const names[LAST + 1] = {"(aa|aa)",    "(bb|bb)",   "(aa|bb)",
                                                "h of alpha", "h of beta", "core energy"};
    if (entry->index[0] == 0) {
        if (f->block == LAST || (f->block == LAST - 1 && entry->value != 0)) {
            to->tensor = CORE;
            f->block = LAST;
            return QN_OK;
        }
        if (entry->value != 0) {
            return FAIL_AT(f, entry, "the line that ends block %zu, %s, has the value %g; expected 0", f->block + 1,
                           names[f->block], entry->value);
        }
        f->block++;
        to->tensor = NOTHING;
        return QN_OK;
    }
    const bool two_body = entry->index[2] != 0;
    if (f->block == LAST || two_body != (f->block < 3)) {
        return FAIL_AT(f, entry,
                       "a %s-electron integral in block %zu, %s; unrestricted files have the blocks (aa|aa), (bb|bb), "
                       "(aa|bb), h of alpha, h of beta, core energy",
                       two_body ? "two" : "one", f->block + 1, names[f->block]);
    }
    to->tensor = tensors[f->block];
    return QN_OK;
}

/* The tensor by the spins of the two pairs; `NOTHING` for a vanishing integral that mixes spins. */
static qn_status find_by_spin(const filler *f, const qn__fcidump_entry *entry, const unsigned spin[4], target *to)
{
    const bool two_body = entry->index[2] != 0;
    if (spin[0] != spin[1] || (two_body && spin[2] != spin[3])) {
        if (fabs(entry->value) > CONTRADICTION) {
            return FAIL_AT(f, entry, "an integral of %g mixes alpha and beta; expected pairs of %s", entry->value,
                           f->layout == SPLIT
                               ? "indices both up to NORB or both over it"
                               : "odd (alpha) or even (beta) indices, or blocks ended by lines of zeros");
        }
        to->tensor = NOTHING;
    } else if (!two_body) {
        to->tensor = spin[0] == 0 ? H1_A : H1_B;
    } else if (spin[0] == spin[2]) {
        to->tensor = spin[0] == 0 ? H2_AA : H2_BB;
    } else {
        to->tensor = H2_AB;
        if (spin[0] == 1) { /* (bb|aa) is (aa|bb) with the pairs changed over */
            *to = (target){.tensor = H2_AB, .i = to->k, .j = to->l, .k = to->i, .l = to->j};
        }
    }
    return QN_OK;
}

static qn_status find_target(filler *f, const qn__fcidump_entry *entry, target *to)
{
    *to = (target){.tensor = NOTHING};
    const uint32_t *const index = entry->index;
    if (index[0] != 0 && index[1] == 0) {
        return QN_OK; /* an orbital energy */
    }
    unsigned spin[4] = {0, 0, 0, 0};
    if (index[0] != 0) {
        to->i = orbital_of(f, index[0], &spin[0]);
        to->j = orbital_of(f, index[1], &spin[1]);
    }
    if (index[2] != 0) {
        to->k = orbital_of(f, index[2], &spin[2]);
        to->l = orbital_of(f, index[3], &spin[3]);
    }
    if (f->layout == BLOCKS) {
        QN_TRY(find_in_block(f, entry, to));
    } else if (index[0] == 0) {
        to->tensor = CORE;
    } else {
        QN_TRY(find_by_spin(f, entry, spin, to));
    }
    number_target(f, to);
    return QN_OK;
}

static double *place_of(qn_integrals *integrals, tensor which)
{
    switch (which) {
    case H1_A:
        return integrals->h1;
    case H1_B:
        return integrals->h1_b;
    case H2_AA:
        return integrals->h2;
    case H2_BB:
        return integrals->h2_bb;
    case H2_AB:
        return integrals->h2_ab;
    case CORE:
    case TENSORS:
        break;
    }
    return &integrals->core;
}

static size_t position_of(const filler *f, const target *to)
{
    const size_t n = f->norb;
    switch (to->tensor) {
    case H1_A:
    case H1_B:
        return to->i * n + to->j;
    case H2_AA:
    case H2_BB:
    case H2_AB:
        return ((to->i * n + to->j) * n + to->k) * n + to->l;
    case CORE:
    case TENSORS:
        break;
    }
    return 0;
}

/* Writes the value to all entries that symmetry equates: (ij|kl) = (ji|kl) = (ij|lk) = (ji|lk), and (kl|ij) for pairs
 * of one spin. */
static void store(const filler *f, const target *to, double value)
{
    double *const array = place_of(f->integrals, to->tensor);
    if (to->tensor == CORE) {
        *array = value;
        return;
    }
    const bool pairs_change = to->tensor == H2_AA || to->tensor == H2_BB;
    for (unsigned swap = 0; swap < (pairs_change ? 8U : 4U); swap++) {
        target same = *to;
        if ((swap & 1U) != 0) {
            same.i = to->j;
            same.j = to->i;
        }
        if ((swap & 2U) != 0) {
            same.k = to->l;
            same.l = to->k;
        }
        if ((swap & 4U) != 0) {
            same = (target){.tensor = to->tensor, .i = same.k, .j = same.l, .k = same.i, .l = same.j};
        }
        array[position_of(f, &same)] = value;
    }
}

/* Finds the line that gave the integral first, by walking the entries again: rare, so that it need not be kept. */
static qn_status fail_contradiction(const filler *f, size_t entry_number, const target *to, double first_value)
{
    const qn__fcidump_entry *const entry = &f->entries->items[entry_number];
    filler again = *f;
    again.block = 0;
    size_t first = 0;
    for (target other; first < entry_number; first++) {
        if (find_target(&again, &f->entries->items[first], &other) == QN_OK && other.tensor == to->tensor &&
            other.unique == to->unique) {
            break;
        }
    }
    size_t line = 0, column = 0;
    qn__source_position(f->source, f->entries->items[first].offset, &line, &column);
    const char *const hint = f->layout == RESTRICTED && f->entries->zero_lines > 1
                                 ? " (a file with several blocks needs IUHF=1 in the header)"
                                 : "";
    if (to->tensor == CORE) {
        return FAIL_AT(f, entry, "the core energy is %.10g here and %.10g in line %zu; expected one value%s",
                       entry->value, first_value, line, hint);
    }
    return FAIL_AT(f, entry,
                   "the integral %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32
                   " is %.10g here and %.10g in line %zu; expected equal values, by symmetry%s",
                   entry->index[0], entry->index[1], entry->index[2], entry->index[3], entry->value, first_value, line,
                   hint);
}

static qn_status fill(filler *f)
{
    const size_t count = f->entries->count;
    for (tensor which = 0; which < TENSORS; which++) {
        if (f->layout != RESTRICTED || which == H1_A || which == H2_AA || which == CORE) {
            f->seen[which] = qn__calloc((unique_count(f, which) + 63) / 64, sizeof(uint64_t));
            QN_ALLOC_CHECK(f->seen[which]);
        }
    }
    for (size_t n = 0; n < count; n++) {
        const qn__fcidump_entry *const entry = &f->entries->items[n];
        target to;
        QN_TRY(find_target(f, entry, &to));
        if (to.tensor == NOTHING) {
            continue;
        }
        uint64_t *const word = &f->seen[to.tensor][to.unique / 64];
        const uint64_t bit = UINT64_C(1) << (to.unique % 64);
        if ((*word & bit) == 0) {
            *word |= bit;
            store(f, &to, entry->value);
            continue;
        }
        const double first = place_of(f->integrals, to.tensor)[position_of(f, &to)];
        if (fabs(first - entry->value) > CONTRADICTION) {
            return fail_contradiction(f, n, &to, first);
        }
    }
    if (f->layout == BLOCKS && f->block < 4) {
        return QN_PARSE_FAIL(
            f->source, f->source->length,
            "the file ends in block %zu of 6; expected (aa|aa), (bb|bb), (aa|bb), h of alpha, h of beta, core "
            "energy, ended by lines of zeros",
            f->block + 1);
    }
    return QN_OK;
}

static qn_status copy_symmetries(const filler *f)
{
    const int32_t *const labels = f->header->orbital_symmetry;
    if (labels == NULL) {
        return QN_OK;
    }
    f->integrals->orbital_symmetry = qn__alloc(f->norb, sizeof(int32_t));
    QN_ALLOC_CHECK(f->integrals->orbital_symmetry);
    const size_t step = f->layout == INTERLEAVED ? 2 : 1;
    for (size_t i = 0; i < f->norb; i++) {
        f->integrals->orbital_symmetry[i] = labels[i * step];
    }
    return QN_OK;
}

qn_status qn__fcidump_fill(const qn__source *source, const qn__fcidump_header *header,
                           const qn__fcidump_entries *entries, uint64_t limit, qn_integrals **out)
{
    filler f = {.source = source, .header = header, .entries = entries};
    QN_TRY(choose_layout(&f));
    QN_TRY(check_occupation(&f));
    QN_TRY(check_bytes(&f, limit));
    QN_TRY(qn_integrals_create(f.norb, f.layout != RESTRICTED, &f.integrals));
    f.integrals->nelec = header->nelec;
    f.integrals->ms2 = header->ms2;
    qn_status status = copy_symmetries(&f);
    if (status == QN_OK) {
        status = fill(&f);
    }
    for (tensor which = 0; which < TENSORS; which++) {
        qn__free(f.seen[which]);
    }
    if (status == QN_OK) {
        *out = f.integrals;
    } else {
        qn_integrals_free(f.integrals);
    }
    return status;
}
