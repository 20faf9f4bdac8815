package io.dataflux.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code validate --diff OLD FILE} says what differs in the events, and nothing else. */
class ValidateDiffTest {

    private static final String SHOP = """
            seed: 42
            events_per_second: 100
            streams:
              readings: {from: iot, weight: 3}
              orders:
                weight: 1
                key: {entity: "cust_{}", count: 2000, skew: 1.0}
                identity: order_id
                fields:
                  order_id: {id: "ord_{}"}
                  customer: {copy: key}
                  at: {time: event}
                  channel: {pick: {web: 6, app: 3, shop: 1}}
                  till: {when: {field: channel, is: {shop: {int: [1, 12]}}}}
                  address: {object: {street: {words: [main, high]}, zip: {text: "[0-9]{5}"}}, nullable: 10%}
                  items: {list: {length: [0, 3]}, of: {sku: {words: [mug, lamp]}, qty: {int: [1, 5]}}}
                  link: {template: "/orders/{order_id}"}
                  coupon: {text: "C[A-Z]{4}", absent: 90%}
            sinks: {keep: {type: mock}}
            """;

    private final PrintStream stderr = System.err;
    private final PrintStream stdout = System.out;
    private final ByteArrayOutputStream words = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @BeforeEach
    void capture() {
        System.setErr(new PrintStream(words, true, UTF_8));
        System.setOut(new PrintStream(data, true, UTF_8));
    }

    @AfterEach
    void release() {
        System.setErr(stderr);
        System.setOut(stdout);
    }

    private int diff(String old, String now) throws IOException {
        words.reset();
        data.reset();
        Path before = Files.writeString(folder.resolve("old.yaml"), old);
        Path after = Files.writeString(folder.resolve("new.yaml"), now);
        return Main.run(List.of("validate", "--diff", before.toString(), after.toString()), new Stdout(data));
    }

    private int diff(String now) throws IOException {
        assertThat(now).isNotEqualTo(SHOP);
        return diff(SHOP, now);
    }

    /** The lines with single spaces. */
    private List<String> lines() {
        return data.toString(UTF_8)
                .lines()
                .map(line -> line.strip().replaceAll(" +", " "))
                .toList();
    }

    /** The paths of the fields of which this is said. */
    private List<String> fields(String effect) {
        List<String> paths = new ArrayList<>();
        for (String line : lines()) {
            String[] parts = line.split(" ", 4);
            if (parts[0].equals("field") && parts[2].replace(",", "").equals(effect)) {
                paths.add(parts[1]);
            }
        }
        return paths;
    }

    private String words() {
        return words.toString(UTF_8);
    }

    @Test
    void aFieldThatIsAddedOrRemovedMovesNothingButIds() throws IOException {
        assertThat(diff(SHOP.replace("coupon: {text: \"C[A-Z]{4}\", absent: 90%}", "gift: {bool: 2%}")))
                .isEqualTo(1);

        assertThat(lines())
                .startsWith(
                        "readings: unchanged",
                        "orders: changed",
                        "why field gift: added",
                        "why field coupon: removed",
                        "event entity same",
                        "event key same",
                        "event time same",
                        "event identity differs, holds the id",
                        "field order_id differs, holds the id");
        assertThat(fields("differs")).containsExactly("order_id", "link");
        assertThat(fields("new")).containsExactly("gift");
        assertThat(fields("gone")).containsExactly("coupon");
        assertThat(fields("same"))
                .containsExactly(
                        "customer",
                        "at",
                        "channel",
                        "till",
                        "address.street",
                        "address.zip",
                        "address",
                        "items[].sku",
                        "items[].qty",
                        "items");
        assertThat(words())
                .contains("events of each changed stream, from its first to its last")
                .contains("Any change of a stream gives each of its events another id");
    }

    @Test
    void aChangedFieldMovesWhatIsMadeOfIt() throws IOException {
        assertThat(diff(SHOP.replace("web: 6, app: 3", "web: 5, app: 3"))).isEqualTo(1);

        assertThat(fields("differs")).containsExactly("order_id", "channel", "till", "link");
        assertThat(lines())
                .contains("why field channel: changed")
                .anyMatch(line -> line.matches("field channel differs, in [0-9]{2,3} of [0-9],[0-9]{3}"));
    }

    @Test
    void fieldsWithinObjectsAndListsAreComparedByTheirPaths() throws IOException {
        assertThat(diff(SHOP.replace("\"[0-9]{5}\"", "\"[0-9]{4}\"")
                        .replace("qty: {int: [1, 5]}", "qty: {int: [1, 6]}")))
                .isEqualTo(1);

        assertThat(fields("differs")).containsExactly("order_id", "address.zip", "items[].qty", "link");
        assertThat(lines()).anyMatch(line -> line.matches("field address.street same, in all [0-9],[0-9]{3}"));
    }

    @Test
    void nullIsNotTheSameAsAbsentAndANumberNotAsText() throws IOException {
        assertThat(diff(
                        "streams: {s: {fields: {a: {constant: x, nullable: 100%}, b: {constant: 1}, c:"
                                + " {constant: 1.5}}}}",
                        "streams: {s: {fields: {a: {constant: x, absent: 100%}, b: {constant: \"1\"}, c:"
                                + " {constant: 1.50}}}}"))
                .isEqualTo(1);

        assertThat(fields("gone")).containsExactly("a");
        assertThat(fields("differs")).containsExactly("b", "c");
    }

