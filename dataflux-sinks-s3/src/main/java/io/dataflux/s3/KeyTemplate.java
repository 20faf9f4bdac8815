package io.dataflux.s3;

import io.dataflux.spi.LaneContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How objects are named: text with words in braces. A name can be read back, so no two objects have the same. Immutable.
 *
 * @param literals the text before, between and after the words; one more than words
 */
record KeyTemplate(List<String> literals, List<Word> words) {

    static final String DEFAULT = "raw-data/{stream}/dt={date}/hour={hour}/{tag}-{shard}-{first}-{last}.jsonl.gz";

    private static final int MOST_CHARACTERS = 512; // a key has at most 1024 bytes, words filled in
    private static final Pattern BRACES = Pattern.compile("\\{([^{}]*)}");

    /** What can stand in braces, and the pattern of what it becomes. */
    enum Word {
        STREAM(""),
        SINK(""),
        DATE("(\\d{4,}-\\d{2}-\\d{2})"),
        HOUR("(\\d{2})"),
        TAG(""),
        SHARD("(\\d{1,9})"),
        FIRST("(\\d{12,19})"),
        LAST("(\\d{12,19})");

        private final String pattern;

        Word(String pattern) {
            this.pattern = pattern;
        }

        @Override
        public String toString() {
            return "{" + name().toLowerCase(Locale.ROOT) + "}";
        }
    }

    private static final Set<Word> MANDATORY = new TreeSet<>(List.of(Word.TAG, Word.SHARD, Word.FIRST, Word.LAST));

    KeyTemplate {
        literals = List.copyOf(literals);
        words = List.copyOf(words);
    }

    /** @throws IllegalArgumentException with what is wrong, what is allowed and the likely fix */
    static KeyTemplate parse(String text) {
        List<String> literals = new ArrayList<>();
        List<Word> words = new ArrayList<>();
        Matcher braces = BRACES.matcher(text);
        int end = 0;
        while (braces.find()) {
            literals.add(literal(text.substring(end, braces.start())));
            words.add(word(braces.group()));
            end = braces.end();
        }
        literals.add(literal(text.substring(end)));
        KeyTemplate template = new KeyTemplate(literals, words);
        template.check(text);
        return template;
    }

    /** The template as it was written. */
    String text() {
        StringBuilder text = new StringBuilder(literals.get(0));
        for (int i = 0; i < words.size(); i++) {
            text.append(words.get(i)).append(literals.get(i + 1));
        }
        return text.toString();
    }

