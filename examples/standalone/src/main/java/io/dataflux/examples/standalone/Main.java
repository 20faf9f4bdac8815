package io.dataflux.examples.standalone;

/** The program behind {@code ./dataflux}. It has no command yet. */
public final class Main {
    private Main() {}

    /** Prints how to use the program and ends with code 2. */
    public static void main(String[] args) {
        System.err.println("usage: dataflux COMMAND");
        System.exit(2);
    }
}
