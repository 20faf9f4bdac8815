package io.dataflux.testkit.zoo;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.MemorySink;
import io.dataflux.MemorySink.Entry;
import io.dataflux.model.Fields;
import io.dataflux.model.Kind.TimeFormat;
import io.dataflux.model.StreamDefinition;
import io.dataflux.testkit.Decoder;
import io.dataflux.testkit.TestStream;
import io.dataflux.testkit.zoo.Payments.Payment;
import io.dataflux.testkit.zoo.Topic.Kept;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Deletion;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Verdicts that were wrong once, mostly because they were clean. None of them may come back. */
final class FalseGreens {

    /**
     * @param system what a system does
     * @param was what the verdict said of it
     * @param now what it must say
     */
    record FalseGreen(String system, String was, String now, Check check) {}

    /** Lets the system work, and checks what the verdict says. */
    interface Check {
        void run() throws Exception;
    }

    private FalseGreens() {}

    static List<FalseGreen> all() {
        List<FalseGreen> all = new ArrayList<>(orders());
        all.addAll(values());
        all.addAll(records());
        all.addAll(FalseWaits.all());
        return all;
    }

    private static List<FalseGreen> orders() {
        return List.of(
                new FalseGreen(
                        "writes without record keys, so that the events of a key lie in several partitions",
                        "each once, in order per key",
                        "order is not judged, with the number of keys, and `inOrderPerKey()` fails",
                        () -> orderIsNotJudged(entry -> (int) entry.sequence() % 3)),
                new FalseGreen(
                        "writes into two partitions, and later into five",
                        "each once, in order per key",
                        "order is not judged, with the number of keys, and `inOrderPerKey()` fails",
                        () -> orderIsNotJudged(entry -> Math.floorMod(
                                entry.keyText().hashCode(), entry.sequence() < Payments.EVENTS / 2 ? 2 : 5))),
                new FalseGreen(
                        "mixes up two events of a key within a partition, while the key lies in several",
                        "order was said to be judged for all keys",
                        "`reordered`, besides that order is judged within each partition only",
                        () -> {
                            Verdict verdict = Payments.unchanged(sent -> {
                                List<Kept> out = Topic.copy(sent, entry -> (int) entry.sequence() % 3);
                                Kept last = out.remove(out.size() - 1);
                                out.add(0, last);
                                return out;
                            });
                            assertThat(verdict.count(Finding.REORDERED))
                                    .as("%s", verdict)
                                    .isPositive();
                            assertThat(verdict.judgesOrder()).isFalse();
                        }));
    }

    private static void orderIsNotJudged(ToIntFunction<Entry> partition) throws Exception {
        List<Kept> written = new ArrayList<>();
        Verdict verdict = Payments.unchanged(sent -> {
            written.addAll(Topic.copy(sent, partition));
            return written;
        });
        long scattered = written.stream()
                .map(Kept::key)
                .distinct()
                .filter(key -> written.stream()
                                .filter(record -> record.key().equals(key))
                                .map(Kept::partition)
                                .distinct()
                                .count()
                        > 1)
                .count();
        assertThat(scattered).isPositive();
        assertThat(verdict).deliveredExactlyOnce();
        assertThat(verdict.toString()).contains(scattered + " of ");
        assertThat(verdict.orderNotJudged().orElseThrow()).startsWith(scattered + " of ");
        assertThatThrownBy(() -> assertThat(verdict).inOrderPerKey())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("order per key was not judged: " + scattered + " of ");
    }

    private static List<FalseGreen> values() {
        return List.of(
                coerced(
                        "writes a number in quotes",
                        json -> json.replaceFirst("\"cents\":([0-9]+)", "\"cents\":\"$1\"")),
                coerced(
                        "writes a boolean in quotes",
                        json -> json.replaceFirst("\"gift\":(true|false)", "\"gift\":\"$1\"")),
                coerced(
                        "writes 1 and 0 for a boolean",
                        json -> json.replace("\"gift\":true", "\"gift\":1").replace("\"gift\":false", "\"gift\":0")),
                coerced(
                        "writes a decimal place into a whole number",
                        json -> json.replaceFirst("\"cents\":([0-9]+)", "\"cents\":$1.5")),
                new FalseGreen(
                        "writes 12.0 for 12",
                        "`foreign`, it cannot be decoded",
                        "clean, the number is the same",
                        () -> assertThat(Payments.typed(
                                                Payments.each(json ->
                                                        json.replaceFirst("\"cents\":([0-9]+)", "\"cents\":$1.0")),
                                                v -> v.expecting(Stream::of))
                                        .clean())
                                .isTrue()),
                new FalseGreen(
                        "hands on unchanged bytes in which a number of 64 bits is text",
                        "all `corrupted`",
                        "clean",
                        () -> assertThat(Payments.typed(Payments.each(json -> json), v -> v))
                                .deliveredExactlyOnce()
                                .inOrderPerKey()),
                unlike("writes the text `true` for a boolean, in objects", "gift", event -> "" + event.field("gift")),
                unlike("writes a number as text, in objects", "cents", event -> "" + event.field("cents")),
                unlike("writes an object as text", "at", event -> "{\"city\":\"Rom\"}"));
    }

