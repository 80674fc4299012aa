/* loading.h: what it costs to bring classical data into a circuit, in closed forms.
 *
 * Counts are long doubles: tables of 2^200 rows are asked about. A lookup copies the row named by an index register
 * into an output register; its inverse is cheaper where measurements may be used. */
#ifndef QN_ADVISE_LOADING_H
#define QN_ADVISE_LOADING_H

/* Counts and seconds that may pass 1e308. */
typedef long double qn__count;

typedef struct qn__lookup {
    qn__count toffoli, qubits; /* qubits: ancillas and output, without the index register */
    qn__count block;           /* rows read side by side; 1: none */
} qn__lookup;

/* Unary iteration, R. Babbush et al., arXiv:1805.03662: L - 2 Toffoli, whatever the width of a row. */
qn__lookup qn__qrom(qn__count rows);
/* SELECT-SWAP, G. H. Low, V. Kliuchnikov, L. Schaeffer, arXiv:1812.00954, clean ancillas: ceil(N/K) + (K-1) b - 2.
 * `block` 0: the power of two with the fewest Toffoli gates, of two equal ones the smaller. */
qn__lookup qn__qroam_clean(qn__count rows, qn__count bits, qn__count block);
/* The same with borrowed (dirty) ancillas: about ceil(N/K) + 4 K b. */
qn__lookup qn__qroam_dirty(qn__count rows, qn__count bits, qn__count block);
/* Undoing a lookup by measurement, D. W. Berry et al., arXiv:1902.02134: ceil(N/K) + K - 4. */
qn__lookup qn__qroam_unload(qn__count rows, qn__count block);
/* An error-corrected bucket brigade: 2 N + log2 N qubits, 2 (N-1) controlled swaps up and as many down. */
qn__lookup qn__bucket_brigade(qn__count rows, qn__count bits);
/* Coherent alias sampling of L amplitudes to `eps`, arXiv:1805.03662. */
qn__lookup qn__alias_preparation(qn__count amplitudes, qn__count eps);

/* Block-encoding of a dense L x L matrix at the least depth, L a power of two: B. D. Clader et al., arXiv:2206.03505;
 * A. M. Dalzell et al., arXiv:2211.12489, tables III to V. */
typedef struct qn__dense_encoding {
    qn__count t, controlled_t, preparation_t, depth, qubits;
} qn__dense_encoding;
qn__dense_encoding qn__dense_block_encoding(qn__count L, qn__count eps_matrix, qn__count eps_vector);

/* Seconds to feed so many bits of classical control data to the machine, however the circuit is built. */
qn__count qn__io_seconds(qn__count bits, qn__count bits_per_second);

/* ceil(log2 x), at least 0; the smallest power of two not below x. */
qn__count qn__bits_of(qn__count x);
qn__count qn__power_of_two_from(qn__count x);

#endif
