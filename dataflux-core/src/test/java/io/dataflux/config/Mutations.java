package io.dataflux.config;

import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.config.Tree.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Changes a configuration in one place, as a slip of the hand would: a pure function of the configuration and a seed. A mutant is
 * written on many lines in the flow style, with words as they were: quoted or plain.
 */
final class Mutations {

    /**
     * A changed configuration.
     *
     * @param what the change, for whoever reads a failure
     * @param path what was changed; for something that was taken away, where it was
     */
    record Mutant(String what, String path, String text) {}

    private static final List<String> BENT =
            List.of("yes", "NO", "off", "01234", "18:30", ".inf", ".nan", "1_000", "0x1F", "1e9", "NaN", "~", "<<");
    private static final List<String> NUMBERS = List.of(
            "-1",
            "0",
            "-0.5",
            "1.5",
            "99999999999999999999999999",
            "-99999999999999999999999999",
            "0.00000000000000000001",
            "9223372036854775807");
    private static final List<String> OTHER_TYPES =
            List.of("{a: 1}", "[1, 2]", "[]", "{}", "true", "7", "some text", "\"quoted text\"", "[[[x]]]");

    /** A node of the tree, open to changes. */
    private static final class Node {
        final String path;
        String key = "";
        String word = "";
        List<Node> children = List.of();
        boolean map;
        boolean list;

        Node(String path) {
            this.path = path;
        }

        boolean scalar() {
            return !map && !list;
        }
    }

    private Mutations() {}

    static Mutant mutant(Mapping configuration, long seed) {
        Random random = new Random(seed);
        Node root = node(configuration);
        List<Node> parents = new ArrayList<>();
        collectParents(root, parents);
        Node parent = parents.get(random.nextInt(parents.size()));
        int at = random.nextInt(parent.children.size());
        Node child = parent.children.get(at);
        return switch (random.nextInt(10)) {
            case 0, 1 -> parent.map ? renamed(root, parent, child, random) : wrapped(root, parent, at, random);
            case 2 -> removed(root, parent, at);
            case 3, 4 -> replaced("another type", root, child, pickOther(child, random));
            case 5 -> parent.map ? twice(root, parent, at) : replaced("bent", root, child, pick(BENT, random));
            case 6 -> replaced("a number", root, child, pick(NUMBERS, random));
            case 7 -> replaced("bent", root, child, pick(BENT, random));
            case 8 -> wrapped(root, parent, at, random);
            default -> replaced("noise", root, child, noise(random));
        };
    }

    private static Mutant renamed(Node root, Node parent, Node child, Random random) {
        String old = child.key;
        int at = random.nextInt(old.length());
        char letter = (char) ('a' + random.nextInt(26));
        String name = switch (random.nextInt(3)) {
            case 0 -> old.substring(0, at) + letter + old.substring(at);
            case 1 -> old.substring(0, at) + letter + old.substring(at + 1);
            default -> old.length() == 1 ? old + old : old.substring(0, at) + old.substring(at + 1);
        };
        boolean quoted = name.startsWith("\"") || PlainText.flaw(name) != null;
        child.key = quoted ? '"' + name.replace("\"", "") + '"' : name;
        return mutant(
                "renamed " + old + " to " + child.key, Tree.child(parent.path, child.key.replace("\"", "")), root);
    }

    private static Mutant removed(Node root, Node parent, int at) {
        Node child = parent.children.remove(at);
        return mutant("removed " + child.path, parent.path, root);
    }

    private static Mutant replaced(String what, Node root, Node child, String word) {
        child.map = false;
        child.list = false;
        child.word = word;
        return mutant(what + ": " + word, child.path, root);
    }

    private static Mutant twice(Node root, Node parent, int at) {
        parent.children.add(at, parent.children.get(at));
        return mutant("twice", parent.children.get(at).path, root);
    }

    private static Mutant wrapped(Node root, Node parent, int at, Random random) {
        Node child = parent.children.get(at);
        Node wrapper = new Node(child.path);
        wrapper.key = child.key;
        wrapper.children = new ArrayList<>(List.of(child));
        wrapper.map = random.nextBoolean();
        wrapper.list = !wrapper.map;
        child.key = wrapper.map ? "nested" : "";
        parent.children.set(at, wrapper);
        return mutant(wrapper.map ? "in a map" : "in a list", wrapper.path, root);
    }

    private static String pickOther(Node child, Random random) {
        String other = pick(OTHER_TYPES, random);
        return child.scalar() && random.nextBoolean() ? '"' + child.word.replace("\"", "") + ".\"" : other;
    }

    private static String noise(Random random) {
        StringBuilder noise = new StringBuilder("\"");
        int length = 1 + random.nextInt(30);
        for (int i = 0; i < length; i++) {
            char c = (char) (' ' + random.nextInt(95));
            noise.append(c == '"' || c == '\\' ? '?' : c);
        }
        return noise.append('"').toString();
    }

    private static String pick(List<String> words, Random random) {
        return words.get(random.nextInt(words.size()));
    }

    private static void collectParents(Node node, List<Node> parents) {
        if (!node.children.isEmpty()) {
            parents.add(node);
        }
        node.children.forEach(child -> collectParents(child, parents));
    }

    private static Node node(Tree tree) {
        Node node = new Node(tree.path());
        if (tree instanceof Mapping map) {
            node.map = true;
            node.children = new ArrayList<>();
            for (Entry entry : map.all()) {
                Node child = node(entry.value());
                child.key = word(entry.key());
                node.children.add(child);
            }
        } else if (tree instanceof Sequence list) {
            node.list = true;
            node.children = new ArrayList<>();
            list.items().forEach(item -> node.children.add(node(item)));
        } else {
            node.word = word((Scalar) tree);
        }
        return node;
    }

    private static String word(Scalar scalar) {
        return scalar.quoted() ? '"' + scalar.text().replace("\\", "\\\\").replace("\"", "\\\"") + '"' : scalar.text();
    }

    private static Mutant mutant(String what, String path, Node root) {
        StringBuilder text = new StringBuilder();
        write(root, text);
        return new Mutant(what, path, text.toString());
    }

    private static void write(Node node, StringBuilder text) {
        if (node.scalar()) {
            text.append(node.word);
            return;
        }
        text.append(node.map ? "{\n" : "[\n");
        for (Node child : node.children) {
            text.append(node.map ? child.key + ": " : "");
            write(child, text);
            text.append(",\n");
        }
        text.append(node.map ? '}' : ']');
    }

    /** A scalar's place in a configuration, taken by another word. */
    static List<Mutant> eachScalarReplaced(Mapping configuration, String word) {
        List<Mutant> mutants = new ArrayList<>();
        int count = scalars(node(configuration)).size();
        for (int i = 0; i < count; i++) {
            Node root = node(configuration);
            mutants.add(replaced("replaced", root, scalars(root).get(i), word));
        }
        return mutants;
    }

    private static List<Node> scalars(Node node) {
        return node.scalar()
                ? Arrays.asList(node)
                : node.children.stream()
                        .flatMap(child -> scalars(child).stream())
                        .toList();
    }
}
