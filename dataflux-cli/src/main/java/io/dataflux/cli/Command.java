package io.dataflux.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** One command: its options, which are filled in before it runs, and what it does. Data goes to stdout, messages go to stderr. */
@CommandLine.Command(
        synopsisHeading = "%nusage: ",
        abbreviateSynopsis = true,
        parameterListHeading = "%n",
        optionListHeading = "%n",
        footerHeading = "%n",
        sortOptions = false)
abstract class Command {

    static final int GOOD = 0;
    static final int FAILED = 1;
    static final int WRONG_INPUT = 2;
    static final int RUN_INVALID = 3;
    static final int DEFECT = 70;
    static final int INTERRUPTED = 130;

    /** Plus the number of a signal: it ended the program. */
    static final int SIGNALLED = 128;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = Integer.MAX_VALUE,
            description = "prints this help")
    boolean help;

    /** Runs the command and returns its exit code. Data goes to {@code out}, which the caller flushes. */
    abstract int run(Stdout out) throws Exception;

    /** Its name. */
    String name() {
        return spec.name();
    }

    /** A mistake on the command line: exit code 2. */
    ParameterException mistake(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    /** The program as it was called, as a word for a shell: for lines that can be pasted. */
    static String program() {
        return quoted(System.getProperty("dataflux.program", "dataflux"));
    }

    /** A word for a shell. */
    static String quoted(String word) {
        return word.matches("[\\w./:@%+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
