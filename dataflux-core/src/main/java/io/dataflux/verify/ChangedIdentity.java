package io.dataflux.verify;

import io.dataflux.encode.CompiledStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the event that an identity would be of if a system had not changed it: had put something before or behind it, left out what
 * belongs there, or written it in other letters. A bounded number of tries, for identities that lead to no event as they are.
 */
final class ChangedIdentity {

    private static final Pattern UUID_TEXT =
            Pattern.compile("([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final int LONGEST_TEXT = 1000;
    private static final int MOST_NUMBERS = 8;
    private static final int LONGEST_EDGE = 16;

    private final CompiledStream stream;
    private final List<Object> example;

    ChangedIdentity(CompiledStream stream) {
        this.stream = stream;
        this.example = stream.event(0).identity();
    }

    /** What was changed, such as {@code would be event 517 without `v2_`}; null if no event is found. */
    @Nullable
    String words(Object... given) {
        Object[] tried = given.clone();
        for (int i = 0; i < given.length; i++) {
            String text = String.valueOf(given[i]);
            if (text.length() > LONGEST_TEXT || given[i] instanceof Number) {
                continue;
            }
            for (String candidate : candidates(text, example.get(i).toString())) {
                tried[i] = candidate;
                OptionalLong sequence = stream.sequenceOf(tried);
                if (sequence.isPresent()
                        && !candidate.equals(text)
                        && stream.event(sequence.getAsLong())
                                .identity()
                                .get(i)
                                .toString()
                                .equals(candidate)) {
                    return "would be event " + sequence.getAsLong() + " " + change(text, candidate);
                }
            }
            tried[i] = given[i];
        }
        return null;
    }

    /** What the text may have been, the likelier before the less likely. */
    private static Set<String> candidates(String text, String like) {
        Set<String> candidates = new LinkedHashSet<>();
        String low = text.toLowerCase(Locale.ROOT);
        Matcher own = UUID_TEXT.matcher(like);
        if (own.find()) {
            Matcher found = UUID_TEXT.matcher(low);
            if (found.find()) {
                String uuid = found.group(1)
                        + '-'
                        + found.group(2)
                        + '-'
                        + found.group(3)
                        + '-'
                        + found.group(4)
                        + '-'
                        + found.group(5);
                candidates.add(like.substring(0, own.start()) + uuid + like.substring(own.end()));
            }
            return candidates;
        }
        candidates.add(text.strip());
        candidates.add(low);
        candidates.add(text.toUpperCase(Locale.ROOT));
        own = NUMBER.matcher(like);
        if (own.find() && !NUMBER.matcher(like.substring(own.end())).find()) {
            Matcher found = NUMBER.matcher(text);
            for (int i = 0; i < MOST_NUMBERS && found.find(); i++) {
                for (String number : List.of(found.group(), found.group().replaceFirst("^0+(?=.)", ""))) {
                    candidates.add(like.substring(0, own.start()) + number + like.substring(own.end()));
                }
            }
        }
        for (int edge = 1; edge <= Math.min(LONGEST_EDGE, text.length() - 1); edge++) {
            candidates.add(text.substring(edge));
            candidates.add(text.substring(0, text.length() - edge));
        }
        return candidates;
    }

    private static String change(String is, String should) {
        int at = is.indexOf(should);
        if (at >= 0) {
            return "without " + edges(is, at, should.length());
        }
        if (is.equalsIgnoreCase(should)) {
            return "in its own case";
        }
        at = should.indexOf(is);
        if (at >= 0 && !is.isEmpty()) {
            return "with " + edges(should, at, is.length());
        }
        at = is.toLowerCase(Locale.ROOT).indexOf(should.toLowerCase(Locale.ROOT));
        return at >= 0
                ? "in its own case and without " + edges(is, at, should.length())
                : "if it were " + Excerpt.quoted(should);
    }

    /** What stands around a part of a text. */
    private static String edges(String text, int from, int length) {
        String before = text.substring(0, from);
        String after = text.substring(from + length);
        return before.isEmpty()
                ? inTicks(after)
                : after.isEmpty() ? inTicks(before) : inTicks(before) + " and " + inTicks(after);
    }

    private static String inTicks(String text) {
        return "`" + Excerpt.start(text) + "`";
    }
}
