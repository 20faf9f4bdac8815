package io.dataflux.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A command line that was read and checked against its {@link Usage}. */
final class Arguments {

    /** A mistake on the command line: exit code 2. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    private static final int MOST_SHOWN = 60;

    private final Usage usage;
    private final List<String> operands = new ArrayList<>();
    private final Map<String, List<String>> values = new HashMap<>();

    private Arguments(Usage usage) {
        this.usage = usage;
    }

    static Arguments parse(Usage usage, List<String> words) {
        Arguments arguments = new Arguments(usage);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i).equals("-o") ? "--out" : words.get(i);
            if (!word.startsWith("--")) {
                arguments.operands.add(word);
                continue;
            }
            int equals = word.indexOf('=');
            String name = word.substring(2, equals < 0 ? word.length() : equals);
            Usage.Option option = usage.options().get(name);
            if (option == null) {
                throw arguments.mistake("there is no option --" + name
                        + Nearest.hint("--", name, usage.options().keySet()));
            }
            String value = "";
            if (!option.value().isEmpty()) {
                if (equals < 0 && i + 1 == words.size()) {
                    throw arguments.mistake("--" + name + " needs a value: " + option.shown());
                }
                value = equals < 0 ? words.get(++i) : word.substring(equals + 1);
            } else if (equals >= 0) {
                throw arguments.mistake("--" + name + " takes no value");
            }
            List<String> its = arguments.values.computeIfAbsent(name, n -> new ArrayList<>());
            its.add(value);
            if (its.size() > 1 && !option.repeatable()) {
                throw arguments.mistake("--" + name + " is given twice");
            }
        }
        if (arguments.operands.size() < usage.required()) {
            throw arguments.mistake(usage.operands().get(arguments.operands.size()) + " is missing");
        }
        if (arguments.operands.size() > usage.operands().size()) {
            throw arguments.mistake(
                    "'" + arguments.operands.get(usage.operands().size()) + "' is one argument too many");
        }
        return arguments;
    }

    UsageException mistake(String what) {
        return new UsageException(
                what + "\nusage: " + usage.line() + "\nsee:   ./dataflux " + usage.command() + " --help");
    }

    String operand(int i) {
        return operands.get(i);
    }

    Optional<String> optionalOperand(int i) {
        return i < operands.size() ? Optional.of(operands.get(i)) : Optional.empty();
    }

    boolean flag(String name) {
        return values.containsKey(name);
    }

    Optional<String> text(String name) {
        return texts(name).stream().findFirst();
    }

    /** The value of an option that names a file or folder. */
    Optional<Path> path(String name) {
        return text(name).map(this::asPath);
    }

    /** The values of an option that names files and may be given several times. */
    List<Path> paths(String name) {
        return texts(name).stream().map(this::asPath).toList();
    }

    /** An operand that names a file. */
    Path pathOperand(int i) {
        return asPath(operand(i));
    }

    private Path asPath(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw mistake("'" + text + "' is not a path on this system: " + e.getReason()
                    + "; if it has letters beyond ASCII, set the locale to one of UTF-8, such as LC_ALL=C.UTF-8");
        }
    }

    /** All values of an option that may be given several times. */
    List<String> texts(String name) {
        return values.getOrDefault(name, List.of());
    }

    OptionalLong number(String name, long min, long max) {
        String text = text(name).orElse(null);
        if (text == null) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw mistake("--" + name + " " + shown(text) + " is not a whole number from " + min + " to " + max);
    }

    private static String shown(String text) {
        return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text;
    }

    long number(String name, long otherwise, long min, long max) {
        return number(name, min, max).orElse(otherwise);
    }
}
