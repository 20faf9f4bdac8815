package io.dataflux.examples.standalone;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Guesses which word was meant. */
final class Nearest {

    /** Words of other programs, and the options or commands for them here. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("duration", "for"),
            Map.entry("time", "for"),
            Map.entry("runtime", "for"),
            Map.entry("limit", "events"),
            Map.entry("n", "count"),
            Map.entry("number", "count"),
            Map.entry("max-events", "events"),
            Map.entry("records", "events"),
            Map.entry("messages", "events"),
            Map.entry("start", "from"),
            Map.entry("offset", "from"),
            Map.entry("file", "config"),
            Map.entry("directory", "output"),
            Map.entry("dir", "output"),
            Map.entry("rate", "speed"),
            Map.entry("check", "validate"),
            Map.entry("lint", "validate"),
            Map.entry("start-run", "run"),
            Map.entry("send", "run"),
            Map.entry("list", "streams"),
            Map.entry("ls", "streams"),
            Map.entry("show", "streams"),
            Map.entry("print", "sample"),
            Map.entry("head", "sample"),
            Map.entry("hash", "fingerprint"),
            Map.entry("digest", "fingerprint"),
            Map.entry("chart", "plot"),
            Map.entry("graph", "plot"));

    private Nearest() {}

    /** {@code "; did you mean X?"}, or nothing if no word is similar. */
    static String hint(String prefix, String word, Collection<String> known) {
        String translated = ELSEWHERE.get(word);
        if (translated == null || !known.contains(translated)) {
            // the same word may be called otherwise in another command
            translated = List.of("limit", "count", "events").contains(word)
                    ? List.of("events", "count").stream()
                            .filter(known::contains)
                            .findFirst()
                            .orElse(null)
                    : null;
        }
        if (translated != null) {
            return "; did you mean " + prefix + translated + "?";
        }
        String nearest = "";
        int least = Math.max(2, word.length() / 3) + 1;
        for (String candidate : known) {
            int distance = distance(word, candidate);
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest.isEmpty() ? "" : "; did you mean " + prefix + nearest + "?";
    }

    /** How many letters have to be inserted, deleted or changed (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
