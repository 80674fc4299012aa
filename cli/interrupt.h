/* interrupt.h: Ctrl-C. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

/* From now on the first Ctrl-C (or SIGTERM) sets the flag, the second ends the process with 130. */
void cli_interrupt_install(void);
/* From now on the first Ctrl-C (or SIGTERM) ends the process with 130: for work that nothing can stop half-way. */
void cli_interrupt_at_once(void);
/* The flag, to be given to a context. */
const volatile int *cli_interrupt_flag(void);

#endif
