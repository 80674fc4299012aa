/* version.c: what this build is. */
#include <quern/version.h>

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "unknown compiler"
#endif
#ifdef _OPENMP
#define THREADS ", OpenMP"
#else
#define THREADS ", no threads"
#endif
#ifdef NDEBUG
#define CHECKS ""
#else
#define CHECKS ", assertions"
#endif

const char *qn_version(void)
{
    return QN_VERSION_STRING;
}

const char *qn_build_info(void)
{
    return COMPILER THREADS CHECKS;
}
