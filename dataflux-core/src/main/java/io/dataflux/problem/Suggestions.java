package io.dataflux.problem;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant. */
public final class Suggestions {

    private static final int SHORTEST_PART = 4;

    private Suggestions() {}

    /** The nearest of the known words, if it is near enough to have been meant. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        String bare = bare(word);
        int best = 1 + Math.min(bare.length(), 12) / 4;
        String nearest = null;
        for (String candidate : known) {
            int distance = distance(bare, bare(candidate));
            if (distance < best
                    || (distance == best
                            && nearest == null
                            && distance < bare(candidate).length())) {
                best = distance;
                nearest = candidate;
            }
        }
        return nearest == null ? only(bare, known) : Optional.of(nearest);
    }

    /** The only one that begins or ends with the word, such as {@code roll_bytes} for {@code roll}. */
    private static Optional<String> only(String bare, Collection<String> known) {
        List<String> longer = known.stream()
                .filter(candidate -> bare.length() >= SHORTEST_PART
                        && (bare(candidate).startsWith(bare) || bare(candidate).endsWith(bare)))
                .toList();
        return longer.size() == 1 ? Optional.of(longer.get(0)) : Optional.empty();
    }

    /** {@code "; did you mean 'topic'?"}, or else {@code otherwise}. */
    public static String hint(String word, Collection<String> known, String otherwise) {
        return nearest(word, known).map(Suggestions::didYouMean).orElse(otherwise);
    }

    public static String didYouMean(String word) {
        return "; did you mean '" + word + "'?";
    }

    /** Words that differ in case or punctuation only, as {@code bootstrapServers} and {@code bootstrap.servers}, are the same. */
    private static String bare(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    }

    /** How many letters to insert, drop, replace or swap with their neighbour. */
    public static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] previous = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] oldest = before;
            before = previous;
            previous = row;
            row = oldest;
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int least = Math.min(previous[j - 1] + (same ? 0 : 1), Math.min(previous[j], row[j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                row[j] = swapped ? Math.min(least, before[j - 2] + 1) : least;
            }
        }
        return row[b.length()];
    }
}
