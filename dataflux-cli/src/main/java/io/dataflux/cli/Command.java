package io.dataflux.cli;

/** One command: the arguments it takes, and what it does. Data goes to stdout, messages go to stderr. */
interface Command {

    int GOOD = 0;
    int FAILED = 1;
    int WRONG_INPUT = 2;
    int RUN_INVALID = 3;
    int DEFECT = 70;
    int INTERRUPTED = 130;

    /** Plus the number of a signal: it ended the program. */
    int SIGNALLED = 128;

    Usage usage();

    /** Runs the command and returns its exit code. Data goes to {@code out}, which the caller flushes. */
    int run(Arguments arguments, Stdout out) throws Exception;
}
