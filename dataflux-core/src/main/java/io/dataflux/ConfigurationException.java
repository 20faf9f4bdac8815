package io.dataflux;

import java.util.List;

/**
 * Thrown for a definition or configuration that cannot be used. It holds every problem found, not only the first; each says where it is,
 * what is written there, what is allowed and the likely fix. The message can be shown to users as it is.
 */
public final class ConfigurationException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public ConfigurationException(String source, List<Problem> problems) {
        super(message(source, problems));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    private static String message(String source, List<Problem> problems) {
        StringBuilder text = new StringBuilder(source)
                .append(problems.size() == 1 ? ": 1 problem" : ": " + problems.size() + " problems");
        for (Problem problem : problems) {
            text.append("\n  ").append(problem);
        }
        return text.toString();
    }

    /**
     * One mistake.
     *
     * @param path where, such as {@code streams.orders.fields.total}
     * @param line the line of the file, from 1; 0 if there is none
     * @param what what is written there, what is allowed and the likely fix; never a secret
     */
    public record Problem(String path, int line, String what) {

        public Problem(String path, String what) {
            this(path, 0, what);
        }

        @Override
        public String toString() {
            String where = line == 0 ? path : path.isEmpty() ? "line " + line : path + " (line " + line + ")";
            return where.isEmpty() ? what : where + ": " + what;
        }
    }
}
