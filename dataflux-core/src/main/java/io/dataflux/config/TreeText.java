package io.dataflux.config;

import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.config.Tree.Sequence;
import io.dataflux.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Writes a tree as YAML that is read as the same tree: every value in quotes if it was, and otherwise as it stands. Used once. */
final class TreeText {

    private final StringBuilder text = new StringBuilder();

    private TreeText() {}

    /** The text of a map in block style, or of another value. */
    static String of(Tree root) {
        TreeText writer = new TreeText();
        if (root instanceof Mapping map && !map.entries().isEmpty()) {
            writer.entries(map, 0);
        } else {
            writer.value(root, 0);
        }
        return writer.text.toString();
    }

    private void entries(Mapping map, int depth) {
        for (Entry entry : map.all()) {
            text.append("  ".repeat(depth));
            text.append(scalar(entry.key())).append(':');
            value(entry.value(), depth);
        }
    }

    private void value(Tree value, int depth) {
        if (value instanceof Mapping map && !map.entries().isEmpty()) {
            text.append('\n');
            entries(map, depth + 1);
        } else if (value instanceof Sequence list && !list.items().isEmpty()) {
            text.append('\n');
            for (Tree item : list.items()) {
                text.append("  ".repeat(depth + 1)).append('-');
                value(item, depth + 1);
            }
        } else {
            String shown = value instanceof Mapping ? "{}" : value instanceof Sequence ? "[]" : scalar((Scalar) value);
            text.append(shown.isEmpty() ? "" : " ").append(shown).append('\n');
        }
    }

    /** The value of a flag has the type that is asked for; what is no number or boolean can only be text. */
    private static String scalar(Scalar value) {
        boolean plain = value.origin().typed() || value.type() != PlainText.Type.TEXT;
        return value.quoted() || !plain ? quoted(value.text()) : value.text();
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        String escaped = new String(Json.escaped(text), StandardCharsets.UTF_8);
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            // what JSON lets stand in text, and YAML does not
            boolean control = c >= 0x7F && c < 0xA0 || c == 0x2028 || c == 0x2029 || c == 0xFEFF || c >= 0xFFFE;
            quoted.append(control ? String.format(Locale.ROOT, "\\u%04x", (int) c) : c);
        }
        return quoted.append('"').toString();
    }
}
