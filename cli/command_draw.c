/* command_draw.c: `quern draw`: pictures of circuits. */
#include <stdio.h>
#include <string.h>

#include "circuit_input.h"
#include "commands.h"
#include "interrupt.h"
#include "output.h"
#include "terminal.h"

enum {
#define OPTION(id, ...) DRAW_##id,
#include "options_draw.def"
#undef OPTION
    DRAW_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_draw.def"
#undef OPTION
};

static uint32_t number(const cli_value *value)
{
    return value->integer < UINT32_MAX ? (uint32_t)value->integer : UINT32_MAX;
}

static qn_draw_options wanted(const cli_value *v)
{
    const qn_style style = cli_terminal_style();
    qn_draw_options options_out = QN_DRAW_OPTIONS_INIT;
    options_out.ascii = v[DRAW_ASCII].given || !style.unicode;
    options_out.dense = v[DRAW_DENSE].given;
    options_out.colour = style.color;
    options_out.width = !v[DRAW_WIDTH].given         ? style.width
                        : v[DRAW_WIDTH].integer == 0 ? UINT32_MAX
                                                     : number(&v[DRAW_WIDTH]);
    options_out.max_columns = number(&v[DRAW_MAX_COLUMNS]);
    options_out.max_qubits = number(&v[DRAW_MAX_QUBITS]);
    options_out.decimals = number(&v[DRAW_DECIMALS]);
    options_out.reverse = v[DRAW_REVERSE].given;
    options_out.title = v[DRAW_TITLE].text;
    return options_out;
}

/* Write a finished drawing and free it. */
static qn_status deliver(qn_status status, const char *path, char *text, size_t length)
{
    if (status == QN_OK) {
        status = qn_file_write(path, text, length);
        qn_text_free(text);
    }
    return status;
}

static qn_status draw(const qn_circuit *circuit, const cli_value *v)
{
    const qn_draw_options o = wanted(v);
    char *text = NULL;
    size_t length = 0;
    qn_status status = QN_OK;
    if (!v[DRAW_SVG].given && !v[DRAW_TIKZ].given) {
        status = qn_draw_text(circuit, &o, &text, &length);
        return deliver(status, "-", text, length);
    }
    if (v[DRAW_SVG].given) {
        status = qn_draw_svg(circuit, &o, &text, &length);
        status = deliver(status, v[DRAW_SVG].text, text, length);
    }
    if (status == QN_OK && v[DRAW_TIKZ].given) {
        status = qn_draw_tikz(circuit, &o, true, &text, &length);
        status = deliver(status, v[DRAW_TIKZ].text, text, length);
    }
    return status;
}

static int run(const cli_invocation *invocation)
{
    const cli_value *v = invocation->values;
    if (invocation->noperands != 1) {
        return cli_usage_error(invocation->command, "give one FILE, or - for standard input");
    }
    if (v[DRAW_SVG].given && v[DRAW_TIKZ].given && strcmp(v[DRAW_SVG].text, v[DRAW_TIKZ].text) == 0) {
        return cli_usage_error(invocation->command, "--svg and --tikz cannot share '%s'", v[DRAW_SVG].text);
    }
    cli_circuit_settings settings;
    qn_circuit *circuit = NULL;
    cli_interrupt_at_once();
    int code = cli_circuit_settings_read(invocation, DRAW_PARAM, DRAW_INCLUDE, &settings);
    settings.quiet = v[DRAW_QUIET].given;
    if (code == CLI_EXIT_OK) {
        code = cli_circuit_read(invocation->operands[0], &settings, &circuit);
    }
    if (code == CLI_EXIT_OK) {
        const qn_status status = draw(circuit, v);
        code = status == QN_OK ? CLI_EXIT_OK : cli_library_error(status);
    }
    qn_circuit_free(circuit);
    cli_circuit_settings_free(&settings);
    return code;
}

const cli_command cli_command_draw = {
    "draw",
    "a circuit as text, SVG or LaTeX",
    "quern draw bell.qasm\nquern draw qft.qasm --svg qft.svg --tikz qft.tex",
    "FILE",
    NULL,
    "Draws a circuit (OpenQASM 2 or 3, or JSON) in the terminal, folded to its width; or as an SVG picture with a "
    "hover "
    "title for every gate; or as a LaTeX document with quantikz. FILE may be - for standard input.",
    options,
    DRAW_COUNT,
    run};
