package io.dataflux.cli;

import io.dataflux.ConfigurationException;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, all of it, in our words: what is there, what is allowed, what was probably meant. */
final class Mistakes {

    private final CommandSpec command;
    private final Set<String> lines = new LinkedHashSet<>();
    /** What was refused by what should have taken it: it is neither missing nor too many. */
    private final Map<ArgSpec, String> refused = new HashMap<>(); // order never seen

    private Mistakes(CommandSpec command) {
        this.command = command;
    }

    /** @param command the one whose command line it is */
    static String text(CommandSpec command, List<? extends Exception> found) {
        Mistakes mistakes = new Mistakes(command);
        found.forEach(mistakes::noteRefused);
        found.forEach(mistakes::add);
        boolean whole = command.parent() == null;
        return mistakes.lines.stream().map(line -> Terminal.bad(line) + '\n').collect(Collectors.joining())
                + (whole ? "" : "usage: " + command.commandLine().getHelp().abbreviatedSynopsis())
                + "see:   " + command.qualifiedName() + " --help\n";
    }

    private void noteRefused(Exception e) {
        if (e instanceof ParameterException wrong && wrong.getArgSpec() != null && wrong.getValue() != null) {
            refused.put(wrong.getArgSpec(), wrong.getValue());
        }
    }

    private void add(Exception e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            unmatched(unmatched.getUnmatched());
        } else if (e instanceof MissingParameterException missing) {
            boolean value = String.valueOf(e.getMessage()).contains("parameter for option");
            missing.getMissing().stream()
                    .filter(arg -> !refused.containsKey(arg))
                    .forEach(arg -> lines.add(
                            value ? name(arg) + " needs a value: " + shown(arg) : shown(arg) + " is missing"));
        } else if (e instanceof OverwrittenOptionException twice) {
            lines.add(name(twice.getOverwritten()) + " is given twice");
        } else if (e instanceof ParameterException wrong && wrong.getArgSpec() != null) {
            lines.add(wrong(wrong.getArgSpec(), Objects.toString(wrong.getValue(), ""), wrong.getCause()));
        } else {
            lines.add(String.valueOf(e.getMessage()));
        }
    }

    /** Words that nothing takes; one after an option that does not exist is its value. */
    private void unmatched(List<String> words) {
        boolean value = false;
        for (String word : words) {
            boolean option = word.startsWith("-") && word.length() > 1;
            if (option) {
                noOption(word.contains("=") ? word.substring(0, word.indexOf('=')) : word);
            } else if (command.parent() == null) {
                lines.add("there is no command '" + word + "'"
                        + Nearest.hint("", word, command.subcommands().keySet()));
                return; // nobody knows what the rest belongs to
            } else if (!value && !refused.containsValue(word)) {
                lines.add("'" + word + "' is one argument too many");
            }
            value = option && !word.contains("=");
        }
    }

    private void noOption(String word) {
        List<String> known = new ArrayList<>();
        command.options().forEach(option -> known.add(bare(option.longestName())));
        lines.add("there is no option " + word + Nearest.hint("--", bare(word), known));
    }

    private static String bare(String option) {
        return option.replaceFirst("^--?", "");
    }

    private static String wrong(ArgSpec arg, String value, @Nullable Throwable cause) {
        if (cause instanceof ConfigurationException) {
            return String.valueOf(cause.getMessage());
        } else if (cause instanceof InvalidPathException path) {
            return "'" + value + "' is not a path on this system: " + path.getReason()
                    + "; if it has letters beyond ASCII, set the locale to one of UTF-8, such as LC_ALL=C.UTF-8";
        } else if (arg.typeInfo().isBoolean()) {
            return name(arg) + " takes no value";
        }
        String why = cause instanceof TypeConversionException
                ? String.valueOf(cause.getMessage())
                : "'" + value + "' cannot be used: " + cause;
        return name(arg) + (why.startsWith(":") ? "" : " ") + why;
    }

    private static String name(ArgSpec arg) {
        return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
    }

    private static String shown(ArgSpec arg) {
        return arg instanceof OptionSpec option ? option.longestName() + " " + arg.paramLabel() : arg.paramLabel();
    }
}