    @Test
    void aDifferenceThatNoComparedEventShowsIsNotHidden() throws IOException {
        assertThat(diff(
                        "streams: {s: {fields: {a: {constant: 1}, b: {constant: 1, absent: 100%}}}}",
                        "streams: {s: {fields: {a: {constant: 1}, b: {constant: 2, absent: 100%}}}}"))
                .isEqualTo(1);

        assertThat(lines())
                .contains(
                        "field a same", "field b same, but none of the compared events has it", "why field b: changed");
    }

    @Test
    void theOrderOfFieldsIsSeen() throws IOException {
        assertThat(diff(
                        "streams: {s: {fields: {a: {int: [1, 9]}, b: {bool: 50%}, c: {constant: 1}}}}",
                        "streams: {s: {fields: {b: {bool: 50%}, a: {int: [1, 9]}, c: {constant: 1}}}}"))
                .isEqualTo(1);

        assertThat(lines()).contains("why fields: in another order", "event order of fields differs");
        assertThat(fields("same")).containsExactly("b", "a", "c");
    }

    @Test
    void anotherStreamBesideTakesItsShareOfTheRateAndSoMovesTimes() throws IOException {
        assertThat(diff(SHOP.replace("  readings:", "  more: {from: ingest, weight: 1}\n  readings:")))
                .isEqualTo(1);

        assertThat(lines())
                .contains("more: added", "readings: changed", "why rate: 20/s, was 25/s", "event key same")
                .anyMatch(line -> line.startsWith("event time differs"));
        assertThat(fields("differs")).contains("ts", "at").doesNotContain("channel", "customer");
    }

    @Test
    void aRenamedStreamIsAnotherOne() throws IOException {
        assertThat(diff(SHOP.replace("  orders:\n", "  purchases:\n"))).isEqualTo(1);

        assertThat(lines()).containsExactly("readings: unchanged", "purchases: added", "orders: removed");
        assertThat(words()).contains("a renamed stream is a different stream");
    }

    @Test
    void keysMoveTheAssignmentOfEventsToEntitiesAndNoDrawnField() throws IOException {
        assertThat(diff(SHOP.replace("skew: 1.0", "skew: 1.3, shards: 32"))).isEqualTo(1);

        assertThat(lines())
                .contains("why key.skew: 1.3, was 1", "why key.shards: 32, was 64", "event time same")
                .anyMatch(line -> line.startsWith("event entity differs, in "))
                .anyMatch(line -> line.startsWith("event key differs, in "));
        assertThat(fields("differs")).containsExactly("order_id", "customer", "link");
    }

    @Test
    void seedStartAndFaultsAreNamed() throws IOException {
        String other = SHOP.replace("seed: 42", "seed: 43\nstart: 2025-02-01T00:00:00Z")
                .replace("identity: order_id", "identity: order_id\n    faults: \"drop 1%\"");
        assertThat(diff(other)).isEqualTo(1);

        assertThat(lines())
                .contains(
                        "why seed: 43, was 42",
                        "why start: 2025-02-01T00:00:00Z, was 2025-01-01T00:00:00Z",
                        "why faults: drop 1%, was none",
                        "event planned faults new");
    }

    @Test
    void whatOnlyARunHasMovesNothing() throws IOException {
        String other = SHOP.replace("sinks: {keep: {type: mock}}", """
                        speed: max
                        limits: {events: 10}
                        regions: {eu: {weight: 1}, us: {weight: 2}}
                        sinks: {keep: {type: mock, lanes: 4}, gone: {type: "null"}}
                        """)
                .replace("readings: {from: iot, weight: 3}", "readings: {weight: 3.0, from: iot}");
        assertThat(diff(other)).isZero();

        assertThat(lines()).containsExactly("readings: unchanged", "orders: unchanged");
        assertThat(words()).startsWith("No event changes. Sinks, regions, routing, limits, speed, ");
    }

    @Test
    void configurationsThatBothBeginNowAreComparedAsIfAtOneMoment() throws IOException {
        String now = "start: now\n" + SHOP;
        assertThat(diff(now, now)).isZero();
        assertThat(words()).contains("Both have 'start: now'");

        assertThat(diff(SHOP, now)).isEqualTo(1);
        assertThat(lines()).anyMatch(line -> line.matches("why start: .*, was 2025-01-01T00:00:00Z"));
    }

    @Test
    void aFileThatCannotBeReadIsWrongInput() throws IOException {
        assertThat(diff(SHOP.replace("int: [1, 12]", "int: [12, 1]"))).isEqualTo(2);
        assertThat(words()).contains("new.yaml").contains("orders.fields.till");
        assertThat(data.size()).isZero();

        assertThat(Main.run(
                        List.of(
                                "validate",
                                "--diff",
                                "nowhere.yaml",
                                folder.resolve("old.yaml").toString()),
                        new Stdout(data)))
                .isEqualTo(2);
        assertThat(words()).contains("nowhere.yaml").contains("there is no such file");

        assertThat(Main.run(List.of("validate", "--diff", "old.yaml"), new Stdout(data)))
                .isEqualTo(2);
        assertThat(words()).contains("FILE is missing");
    }
}
