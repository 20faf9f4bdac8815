package io.dataflux.config;

import io.dataflux.ConfigurationException;
import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Origin;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.config.Tree.Sequence;
import io.dataflux.problem.Problems;
import io.dataflux.problem.Problems.Place;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/**
 * Builds a {@link Tree} from the events of a YAML parser. It reads events because only they distinguish {@code no} from {@code "no"}:
 * nothing is interpreted by the parser, and only maps, lists and scalars get through. JSON is read as YAML, which it is.
 */
final class YamlReader {

    /** Of the text, so that reading it ends; an event of {@code Kind.MOST_LEVELS} with a 'when' in each needs about half of it. */
    static final int MAX_DEPTH = 200;

    private final String source;
    private final String text;
    private final Map<String, Place> places;
    private final Problems problems;
    private Iterator<Event> events = List.<Event>of().iterator();
    /** The path that has been reached, for messages about syntax. */
    private String reached = "";

    /**
     * @param places where to note the place of each path
     * @param problems where to note what is readable but refused
     */
    YamlReader(String source, String text, Map<String, Place> places, Problems problems) {
        this.source = source;
        this.text = JsonText.withPlainSlashes(text);
        this.places = places;
        this.problems = problems;
    }

    /** @throws ConfigurationException if the text is not one YAML or JSON document with a map */
    Mapping root() {
        refuseStrangeCharacters();
        events = new Yaml().parse(new StringReader(text)).iterator();
        next(); // the stream's start
        Event first = next();
        if (first.is(Event.ID.StreamEnd)) {
            throw Document.broken(source, "is empty; the shortest configuration is 'sinks: {keep: {type: mock}}'");
        }
        Event event = next();
        Tree root = node(event, "", line(event), 1);
        next(); // the document's end
        Event end = next();
        if (!end.is(Event.ID.StreamEnd)) {
            throw broken(
                    end,
                    "a second document begins here; a configuration is one document, so remove '---' and what follows");
        }
        if (!(root instanceof Mapping map)) {
            throw broken(event, "the file must hold a map, with lines such as 'seed: 42'");
        }
        return map;
    }

    private Tree node(Event event, String path, int line, int depth) {
        if (depth > MAX_DEPTH) {
            throw broken(event, "is nested more than " + MAX_DEPTH + " levels deep; no setting needs that");
        }
        reached = path;
        if (event instanceof AliasEvent) {
            problems.add(
                    path, "a reference ('*name') to another part of the file is not supported; write the value out");
            return flawed(path, line);
        }
        refuseAnchorsAndTags((NodeEvent) event, path);
        if (event instanceof ScalarEvent scalar) {
            return scalar(scalar, path, line);
        }
        return event instanceof MappingStartEvent ? mapping(path, line, depth) : sequence(path, line, depth);
    }

