package io.dataflux.problem;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds the word that was probably meant. */
public final class Suggestions {

    private static final int SHORTEST_PART = 4;

    /** Words of other programs, and what stands for them here: each a key that is known, and perhaps how it is written. */
    private static final Map<String, List<String>> ELSEWHERE = elsewhere();

    private Suggestions() {}

    private static Map<String, List<String>> elsewhere() {
        Map<String, List<String>> words = new TreeMap<>();
        same(words, "duration runtime run_for for period", "time", "limits: {time: 30s}");
        same(
                words,
                "count limit limits max_events event_count total number_of_events n",
                "events",
                "limits: {events: 1000000}");
        same(words, "size max_bytes", "bytes", "limits: {bytes: 10GB}");
        same(
                words,
                "rate rps eps tps qps throughput per_second events_per_sec messages_per_second frequency",
                "events_per_second",
                "rate");
        same(
                words,
                "brokers broker servers bootstrap hosts bootstrap_server kafka",
                "bootstrap_servers",
                "sinks: {broker: {type: kafka, ...}}");
        same(words, "stdout stderr print log terminal out", "console", "sinks: {out: {type: console}}");
        same(words, "devnull blackhole noop discard none", "null");
        same(words, "files jsonl disk folder directory path", "file", "dir", "output: {dir: dataflux-out}");
        same(words, "rest webhook https api", "http");
        same(words, "endpoint uri address", "url", "bootstrap_servers");
        same(words, "range integer long number random between", "int: [1, 5]");
        same(words, "float double numeric money price", "decimal: [\"0.99\", \"199.99\"]");
        same(words, "uuid guid", "id: uuid");
        same(words, "regex regexp pattern string varchar", "text: \"[A-Z]{4}\"");
        same(words, "enum choice choices one_of oneof values options category", "pick: [red, blue]");
        same(words, "timestamp datetime date event_time created_at", "time: event", "start");
        same(words, "boolean flag", "bool: 25%");
        same(words, "struct record map nested", "object");
        same(words, "array repeated", "list");
        same(words, "autoincrement serial sequence_number increment", "sequence: 0");
        same(words, "value const literal fixed", "constant");
        same(words, "name fake", "faker: \"#{name.fullName}\"");
        same(words, "events topics sources generators tables", "streams");
        same(words, "targets outputs destinations sink", "sinks");
        same(words, "schema columns properties", "fields");
        same(words, "dir", "output: {dir: dataflux-out}");
        same(words, "threads workers parallelism concurrency", "lanes");
        same(words, "start_time begin from_time", "start");
        same(words, "random_seed", "seed");
        same(words, "users entities cardinality", "key", "count");
        return words;
    }

    private static void same(Map<String, List<String>> words, String others, String... here) {
        for (String other : others.split(" ", -1)) {
            words.merge(
                    bare(other),
                    List.of(here),
                    (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
        }
    }

    /** What stands here for a word of other programs, such as {@code id: uuid} for {@code uuid}, if that key is known. */
    public static Optional<String> translated(String word, Collection<String> known) {
        return ELSEWHERE.getOrDefault(bare(word), List.of()).stream()
                .filter(phrase -> known.contains(key(phrase)))
                .findFirst();
    }

    /** The key of a suggestion that says how it is written as well. */
    public static String key(String suggestion) {
        int colon = suggestion.indexOf(':');
        return colon < 0 ? suggestion : suggestion.substring(0, colon);
    }

    /** What stands for the word here, or the nearest of the known words, if it is near enough to have been meant. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        return translated(word, known).or(() -> similar(word, known));
    }

    private static Optional<String> similar(String word, Collection<String> known) {
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
