/* read_qasm.c: how fast flat OpenQASM is read. Makes a file of so many megabytes in memory (10; the first argument),
 * reads it a few times and prints the best as JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <quern/qasm.h>

enum { RUNS = 5, QUBITS = 16 };

static double now(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* `rotations`: with parameters to compute in every third line. */
static size_t fill(char *text, size_t bytes, int rotations)
{
    size_t n = (size_t)sprintf(text, "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[%d];\n", QUBITS);
    for (unsigned i = 0; n + 80 < bytes; i++) {
        const unsigned a = i % QUBITS, b = (i * 7 + 3) % QUBITS;
        if (rotations && i % 3 == 0) {
            n += (size_t)sprintf(text + n, "rz(%.16f*pi/2) q[%u];\n", 0.37 * (i % 100), a);
        } else {
            n += (size_t)sprintf(text + n, "cx q[%u],q[%u];\n", a, a == b ? (a + 1) % QUBITS : b);
        }
    }
    return n;
}

static int measure(const char *name, const char *text, size_t length, const char *end)
{
    double best = 1e300;
    size_t operations = 0;
    for (int run = 0; run < RUNS; run++) {
        qn_circuit *circuit = NULL;
        const double start = now();
        if (qn_read_qasm(text, length, name, NULL, NULL, &circuit) != QN_OK) {
            fprintf(stderr, "%s\n", qn_last_error()->message);
            return 1;
        }
        const double seconds = now() - start;
        best = seconds < best ? seconds : best;
        operations = qn_circuit_operations(circuit);
        qn_circuit_free(circuit);
    }
    printf("  {\"name\": \"%s\", \"bytes\": %zu, \"operations\": %zu, \"seconds\": %.6f, \"mb_per_s\": %.1f}%s\n", name,
           length, operations, best, 1e-6 * (double)length / best, end);
    return 0;
}

int main(int argc, char **argv)
{
    const double megabytes = argc > 1 ? strtod(argv[1], NULL) : 10;
    if (!(megabytes >= 0.001 && megabytes <= 1000)) {
        fprintf(stderr, "usage: bench_read_qasm [megabytes, 0.001 to 1000]\n");
        return 2;
    }
    const size_t bytes = (size_t)(megabytes * 1e6);
    char *text = malloc(bytes + 256);
    if (text == NULL) {
        fprintf(stderr, "out of memory\n");
        return 1;
    }
    printf("{\"benchmark\": \"read_qasm\", \"results\": [\n");
    int failed = measure("flat cx", text, fill(text, bytes, 0), ",");
    failed |= measure("cx and rz", text, fill(text, bytes, 1), "");
    printf("]}\n");
    free(text);
    return failed;
}
