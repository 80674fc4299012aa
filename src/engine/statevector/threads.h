/* threads.h: the team that works on one state. Without OpenMP it is one thread. */
#ifndef QN_STATEVECTOR_THREADS_H
#define QN_STATEVECTOR_THREADS_H

#include <stdint.h>

#ifdef _OPENMP
#include <omp.h>
#endif

static inline uint64_t qn__team_size(void)
{
#ifdef _OPENMP
    return (uint64_t)omp_get_num_threads();
#else
    return 1;
#endif
}

static inline uint64_t qn__team_member(void)
{
#ifdef _OPENMP
    return (uint64_t)omp_get_thread_num();
#else
    return 0;
#endif
}

#endif
