package io.dataflux.examples.standalone;

/** One command: what it takes, and what it does. Data goes to stdout, words go to stderr. */
interface Command {

    int GOOD = 0;
    int FAILED = 1;
    int WRONG_INPUT = 2;
    int RUN_INVALID = 3;
    int DEFECT = 70;
    int INTERRUPTED = 130;

    Usage usage();

    /** Does it, and answers the exit code. */
    int run(Arguments arguments) throws Exception;
}
