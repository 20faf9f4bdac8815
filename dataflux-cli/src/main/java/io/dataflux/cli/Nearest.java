package io.dataflux.cli;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Guesses which word was meant. */
final class Nearest {

    /** Words of other programs, and the commands or options for them here: of those that are known, the first. */
    private static final Map<String, List<String>> ELSEWHERE = Map.ofEntries(
            Map.entry("duration", List.of("for")),
            Map.entry("time", List.of("for")),
            Map.entry("runtime", List.of("for")),
            Map.entry("limit", List.of("events", "count")),
            Map.entry("count", List.of("events")),
            Map.entry("events", List.of("count")),
            Map.entry("n", List.of("events", "count")),
            Map.entry("number", List.of("events", "count")),
            Map.entry("max-events", List.of("events", "count")),
            Map.entry("records", List.of("events", "count")),
            Map.entry("messages", List.of("events", "count")),
            Map.entry("start", List.of("run", "from", "start-at")),
            Map.entry("offset", List.of("from")),
            Map.entry("file", List.of("config")),
            Map.entry("directory", List.of("output")),
            Map.entry("dir", List.of("output")),
            Map.entry("rate", List.of("speed")),
            Map.entry("check", List.of("validate")),
            Map.entry("lint", List.of("validate")),
            Map.entry("start-run", List.of("run")),
            Map.entry("send", List.of("run")),
            Map.entry("generate", List.of("run")),
            Map.entry("produce", List.of("run")),
            Map.entry("list", List.of("streams")),
            Map.entry("ls", List.of("streams")),
            Map.entry("show", List.of("streams")),
            Map.entry("history", List.of("runs")),
            Map.entry("status", List.of("runs")),
            Map.entry("remove", List.of("clean")),
            Map.entry("rm", List.of("clean")),
            Map.entry("delete", List.of("clean")),
            Map.entry("prune", List.of("clean")),
            Map.entry("print", List.of("sample")),
            Map.entry("head", List.of("sample")),
            Map.entry("hash", List.of("fingerprint")),
            Map.entry("digest", List.of("fingerprint")),
            Map.entry("c", List.of("config")),
            Map.entry("f", List.of("config")),
            Map.entry("s", List.of("seed")),
            Map.entry("t", List.of("for", "tag")),
            Map.entry("chart", List.of("plot")),
            Map.entry("graph", List.of("plot")));

    private Nearest() {}

    /** {@code "; did you mean X?"}, or nothing if no word is similar. */
    static String hint(String prefix, String word, Collection<String> known) {
        for (String ours : ELSEWHERE.getOrDefault(word, List.of())) {
            if (known.contains(ours)) {
                return "; did you mean " + prefix + ours + "?";
            }
        }
        String nearest = "";
        int least = Math.max(2, word.length() / 3) + 1;
        for (String candidate : known) {
            int distance = distance(word, candidate);
            boolean nearer = distance == least && !nearest.isEmpty() && common(word, candidate) > common(word, nearest);
            if (distance < least || nearer) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest.isEmpty() ? "" : "; did you mean " + prefix + nearest + "?";
    }

    /** How many letters both begin with. */
    private static int common(String a, String b) {
        int i = 0;
        while (i < Math.min(a.length(), b.length()) && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        return i;
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
