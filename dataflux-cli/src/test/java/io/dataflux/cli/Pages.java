package io.dataflux.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The blocks of the documentation: configurations, commands, outputs. */
final class Pages {

    private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Path ROOT = Path.of("..");

    private Pages() {}

    /**
     * A block between fences.
     *
     * @param number its number on the page, from 1
     * @param follows whether there is no text between it and the previous block
     */
    record Block(String page, int number, String language, String text, boolean follows) {
        @Override
        public String toString() {
            return page + " block " + number;
        }
    }

    /** The blocks of README.md and of every page of docs/, in their order. */
    static List<Block> blocks() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        List<Block> blocks = new ArrayList<>();
        for (Path page : pages) {
            String text = Files.readString(page);
            Matcher block = BLOCK.matcher(text);
            int end = 0;
            for (int number = 1; block.find(); number++) {
                String name = ROOT.relativize(page).toString().replace('\\', '/');
                boolean follows = text.substring(end, block.start()).isBlank();
                blocks.add(new Block(name, number, block.group(1), block.group(2), follows));
                end = block.end();
            }
        }
        return blocks;
    }

    /** The blocks that are whole configurations. */
    static List<Block> configurations() throws IOException {
        return blocks().stream()
                .filter(block -> block.language().equals("yaml"))
                .toList();
    }
}
