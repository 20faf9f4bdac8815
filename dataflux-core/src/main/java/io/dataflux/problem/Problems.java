package io.dataflux.problem;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Collects the mistakes found while something is planned. Used by one thread. */
public final class Problems {

    /** A path as it is in the file, and its line; 0 if it has none. */
    public record Place(String path, int line) {}

    private static final int SHORTEST_HIDDEN = 6;
    /** Longer than any path; its beginning is enough. */
    private static final Pattern LONG_WORD = Pattern.compile("([^\\s]{60})[^\\s]{940,}+");

    private final List<Problem> found = new ArrayList<>();
    private final List<String> hidden = new ArrayList<>();
    private final Function<String, Place> places;

    /** For problems of something that was not read from a file. */
    public Problems() {
        this(path -> new Place(path, 0));
    }

    /** @param places the place of a path in the file */
    public Problems(Function<String, Place> places) {
        this.places = places;
    }

    /** Notes a mistake; a mistake that is already noted is ignored. */
    public void add(String path, String what) {
        Place place = places.apply(path);
        Problem problem = new Problem(place.path(), place.line(), what);
        if (!found.contains(problem)) {
            found.add(problem);
        }
    }

    /**
     * Masks a value in all messages, including those of sinks and routers and those already noted. Short values are not masked here,
     * because their letters occur in every message; whoever shows them must hide them.
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
        return LONG_WORD.matcher(masked).replaceAll("$1...");
    }

    /** Why a text cannot be the name of a file or folder: Java has no letters beyond ASCII in the POSIX locale. */
    public static String noPath(String text) {
        return "'" + text
                + "' is not a valid path on this system; a name with letters beyond ASCII needs a locale of UTF-8, such"
                + " as LC_ALL=C.UTF-8";
    }

    /** A time span as messages show it and configurations take it: in its largest whole unit, such as {@code 90s}. */
    public static String text(Duration span) {
        long millis = span.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        return seconds % 86_400 == 0
                ? seconds / 86_400 + "d"
                : seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
