package io.dataflux.testkit.zoo;

import static io.dataflux.verify.Finding.CORRUPTED;
import static io.dataflux.verify.Finding.LOST;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.testkit.zoo.Orders.Item;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Systems that deliver each message, but not as it should be. */
final class Contents {

    private Contents() {}

    static List<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>(numbers());
        kinds.addAll(texts());
        kinds.addAll(times());
        kinds.addAll(others());
        kinds.addAll(bytes());
        return kinds;
    }

    /** Changes a field in a part of the messages. */
    private static <V> Kind changes(String name, String field, String wrong, Class<V> type, UnaryOperator<V> change) {
        return Kind.of(
                name,
                Shape.INVOICES,
                wrong,
                Set.of(CORRUPTED),
                work -> Losses.each(work, (w, i, m) -> {
                    if (w.wrong(w.turn(i, 19))) {
                        w.alter(
                                m,
                                fields -> fields.computeIfPresent(field, (f, value) -> change.apply(type.cast(value))));
                    } else {
                        w.pass(m);
                    }
                }));
    }

    /** Replaces a field by a value of another type in a part of the messages. */
    private static Kind replaces(String name, String wrong, Replacing replacing) {
        return Kind.of(
                name,
                Shape.INVOICES,
                wrong,
                Set.of(CORRUPTED),
                work -> Losses.each(work, (w, i, m) -> {
                    if (w.wrong(w.turn(i, 23))) {
                        w.alter(m, fields -> replacing.in(fields, w, i));
                    } else {
                        w.pass(m);
                    }
                }));
    }

    private interface Replacing {
        void in(Map<String, Object> fields, Work work, int index);
    }

    private static Kind changesText(String name, String field, String wrong, UnaryOperator<String> change) {
        return changes(name, field, wrong, String.class, change);
    }

    private static List<Kind> numbers() {
        return List.of(
                changes(
                        "rounded",
                        "total",
                        "rounds amounts to whole ones",
                        BigDecimal.class,
                        total -> unlessEqual(total, total.setScale(0, RoundingMode.HALF_EVEN))),
                changes(
                        "one place too few",
                        "total",
                        "stores one decimal place of two",
                        BigDecimal.class,
                        total -> unlessEqual(total, total.setScale(1, RoundingMode.DOWN))),
                changes("a sign lost", "total", "books a payment as a refund", BigDecimal.class, BigDecimal::negate),
                changes(
                        "a factor of hundred",
                        "total",
                        "takes cents for whole ones",
                        BigDecimal.class,
                        total -> total.movePointRight(2)),
                changes(
                        "precision of a double",
                        "units",
                        "reads whole numbers above 2^53 as double",
                        Long.class,
                        units -> (long) (double) units),
                changes("overflow to int", "units", "keeps a long in an int", Long.class, units ->
                        (long) (int) (long) units),
                changes("off by one", "units", "counts from 0 instead of 1", Long.class, units -> units - 1),
                replaces(
                        "a number as text",
                        "writes numbers in quotes",
                        (fields, work, i) -> fields.computeIfPresent("units", (f, units) -> units.toString())),
                replaces(
                        "a decimal comma",
                        "formats numbers for the country of its server",
                        (fields, work, i) -> fields.computeIfPresent(
                                "total", (f, total) -> total.toString().replace('.', ','))),
                replaces(
                        "a boolean as text",
                        "writes true and false in quotes",
                        (fields, work, i) -> fields.computeIfPresent("gift", (f, gift) -> gift.toString())),
                replaces(
                        "a boolean as number",
                        "writes 1 and 0 for true and false",
                        (fields, work, i) -> fields.computeIfPresent("gift", (f, gift) -> (Boolean) gift ? 1 : 0)));
    }

    private static BigDecimal unlessEqual(BigDecimal before, BigDecimal after) {
        return before.compareTo(after) == 0 ? before : after;
    }

    private static List<Kind> texts() {
        return List.of(
                changesText(
                        "mojibake",
                        "city",
                        "reads UTF-8 as Latin-1",
                        city -> new String(city.getBytes(UTF_8), ISO_8859_1)),
                changesText(
                        "question marks",
                        "city",
                        "stores text in ASCII",
                        city -> new String(city.getBytes(US_ASCII), US_ASCII)),
                changesText(
                        "decomposed",
                        "city",
                        "takes umlauts apart, which looks the same",
                        city -> Normalizer.normalize(city, Normalizer.Form.NFD)),
                changesText(
                        "cut off",
                        "note",
                        "cuts text to twelve characters",
                        note -> note.length() > 12 ? note.substring(0, 12) : note),
                changesText(
                        "lower case",
                        "status",
                        "writes states in lower case",
                        status -> status.toLowerCase(Locale.ROOT)),
                changesText("a blank at the end", "country", "pads text to a fixed width", country -> country + " "),
                changesText("blanks removed", "note", "removes blanks", note -> note.replace(" ", "")),
                changesText("escaped twice", "note", "escapes text for HTML", note -> note.replace("&", "&amp;")),
                changesText(
                        "an unknown state",
                        "status",
                        "maps a state that it does not know to another one",
                        status -> status.equals("FRAUD") ? "OPEN" : status));
    }

    private static List<Kind> times() {
        return List.of(
                changes(
                        "an hour off",
                        "placedAt",
                        "takes the local time of its server for UTC",
                        Instant.class,
                        time -> time.plus(Duration.ofHours(1))),
                changes(
                        "whole seconds",
                        "placedAt",
                        "stores times in seconds",
                        Instant.class,
                        time -> time.truncatedTo(ChronoUnit.SECONDS)),
                changes("a millisecond off", "placedAt", "rounds times up", Instant.class, time -> time.plusMillis(1)),
                replaces(
                        "the time of processing",
                        "writes when it processed a message instead of when it happened",
                        (fields, work, i) -> fields.put(
                                "placedAt",
                                work.in
                                        .get(work.in.size() - 1)
                                        .order()
                                        .placedAt()
                                        .plusSeconds(i))));
    }

    private static List<Kind> others() {
        return List.of(
                replaces(
                        "two fields swapped",
                        "writes city and country into each other's column",
                        (fields, work, i) -> fields.put("city", fields.put("country", fields.get("city")))),
                replaces(
                        "mixed from two",
                        "reads one field from the next message, whose buffer it shares",
                        (fields, work, i) -> fields.put(
                                "total",
                                work.in.get((i + 1) % work.in.size()).order().total())),
                replaces(
                        "a constant",
                        "writes the same city for all",
                        (fields, work, i) -> fields.put("city", "Zürich")),
                replaces(
                        "a default for null",
                        "writes an empty text where there is no note",
                        (fields, work, i) -> fields.putIfAbsent("note", "")),
                replaces("a field missing", "leaves out a field", (fields, work, i) -> fields.remove("country")),
                replaces(
                        "null for a value",
                        "loses a value in a type that it cannot convert",
                        (fields, work, i) -> fields.put("note", null)),
                Kind.of(
                        "a stale value",
                        Shape.INVOICES,
                        "writes the state of the customer's previous order, from a cache",
                        Set.of(CORRUPTED),
                        work -> {
                            Map<String, String> cache = new HashMap<>();
                            Losses.each(work, (w, i, m) -> {
                                String cached = cache.put(m.key, m.order().status());
                                if (w.wrong(cached != null && w.turn(i, 11))) {
                                    w.alter(m, fields -> fields.put("status", cached));
                                } else {
                                    w.pass(m);
                                }
                            });
                        }),
                replaces("an element missing", "keeps one item of each order at most", (fields, work, i) -> {
                    List<?> items = (List<?>) fields.get("items");
                    fields.put("items", items.subList(0, Math.min(1, items.size())));
                }),
                replaces("elements reversed", "turns the order of the items around", (fields, work, i) -> {
                    List<Object> items = new ArrayList<>((List<?>) fields.get("items"));
                    Collections.reverse(items);
                    fields.put("items", items);
                }),
                replaces("deep inside", "adds one to a quantity in a list", (fields, work, i) -> {
                    List<Object> items = new ArrayList<>();
                    for (Object each : (List<?>) fields.get("items")) {
                        Item item = (Item) each;
                        items.add(new Item(item.sku(), item.quantity() + 1));
                    }
                    fields.put("items", items);
                }),
                Kind.of(
                        "everything altered",
                        Shape.INVOICES,
                        "converts all amounts into another currency",
                        Set.of(CORRUPTED),
                        work -> Losses.each(work, (w, i, m) -> {
                            if (w.wrong(true)) {
                                w.alter(
                                        m,
                                        fields -> fields.computeIfPresent(
                                                "total",
                                                (f, total) -> ((BigDecimal) total).multiply(new BigDecimal("1.1"))));
                            } else {
                                w.pass(m);
                            }
                        })),
                Kind.of(
                        "altered and lost",
                        Shape.INVOICES,
                        "alters some messages and loses others",
                        Set.of(CORRUPTED, LOST),
                        work -> Losses.each(work, (w, i, m) -> {
                            if (w.wrong(w.turn(i, 31))) {
                                w.lose(m);
                            } else if (w.wrong(w.turn(i, 37))) {
                                w.alter(m, fields -> fields.put("country", "??"));
                            } else {
                                w.pass(m);
                            }
                        })));
    }

    /** Systems that should pass the bytes on. */
    private static List<Kind> bytes() {
        return List.of(
                rewrites(
                        "written anew",
                        "parses the messages and writes them with blanks",
                        text -> text.replace("\":", "\": ")),
                rewrites(
                        "one byte flipped",
                        "damages a byte",
                        text -> text.replaceFirst("\"city\":\"(.)", "\"city\":\"_")),
                rewrites("a field added", "adds a field", text -> text.replaceFirst("}$", ",\"v\":1}")),
                rewrites(
                        "fields in another order",
                        "writes the fields in the order of a hash table",
                        text -> text.replaceFirst("(\"city\":\"[^\"]*\"),(\"country\":\"[^\"]*\")", "$2,$1")),
                rewrites("JSON cut off", "writes the first part of a message", text -> text.substring(0, 90)),
                rewrites(
                        "a member twice",
                        "adds a field that is there already",
                        text -> text.replaceFirst("}$", ",\"gift\":null}")),
                rewrites(
                        "an error in its place",
                        "writes the words of an exception instead of the message",
                        text -> "NullPointerException: handling " + text.substring(13, 55) + " failed"),
                broken("Latin-1", "writes Latin-1 where UTF-8 is expected", text -> text.getBytes(ISO_8859_1)));
    }

    private static Kind rewrites(String name, String wrong, UnaryOperator<String> change) {
        return broken(name, wrong, text -> change.apply(text).getBytes(UTF_8));
    }

    private static Kind broken(String name, String wrong, Function<String, byte[]> change) {
        return Kind.of(
                name,
                Shape.COPY,
                wrong,
                Set.of(CORRUPTED),
                work -> Losses.each(work, (w, i, m) -> {
                    if (w.wrong(w.turn(i, 53))) {
                        w.emitAltered(m, change.apply(new String(m.bytes, UTF_8)));
                    } else {
                        w.pass(m);
                    }
                }));
    }
}
