package io.dataflux.testkit.zoo;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All kinds of broken systems that are known, what no verdict judges, and the page that lists them. */
final class BrokenSystems {

    private static final String HEAD = """
            # The zoo

            Systems that are broken on purpose, each beside its correct twin. The tests let every kind run with several seeds: the verdict must
            name exactly the events with which the system knows that it did wrong, by the right finding, and no others; it must find one more
            small fault far away; and it must say that the twin is clean. The tables are written from the tests' own catalogue, by
            `mvn -pl dataflux-testkit test -Dtest=ZooPageTest -Ddataflux.zoo=write` and the same of `ZooOnBrokerTest` in `dataflux-sinks-kafka`.

            A system %s.

            ## In memory

            """;

    private static final String FALSE_GREENS = """

            ## Once judged wrong

            Verdicts that were wrong before: clean where something was wrong, or a finding that was not so. Each has a test under this name.

            | a system that | was judged | must be judged |
            |---|---|---|
            """;

    /**
     * What a system can do differently without a finding.
     *
     * @param system that does it; its verdict is clean
     */
    record NotJudged(String what, String why, Shape shape, Consumer<Work> system) {}

    private BrokenSystems() {}

    static List<Kind> kinds() {
        return Stream.of(Losses.kinds(), Contents.kinds(), Identities.kinds(), Planned.kinds(), Tables.kinds())
                .flatMap(List::stream)
                .toList();
    }

    static List<NotJudged> notJudged() {
        return List.of(
                new NotJudged(
                        "null in place of a missing field, or a missing field in place of null",
                        "many systems cannot tell them apart",
                        Shape.INVOICES,
                        work -> changed(work, fields -> fields.remove("note", null))),
                new NotJudged(
                        "further fields in an output",
                        "an output is compared with what is expected of it",
                        Shape.INVOICES,
                        work -> changed(work, fields -> fields.put("version", 2))),
                new NotJudged(
                        "a number of another type, or with more zeros",
                        "numbers are compared by value",
                        Shape.INVOICES,
                        work -> changed(
                                work,
                                fields -> fields.computeIfPresent(
                                        "units", (field, units) -> new BigDecimal(units + ".00")))),
                new NotJudged(
                        "the order of the outputs of one event",
                        "order is that of events of a key",
                        Shape.PARCELS,
                        work -> work.in.forEach(message -> {
                            List<Object> records = new ArrayList<>(work.records(message));
                            Collections.reverse(records);
                            records.forEach(record -> work.emit(message, record));
                        })),
                new NotJudged(
                        "the order of events of different keys",
                        "nothing promises one",
                        Shape.INVOICES,
                        work -> work.in.stream()
                                .collect(Collectors.groupingBy(
                                        message -> message.key, LinkedHashMap::new, Collectors.toList()))
                                .values()
                                .forEach(messages -> messages.forEach(work::pass))),
                new NotJudged("the order of rows in a table", "a table has none", Shape.INVOICE_TABLE, work -> {
                    List<Message> backwards = new ArrayList<>(work.in);
                    Collections.reverse(backwards);
                    backwards.forEach(work::pass);
                }),
                new NotJudged(
                        "the order of dead letters",
                        "they are few, and nobody processes them in order",
                        Shape.FAULTY,
                        work -> {
                            correct(work, false);
                            Collections.reverse(work.deadLetters);
                        }),
                new NotJudged(
                        "which delivery of an event that is sent twice is processed",
                        "both have the same bytes",
                        Shape.FAULTY,
                        work -> correct(work, true)));
    }

    private static void changed(Work work, Consumer<Map<String, Object>> change) {
        work.in.forEach(message -> {
            Map<String, Object> fields = Orders.fields(message.order());
            change.accept(fields);
            work.emit(message, fields);
        });
    }

    /** Drops repeats and sets aside what is broken. */
    private static void correct(Work work, boolean last) {
        Set<Message> seen = new HashSet<>();
        for (int i = 0; i < work.in.size(); i++) {
            Message message = work.in.get(i);
            if (!message.readable()) {
                work.deadLetter(message);
            } else if (last ? !work.in.subList(i + 1, work.in.size()).contains(message) : seen.add(message)) {
                work.pass(message);
            }
        }
    }

    /** The page of the documents. */
    static String page() {
        StringBuilder page = new StringBuilder(HEAD.formatted(Stream.of(Shape.values())
                .map(shape -> "*" + shape.word() + "* " + shape.does)
                .collect(Collectors.joining("; "))));
        page.append("| kind | system | what it does wrong | finding |\n|---|---|---|---|\n");
        for (Kind kind : kinds()) {
            page.append("| ")
                    .append(String.join(" | ", kind.name(), kind.shape().word(), kind.wrong(), kind.finding()))
                    .append(" |\n");
        }
        page.append(
                "\n## Not judged\n\nWhat a system can do without a finding; each has a test, too.\n\n| what | why |\n|---|---|\n");
        for (NotJudged each : notJudged()) {
            page.append("| ").append(each.what).append(" | ").append(each.why).append(" |\n");
        }
        page.append(FALSE_GREENS);
        for (FalseGreens.FalseGreen each : FalseGreens.all()) {
            page.append("| ")
                    .append(String.join(" | ", each.system(), each.was(), each.now()))
                    .append(" |\n");
        }
        return page.toString();
    }
}
