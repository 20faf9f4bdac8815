package io.dataflux.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments that a command takes: the only source of its {@code --help} and of its checks. */
final class Usage {

    /** One option; {@code value} is empty for a flag. */
    record Option(String name, String value, String meaning, boolean repeatable) {
        String shown() {
            return value.isEmpty() ? "--" + name : "--" + name + " " + value;
        }
    }

    private final String command;
    private final String summary;
    private final List<String> operands = new ArrayList<>();
    private final Map<String, Option> options = new LinkedHashMap<>();
    private final List<String> needed = new ArrayList<>();
    private int required;
    private String more = "";

    Usage(String command, String summary) {
        this.command = command;
        this.summary = summary;
    }

    Usage operand(String name) {
        operands.add(name);
        required++;
        return this;
    }

    Usage optionalOperand(String name) {
        operands.add(name);
        return this;
    }

    Usage option(String name, String value, String meaning) {
        options.put(name, new Option(name, value, meaning, false));
        return this;
    }

    /** An option that may be given several times. */
    Usage options(String name, String value, String meaning) {
        options.put(name, new Option(name, value, meaning, true));
        return this;
    }

    /** Options that are required. */
    Usage needs(String... names) {
        needed.addAll(List.of(names));
        return this;
    }

    Usage flag(String name, String meaning) {
        return option(name, "", meaning);
    }

    /** Text below the options. */
    Usage more(String text) {
        more = text;
        return this;
    }

    String command() {
        return command;
    }

    String summary() {
        return summary;
    }

    List<String> operands() {
        return operands;
    }

    int required() {
        return required;
    }

    Map<String, Option> options() {
        return options;
    }

    String line() {
        StringBuilder line = new StringBuilder("./dataflux ").append(command);
        for (int i = 0; i < operands.size(); i++) {
            line.append(i < required ? " " + operands.get(i) : " [" + operands.get(i) + "]");
        }
        for (Option option : options.values()) {
            line.append(needed.contains(option.name()) ? " " + option.shown() : "");
        }
        return options.size() == needed.size() ? line.toString() : line + " [options]";
    }

    String help() {
        StringBuilder help =
                new StringBuilder(summary).append("\n\nusage: ").append(line()).append("\n\n");
        int width = options.values().stream()
                .mapToInt(o -> o.shown().length())
                .max()
                .orElse(0);
        width = Math.max(width, "--help".length());
        for (Option option : options.values()) {
            help.append("  ")
                    .append(pad(option.shown(), width))
                    .append("  ")
                    .append(option.meaning())
                    .append('\n');
        }
        help.append("  ").append(pad("--help", width)).append("  prints this help\n");
        return more.isEmpty()
                ? help.toString()
                : help.append('\n').append(more).append('\n').toString();
    }

    static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