    /** A system that writes a value in another form; a decoder could take it for the right one. */
    private static FalseGreen coerced(String system, UnaryOperator<String> change) {
        return new FalseGreen(
                system, "clean, since the decoder converts it", "`corrupted`, with the event's number", () -> {
                    Verdict verdict = Payments.typed(Payments.oneOf(change), v -> v.expecting(Stream::of));
                    Payments.assertOnly(verdict, Finding.CORRUPTED);
                    verdict = Payments.typed(Payments.oneOf(change), v -> v);
                    Payments.assertOnly(verdict, Finding.CORRUPTED);
                });
    }

    /** A system that puts out objects with a value that only as text is like the right one. */
    private static FalseGreen unlike(String system, String field, Function<Event, Object> wrong) {
        return new FalseGreen(
                system, "clean, since values were compared as text", "`corrupted`, with the field", () -> {
                    Verdict verdict = judged(sent -> sent.stream()
                            .map(entry -> fields(entry, field, wrong))
                            .toList());
                    Payments.assertOnly(verdict, Finding.CORRUPTED);
                    assertThat(verdict.examples(Finding.CORRUPTED).get(0).difference())
                            .startsWith(field);
                });
    }

    private static Map<String, Object> fields(Entry entry, String field, Function<Event, Object> wrong) {
        Event event = Payments.STREAM.event(entry.sequence());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", Payments.idOf(entry));
        fields.put("cents", Integer.parseInt("" + event.field("cents")));
        fields.put("gift", Boolean.valueOf("" + event.field("gift")));
        fields.put("at", Map.of("city", "Rom"));
        if (Payments.isOne(entry)) {
            fields.put(field, wrong.apply(event));
        }
        return fields;
    }

    private static Verdict judged(Function<List<Entry>, List<Map<String, Object>>> system) throws Exception {
        List<Map<String, Object>> out = new ArrayList<>();
        try (TestStream<Event> payments = TestStream.of(Payments.STREAM, 0, Payments.EVENTS, Decoder.events())) {
            MemorySink memory = MemorySink.keeping();
            payments.sendTo(memory);
            Arrivals<Map<String, Object>> arrivals = Arrivals.log(out);
            out.addAll(system.apply(memory.entries()));
            return Payments.soon(payments.verify(arrivals))
                    .tracedBy(fields -> fields.get("id"))
                    .expecting(event -> Stream.of(Map.of(
                            "cents", Integer.parseInt("" + event.field("cents")),
                            "gift", Boolean.valueOf("" + event.field("gift")),
                            "at", Map.of("city", "Rom"))))
                    .await();
        }
    }

    private static List<FalseGreen> records() {
        return List.of(
                unreadable("cuts a message off", json -> json.substring(0, 40)),
                unreadable("writes a field twice", json -> json.replaceFirst("}$", ",\"gift\":true}")),
                unreadable("writes an error that names the event", json -> "cannot handle " + json.substring(7, 29)),
                new FalseGreen("writes a record under another key", "clean", "`corrupted`, with both keys", () -> {
                    Verdict verdict =
                            Payments.unchanged(sent -> Payments.altered(sent, r -> new Kept(0, "cust_99", r.value())));
                    Payments.assertOnly(verdict, Finding.CORRUPTED);
                    assertThat(verdict.examples(Finding.CORRUPTED).get(0).text())
                            .endsWith("but was \"cust_99\"");
                }),
                new FalseGreen("writes a record without a key", "clean", "`corrupted`, with both keys", () -> {
                    Verdict verdict =
                            Payments.unchanged(sent -> Payments.altered(sent, r -> new Kept(0, null, r.value())));
                    Payments.assertOnly(verdict, Finding.CORRUPTED);
                    assertThat(verdict.examples(Finding.CORRUPTED).get(0).text())
                            .endsWith("but was none");
                }),
                new FalseGreen(
                        "deletes a key when an event says so",
                        "`foreign`, there is no value",
                        "clean; a deletion that no event asks for is a `phantom`",
                        FalseGreens::deletions),
                new FalseGreen(
                        "puts something before an id",
                        "`foreign`, and unrelated to that `lost`",
                        "`foreign`, with the number of the event that it would be",
                        FalseGreens::prefixes),
                new FalseGreen(
                        "compacts what it stores",
                        "all earlier records of the keys are `lost`",
                        "clean, with the number of events that are not judged; the last of a key must be there",
                        Compacting::check),
                new FalseGreen(
                        "is sent events that nothing distinguishes",
                        "a long list of `lost` events, all wrong",
                        "refused, with the number of events that share an identity",
                        FalseGreens::shared),
                new FalseGreen(
                        "hands on events whose identity lies within another field",
                        "all `lost` and `foreign`",
                        "clean",
                        FalseGreens::nested));
    }

