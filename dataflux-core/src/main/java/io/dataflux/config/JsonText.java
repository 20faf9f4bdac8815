package io.dataflux.config;

/** What JSON allows and the YAML parser does not know: <code>\/</code> for a slash. */
final class JsonText {

    private static final String OUTSIDE_OF_TEXT = "{}[]:,+-. \t\r\n";

    private JsonText() {}

    /** The text with plain slashes if it is JSON, and as it was if it is not. */
    static String withPlainSlashes(String text) {
        if (!text.contains("\\/")) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        boolean within = false;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                within = !within;
            } else if (!within && OUTSIDE_OF_TEXT.indexOf(c) < 0 && !Character.isLetterOrDigit(c)) {
                return text;
            } else if (within && c == '\\' && at + 1 < text.length()) {
                at++;
                if (text.charAt(at) != '/') {
                    plain.append(c);
                }
                c = text.charAt(at);
            }
            plain.append(c);
        }
        return plain.toString();
    }
}
