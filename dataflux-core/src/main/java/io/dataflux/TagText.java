package io.dataflux;

/** Reads the tag of a run as runs, reports and commands write it. */
final class TagText {

    private TagText() {}

    /** @throws IllegalArgumentException if it is not one to eight hexadecimal digits */
    static int read(String tag) {
        if (!tag.matches("[0-9a-fA-F]{1,8}")) {
            throw new IllegalArgumentException(
                    "'" + tag + "' is not a tag: write up to eight hexadecimal digits, such as 5f3a90c1");
        }
        return Integer.parseUnsignedInt(tag, 16);
    }

    /** @throws IllegalArgumentException also if it is 0 */
    static int ofRun(String tag) {
        int read = read(tag);
        if (read == 0) {
            throw new IllegalArgumentException(
                    "'" + tag
                            + "' is the tag of events that are never sent: write up to eight hexadecimal digits, such as 5f3a90c1");
        }
        return read;
    }
}