    private static String literal(String text) {
        if (text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
            throw new IllegalArgumentException("has an unmatched brace in '" + text + "'");
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~' || text.charAt(i) == '\\') {
                throw new IllegalArgumentException("has a character in '" + text
                        + "' that not every store accepts in a key; use letters, digits and / - _ . =");
            }
        }
        return text;
    }

    private static Word word(String braced) {
        for (Word word : Word.values()) {
            if (word.toString().equals(braced)) {
                return word;
            }
        }
        throw new IllegalArgumentException("contains the unknown placeholder " + braced + "; use "
                + List.of(Word.values()).toString().replaceAll("[\\[\\]]", ""));
    }

    private void check(String text) {
        Set<Word> missing = new TreeSet<>(MANDATORY);
        words.forEach(missing::remove);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("lacks " + missing.toString().replaceAll("[\\[\\]]", "")
                    + ", without which two objects could have the same name; the default is " + DEFAULT);
        }
        if (words.contains(Word.HOUR) && !words.contains(Word.DATE)) {
            throw new IllegalArgumentException("has {hour} but no {date}; add {date}, as in dt={date}/hour={hour}");
        }
        if (text.startsWith("/") || text.endsWith("/") || text.contains("//") || text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "must not begin or end with a slash, contain two in a row, or have more than " + MOST_CHARACTERS
                            + " characters");
        }
        for (String segment : text.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                throw new IllegalArgumentException("has a segment '" + segment
                        + "' between slashes, which many programs take for a folder; leave it out, or add a letter");
            }
        }
        for (int i = 1; i < words.size(); i++) {
            String between = literals.get(i);
            if (between.isEmpty()
                    || Character.isLetterOrDigit(between.charAt(0))
                    || Character.isDigit(between.charAt(between.length() - 1))) {
                throw new IllegalArgumentException("needs a separator such as - or / between " + words.get(i - 1)
                        + " and " + words.get(i) + ", or names could not be read back");
            }
        }
    }

    boolean has(Word word) {
        return words.contains(word);
    }

    /** Whether objects hold events of one day or hour each. */
    boolean partitioned() {
        return has(Word.DATE);
    }

    /** Whether what is stored is compressed, judging by the name. */
    boolean endsWithGz() {
        return literals.get(literals.size() - 1).endsWith(".gz");
    }

    /** The number of the day or hour since 1970 that an event time is in, as far as names tell; else 0. */
    long partition(long timeMillis) {
        return has(Word.HOUR)
                ? Math.floorDiv(timeMillis, ObjectName.HOUR_MILLIS)
                : has(Word.DATE) ? Math.floorDiv(timeMillis, ObjectName.DAY_MILLIS) : 0;
    }

    String key(LaneContext run, ObjectName name) {
        StringBuilder key = new StringBuilder(literals.get(0));
        for (int i = 0; i < words.size(); i++) {
            key.append(value(words.get(i), run, name)).append(literals.get(i + 1));
        }
        return key.toString();
    }

    private String value(Word word, LaneContext run, ObjectName name) {
        return switch (word) {
            case STREAM -> run.streams().get(name.stream()).name();
            case SINK -> run.sink();
            case TAG -> run.tagText();
            case DATE -> name.date(has(Word.HOUR));
            case HOUR -> name.hour();
            case SHARD -> Integer.toString(name.shard());
            case FIRST -> ObjectName.place(name.first());
            case LAST -> ObjectName.place(name.last());
        };
    }

    /** What all keys of a run's stream begin with, as far as that is known. */
    String prefix(LaneContext run, int stream) {
        StringBuilder prefix = new StringBuilder(literals.get(0));
        for (int i = 0; i < words.size(); i++) {
            switch (words.get(i)) {
                case STREAM -> prefix.append(run.streams().get(stream).name());
                case SINK -> prefix.append(run.sink());
                case TAG -> prefix.append(run.tagText());
                default -> {
                    return prefix.toString();
                }
            }
            prefix.append(literals.get(i + 1));
        }
        return prefix.toString();
    }

    /** Reads the names of a run's objects of one stream; the inverse of {@link #key}. */
    Parser parser(LaneContext run, int stream) {
        return new Parser(run, stream);
    }

    final class Parser {
        private final LaneContext run;
        private final int stream;
        private final Pattern pattern;

        private Parser(LaneContext run, int stream) {
            this.run = run;
            this.stream = stream;
            StringBuilder regex = new StringBuilder(Pattern.quote(literals.get(0)));
            for (int i = 0; i < words.size(); i++) {
                Word word = words.get(i);
                regex.append(
                        switch (word) {
                            case STREAM ->
                                Pattern.quote(run.streams().get(stream).name());
                            case SINK -> Pattern.quote(run.sink());
                            case TAG -> Pattern.quote(run.tagText());
                            default -> word.pattern;
                        });
                regex.append(Pattern.quote(literals.get(i + 1)));
            }
            pattern = Pattern.compile(regex.toString());
        }

        /** The name that a key is, or empty if it is none of this run and stream. */
        Optional<ObjectName> parse(String key) {
            Matcher matcher = pattern.matcher(key);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            String date = "";
            String hour = "";
            long shard = 0;
            long first = 0;
            long last = 0;
            int group = 0;
            try {
                for (Word word : words) {
                    switch (word) {
                        case DATE -> date = matcher.group(++group);
                        case HOUR -> hour = matcher.group(++group);
                        case SHARD -> shard = Long.parseLong(matcher.group(++group));
                        case FIRST -> first = Long.parseLong(matcher.group(++group));
                        case LAST -> last = Long.parseLong(matcher.group(++group));
                        case STREAM, SINK, TAG -> {}
                    }
                }
                ObjectName name = new ObjectName(stream, (int) shard, ObjectName.partition(date, hour), first, last);
                boolean known = shard < run.streams().get(stream).shards() && first <= last;
                return known && key(run, name).equals(key) ? Optional.of(name) : Optional.empty();
            } catch (NumberFormatException | java.time.DateTimeException e) {
                return Optional.empty(); // no name of ours, though it looks like one
            }
        }
    }
}