    private Mapping mapping(String path, int line, int depth) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        Event event = next();
        while (!event.is(Event.ID.MappingEnd)) {
            if (event instanceof ScalarEvent name) {
                Event value = next();
                if (lacksBlank(name, value)) {
                    String word = name.getValue().substring(0, name.getValue().indexOf(':'));
                    String where = Tree.child(path, word);
                    note(where, event);
                    problems.add(where, "a space is missing after the ':'; write '" + word + ": ...'");
                } else {
                    entry(path, name, value, depth, entries);
                }
            } else {
                problems.add(
                        path, "line " + line(event) + " has a map, list or reference as a key; a key must be a word");
                skip(event);
                skip(next());
            }
            event = next();
        }
        reached = path;
        return new Mapping(path, line, entries);
    }

    private void entry(String path, ScalarEvent name, Event value, int depth, Map<String, Entry> entries) {
        String child = Tree.child(path, name.getValue());
        Entry before = entries.get(name.getValue());
        if (before == null) {
            note(child, name);
        }
        Scalar key = key(name, child);
        Tree tree = node(value, child, line(name), depth + 1);
        if (before == null) {
            entries.put(name.getValue(), new Entry(key, tree));
        } else {
            problems.add(child, "is defined twice, again on line " + line(name) + "; keep one of them");
        }
    }

    /** Whether a key was meant as key and value, as in {@literal {password:abc}}; what follows the colon must not be shown. */
    private static boolean lacksBlank(ScalarEvent name, Event value) {
        return name.isPlain()
                && name.getValue().indexOf(':') > 0
                && value instanceof ScalarEvent scalar
                && scalar.isPlain()
                && scalar.getValue().isEmpty();
    }

    private Scalar key(ScalarEvent name, String path) {
        refuseAnchorsAndTags(name, path);
        Scalar key = scalar(name, path, line(name));
        if (key.flaw() != null) {
            problems.add(
                    path, "the key '" + key.text() + "' " + key.flaw().replaceFirst(";.*", "") + "; put it in quotes");
        } else if (key.type() == PlainText.Type.NULL || key.text().isEmpty()) {
            problems.add(path, "an empty key; write a name before the ':'");
        }
        return key;
    }

    private Sequence sequence(String path, int line, int depth) {
        List<Tree> items = new ArrayList<>();
        Event event = next();
        while (!event.is(Event.ID.SequenceEnd)) {
            String item = Tree.item(path, items.size());
            note(item, event);
            items.add(node(event, item, line(event), depth + 1));
            event = next();
        }
        reached = path;
        return new Sequence(path, line, items);
    }

    private static Scalar scalar(ScalarEvent event, String path, int line) {
        String value = event.getValue();
        String flaw = event.isPlain() ? PlainText.flaw(value) : null;
        if (flaw == null && hasHalfPair(value)) {
            flaw =
                    "contains half of a surrogate pair, which is not a character; write both halves or the character itself";
        }
        return new Scalar(path, line, value, !event.isPlain(), Origin.FILE, flaw);
    }

    /** A stand-in for a value whose problem is noted already. */
    private static Scalar flawed(String path, int line) {
        return new Scalar(path, line, "", false, Origin.FILE, "");
    }

    private void refuseAnchorsAndTags(NodeEvent event, String path) {
        if (event.getAnchor() != null) {
            String name = Reading.soundsSecret(path) ? "..." : event.getAnchor();
            problems.add(path, "a name for references ('&" + name + "') is not supported; remove it");
        }
        String tag = event instanceof ScalarEvent scalar
                ? scalar.getTag()
                : event instanceof MappingStartEvent map
                        ? map.getTag()
                        : event instanceof SequenceStartEvent list ? list.getTag() : null;
        if (tag != null) {
            problems.add(path, "a type tag ('!...') is not supported; remove it, the setting determines the type");
        }
    }

    /** Skips the node that starts with the given event. */
    private void skip(Event first) {
        int depth = 0;
        Event event = first;
        while (true) {
            if (event.is(Event.ID.MappingStart) || event.is(Event.ID.SequenceStart)) {
                depth++;
            } else if (event.is(Event.ID.MappingEnd) || event.is(Event.ID.SequenceEnd)) {
                depth--;
            }
            if (depth == 0) {
                return;
            }
            event = next();
        }
    }

    private Event next() {
        try {
            return events.next();
        } catch (MarkedYAMLException e) {
            throw broken(SyntaxError.of(e, text));
        } catch (RuntimeException e) {
            // the parser is not ours: whatever it throws, the user gets the position and a message of ours
            throw broken(new SyntaxError(0, 0, "this is not YAML or JSON"));
        }
    }

    private ConfigurationException broken(SyntaxError error) {
        problems.add("", error.where(reached) + error.what());
        return problems.exception(source);
    }

    private ConfigurationException broken(Event event, String what) {
        int column = event.getStartMark().getColumn() + 1;
        return broken(new SyntaxError(line(event), column, what));
    }

    private void refuseStrangeCharacters() {
        int line = 1;
        int start = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
                start = at + 1;
            } else if (c == '\t' && !isComment(start)) {
                throw broken(new SyntaxError(
                        line,
                        at - start + 1,
                        "a tab; indent and separate with spaces, and write \"\\t\" within quotes"));
            } else if (isControl(c)) {
                throw broken(new SyntaxError(
                        line,
                        at - start + 1,
                        "an invisible control character; remove it, or write it as \"\\x..\" within quotes"));
            }
        }
    }

    private boolean isComment(int lineStart) {
        int at = lineStart;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at < text.length() && text.charAt(at) == '#';
    }

    private static boolean isControl(char c) {
        return (c < ' ' && c != '\t' && c != '\n' && c != '\r')
                || (c >= 0x7F && c < 0xA0 && c != 0x85)
                || c == 0xFEFF
                || c >= 0xFFFE;
    }

    private static boolean hasHalfPair(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == value.length()
                        || !Character.isLowSurrogate(value.charAt(i + 1))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    private void note(String path, Event event) {
        places.putIfAbsent(Document.bare(path), new Place(path, line(event)));
    }

    private static int line(Event event) {
        return event.getStartMark() == null ? 0 : event.getStartMark().getLine() + 1;
    }
}
