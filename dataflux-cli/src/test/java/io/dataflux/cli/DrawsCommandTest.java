package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Draws;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DrawsCommandTest {

    private static ByteBuffer draws(String... words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(run(List.of(words), bytes)).isZero();
        return ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int run(List<String> words, OutputStream bytes) {
        return Main.run(Stream.concat(Stream.of("draws"), words.stream()).toList(), new Stdout(bytes));
    }

    @Test
    void writesTheWordsOfConsecutiveSequencesLittleEndian() {
        ByteBuffer words = draws("--seed", "7", "--stream", "orders", "--bytes", "200003");

        assertThat(words.remaining()).isEqualTo(200_003);
        for (int n = 0; n < 25_000; n++) {
            assertThat(words.getLong()).isEqualTo(Draws.of("orders", 7).word(n));
        }
    }

    @Test
    void takesFieldsStridesAndNeighbouringSeeds() {
        ByteBuffer words = draws(
                "--field", "items[].sku", "--from", "5", "--step", "1048576", "--seeds", "3", "--bytes", "240000");

        for (int i = 0; i < 30_000; i++) {
            assertThat(words.getLong())
                    .isEqualTo(
                            Draws.of("draws", 42 + i % 3).ofField("items[].sku").word(5 + (i / 3) * 1_048_576L));
        }
    }

    @Test
    void endsQuietlyWhenNobodyReadsAnyMore() {
        OutputStream closed = new OutputStream() {
            private int left = 3;

            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                if (left-- == 0) {
                    throw new IOException("Broken pipe");
                }
            }
        };

        assertThat(Main.run(List.of("draws"), new Stdout(closed))).isZero();
    }

    @Test
    void doesNotFillATerminal() {
        PrintStream stderr = System.err;
        ByteArrayOutputStream words = new ByteArrayOutputStream();
        System.setErr(new PrintStream(words, true, StandardCharsets.UTF_8));
        System.setProperty("dataflux.stdout.terminal", "true");
        try {
            assertThat(run(List.of("--bytes", "8"), OutputStream.nullOutputStream()))
                    .isEqualTo(2);
        } finally {
            System.clearProperty("dataflux.stdout.terminal");
            System.setErr(stderr);
        }
        assertThat(words.toString(StandardCharsets.UTF_8))
                .contains("not for a terminal")
                .contains("| dieharder -a -g 200");
    }
}
