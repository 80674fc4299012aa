/* qasm.h: circuits from and to text: OpenQASM 2 and 3, JSON, Quirk links, QIR.
 *
 * The supported part of OpenQASM 3 stands in docs/openqasm.md; everything else is refused by name. */
#ifndef QUERN_QASM_H
#define QUERN_QASM_H

#include <quern/classical.h>

QN_BEGIN_DECLS

typedef enum qn_severity { QN_SEVERITY_ERROR = 0, QN_SEVERITY_WARNING = 1, QN_SEVERITY_NOTE = 2 } qn_severity;

/** One finding of a reader. Lines and columns from 1, columns count bytes; texts are borrowed from the list. */
typedef struct qn_diagnostic {
    qn_severity severity;
    bool unsupported;              /* valid OpenQASM that is not in the supported part */
    const char *file;              /* as the reader was told, or the included file's path */
    uint32_t line, column, length; /* length: bytes under the caret line, at least 1 */
    const char *message;           /* what, and what was expected */
    const char *source;            /* the source line without its end */
} qn_diagnostic;

typedef struct qn_diagnostics qn_diagnostics;
QN_API QN_MUST_USE qn_status qn_diagnostics_create(qn_diagnostics **out);
QN_API void qn_diagnostics_free(qn_diagnostics *list);
QN_API size_t qn_diagnostics_count(const qn_diagnostics *list);
QN_API size_t qn_diagnostics_errors(const qn_diagnostics *list); /* of severity ERROR */
QN_API void qn_diagnostics_get(const qn_diagnostics *list, size_t index, qn_diagnostic *out);
/** "file:line:column: error: message", the source line, a caret line; 0-terminated, qn_text_free. */
QN_API QN_MUST_USE qn_status qn_diagnostics_text(const qn_diagnostics *list, bool colour, char **text, size_t *length);
/** {"schema":"quern.diagnostics/1","diagnostics":[{"file","line","column","length","severity","message","source"},...]}
 */
QN_API QN_MUST_USE qn_status qn_diagnostics_json(const qn_diagnostics *list, char **text, size_t *length);

/** A value for an `input` or a free parameter. */
typedef struct qn_binding {
    const char *name;
    double value;
} qn_binding;

typedef struct qn_qasm_options {
    uint32_t size;
    uint32_t version;                 /* 2, 3; 0: from the first statement, 3 when there is no version line */
    const char *const *include_paths; /* searched after the file's own folder */
    size_t ninclude_paths;
    const qn_binding *bindings; /* values of `input` variables; inputs of type float or angle without one become free
                                   parameters of the circuit when `free_inputs`, else an error that names them */
    size_t nbindings;
    bool free_inputs;
    uint64_t max_operations; /* after unrolling; 0: 50,000,000 */
    uint64_t max_iterations; /* of one loop that is unrolled; 0: 1,000,000 */
    uint32_t max_qubits;     /* 0: 65,536 */
} qn_qasm_options;
#define QN_QASM_OPTIONS_INIT                                                                                           \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_qasm_options), 0, NULL, 0, NULL, 0, false, 0, 0, 0                                         \
    }

/** Read OpenQASM 2 or 3. `name` is the file's path ("-" or any label for text from elsewhere); includes are looked up
 *  beside it. All findings go to `diagnostics` (may be NULL), up to 20 errors. Errors: QN_ERR_PARSE (message: the first
 *  finding), QN_ERR_UNSUPPORTED when all errors are unsupported features, QN_ERR_TOO_LARGE. */
QN_API QN_MUST_USE qn_status qn_read_qasm(const char *text, size_t length, const char *name,
                                          const qn_qasm_options *options, qn_diagnostics *diagnostics,
                                          qn_circuit **out);
/** Write it. OpenQASM 2: QN_ERR_UNSUPPORTED, naming the operation, for what the language cannot say (free parameters,
 *  control flow beyond `if` on a whole register...). Gates without a name there are defined in the file or decomposed.
 *  17 significant digits. */
QN_API QN_MUST_USE qn_status qn_write_qasm(const qn_circuit *circuit, uint32_t version, char **text, size_t *length);

/** {"schema":"quern.circuit/1","qubits":n,"variables":[...],"operations":[...]}: all that a circuit holds. */
QN_API QN_MUST_USE qn_status qn_read_circuit_json(const char *text, size_t length, const char *name, qn_circuit **out);
QN_API QN_MUST_USE qn_status qn_write_circuit_json(const qn_circuit *circuit, char **text, size_t *length);
/** Detects OpenQASM or circuit JSON and reads it. */
QN_API QN_MUST_USE qn_status qn_read_circuit(const char *text, size_t length, const char *name,
                                             const qn_qasm_options *options, qn_diagnostics *diagnostics,
                                             qn_circuit **out);
/** https://algassert.com/quirk#circuit={...}; at most 16 qubits, else QN_ERR_UNSUPPORTED. */
QN_API QN_MUST_USE qn_status qn_write_quirk(const qn_circuit *circuit, char **text, size_t *length);
/** QIR 2 Base Profile as LLVM text; circuits whose measurements are all final, else QN_ERR_UNSUPPORTED. */
QN_API QN_MUST_USE qn_status qn_write_qir(const qn_circuit *circuit, const char *entry_point, char **text,
                                          size_t *length);

QN_END_DECLS
#endif
