package io.dataflux.problem;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Collects the mistakes found while something is planned. Used by one thread. */
public final class Problems {

    /** A path as the file has it, and its line; 0 if it has none. */
    public record Place(String path, int line) {}

    private static final int SHORTEST_HIDDEN = 6;

    private final List<Problem> found = new ArrayList<>();
    private final List<String> hidden = new ArrayList<>();
    private final Function<String, Place> places;

    /** For what was not read from a file. */
    public Problems() {
        this(path -> new Place(path, 0));
    }

    /** @param places the place of a path in the file */
    public Problems(Function<String, Place> places) {
        this.places = places;
    }

    /** Notes a mistake; the same mistake twice counts once. */
    public void add(String path, String what) {
        Place place = places.apply(path);
        Problem problem = new Problem(place.path(), place.line(), what);
        if (!found.contains(problem)) {
            found.add(problem);
        }
    }

    /**
     * Keeps a value out of all messages, also those of sinks and routers, and those that are noted already. Short values are left to whoever shows them:
     * their letters are in every message.
     */
    public void hide(String secret) {
        if (secret.length() >= SHORTEST_HIDDEN) {
            hidden.add(secret);
        }
    }

    public boolean none() {
        return found.isEmpty();
    }

    public int count() {
        return found.size();
    }

    /** @throws ConfigurationException with all problems in the order of their lines, if there are any */
    public void throwIfAny(String source) {
        if (!found.isEmpty()) {
            throw exception(source);
        }
    }

    /** All problems in the order of their lines. */
    public ConfigurationException exception(String source) {
        List<Problem> shown = new ArrayList<>();
        for (Problem problem : found) {
            shown.add(new Problem(masked(problem.path()), problem.line(), masked(problem.what())));
        }
        shown.sort(Comparator.comparingInt(Problem::line));
        return new ConfigurationException(source, shown);
    }

    private String masked(String text) {
        String masked = text;
        for (String secret : hidden) {
            masked = masked.replace(secret, "****");
        }
        return masked;
    }
}