    /** A system that spoils the form of one record; its bytes still name the event. */
    private static FalseGreen unreadable(String system, UnaryOperator<String> change) {
        return new FalseGreen(
                system, "`foreign`, and unrelated to that `lost`", "`corrupted`, with the event's number", () -> {
                    Payments.assertOnly(Payments.typed(Payments.oneOf(change), v -> v), Finding.CORRUPTED);
                    Payments.assertOnly(
                            Payments.typed(Payments.oneOf(change), v -> v.expecting(Stream::of)), Finding.CORRUPTED);
                    Payments.assertOnly(
                            Payments.unchanged(sent ->
                                    Payments.altered(sent, r -> new Kept(0, r.key(), change.apply(r.value())))),
                            Finding.CORRUPTED);
                });
    }

    private static void deletions() throws Exception {
        for (boolean unasked : new boolean[] {false, true}) {
            Verdict verdict = Payments.verdict(
                    Decoder.json(Payment.class),
                    sent -> new Topic<>(tombstones(sent, unasked), Decoder.ofBytes(Payment.class)),
                    v -> v.expecting(payment -> payment.status().equals("VOID")
                                    ? Stream.of(Deletion.of(payment.customer()))
                                    : Stream.of(payment))
                            .keyedBy(Payment::customer));
            if (unasked) {
                assertThat(verdict.count(Finding.PHANTOM)).as("%s", verdict).isEqualTo(1);
                assertThat(verdict.cleanBut(Finding.PHANTOM)).isTrue();
            } else {
                assertThat(verdict).deliveredExactlyOnce().inOrderPerKey();
            }
        }
    }

    /** One that no event asks for comes before those that events ask for: after these it would be a repeat. */
    private static List<Kept> tombstones(List<Entry> sent, boolean unasked) {
        List<Kept> out = new ArrayList<>();
        for (Entry entry : sent) {
            boolean isVoid = entry.text().contains("\"VOID\"");
            out.add(new Kept(0, entry.keyText(), isVoid ? null : entry.text()));
        }
        for (int i = 0; unasked && i < out.size(); i++) {
            Kept first = out.get(i);
            List<Kept> later = out.subList(i + 1, out.size()).stream()
                    .filter(record -> record.key().equals(first.key()))
                    .toList();
            boolean isFirst =
                    out.subList(0, i).stream().noneMatch(record -> record.key().equals(first.key()));
            if (isFirst && first.value() != null && later.get(0).value() != null) {
                out.add(i + 1, new Kept(0, first.key(), null));
                break;
            }
        }
        return out;
    }

    private static void prefixes() throws Exception {
        Verdict verdict = Payments.unchanged(sent -> {
            List<Kept> out = Topic.copy(sent, entry -> 0);
            Kept one = out.get((int) Payments.ONE);
            out.add(new Kept(0, one.key(), one.value().replace("\"id\":\"", "\"id\":\"v2_")));
            return out;
        });
        assertThat(verdict.count(Finding.FOREIGN)).as("%s", verdict).isEqualTo(1);
        assertThat(verdict.examples(Finding.FOREIGN).get(0).text())
                .contains("would be event " + Payments.ONE + " without `v2_`");
    }

    private static void shared() throws Exception {
        EventStream ticks = DataFlux.stream(
                StreamDefinition.named("ticks")
                        .key("m{}", 5)
                        .identity("who", "at")
                        .field("who", Fields.key())
                        .field("at", Fields.time(TimeFormat.ISO_SECONDS))
                        .build(),
                7);
        try (TestStream<Event> events = TestStream.of(ticks, 0, Payments.EVENTS, Decoder.events())) {
            MemorySink memory = MemorySink.keeping();
            events.sendTo(memory);
            Arrivals<byte[]> out = new Topic<>(Topic.copy(memory.entries(), entry -> 0), bytes -> bytes);
            assertThatThrownBy(() -> Payments.soon(events.verify(out)).await())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("[who, at] is not unique: ")
                    .hasMessageContaining(" events share who=m");
        }
    }

    private static void nested() throws Exception {
        EventStream deep = Payments.STREAM.with(
                definition -> definition.identity("meta.id").field("meta", Fields.object("id", Fields.id("pay_{}"))));
        try (TestStream<Event> events = TestStream.of(deep, 0, Payments.EVENTS, Decoder.events())) {
            MemorySink memory = MemorySink.keeping();
            events.sendTo(memory);
            assertThat(Payments.soon(events.verify(new Topic<>(Topic.copy(memory.entries(), e -> 0), bytes -> bytes)))
                            .await())
                    .deliveredExactlyOnce()
                    .inOrderPerKey();
        }
    }
}
