package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.ConfigurationException;
import io.dataflux.model.Fields;
import io.dataflux.model.RateProfile;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.StreamDefinition.Arrivals;
import io.dataflux.model.StreamDefinition.Bursts;
import io.dataflux.model.StreamDefinition.Rate;
import io.dataflux.problem.Problems;
import io.dataflux.reference.RandomProfiles;
import io.dataflux.reference.ReferenceTime;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rate profiles as streams have them: against the second implementation, and by what users expect of them. */
class RateCurveTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final Instant MONDAY = Instant.parse("2025-01-06T00:00:00Z");
    private static final BigInteger SECOND = BigInteger.valueOf(1_000_000_000);

    private static StreamDefinition.Builder base(RateProfile rate) {
        return StreamDefinition.named("s").start(MONDAY).rate(rate).field("n", Fields.sequence(0));
    }

    private static CompiledStream stream(String rate) {
        return Checked.compiled(base(RateProfile.of(rate)).build(), 42);
    }

    private static long[] perSpan(CompiledStream stream, Duration span, int count) {
        long[] events = new long[count];
        for (int i = 0; i < count; i++) {
            Instant from = stream.definition().start().plus(span.multipliedBy(i));
            events[i] = stream.sequenceAt(from.plus(span)) - stream.sequenceAt(from);
        }
        return events;
    }

    private static List<BigDecimal> factors(String... factors) {
        return Arrays.stream(factors).map(BigDecimal::new).toList();
    }

    /**
     * Reduced 30, thorough 3000 random compositions of all profiles, with and without bursts and jitter; but for the few that the second
     * implementation, which joins no pieces of equal rates, cannot hold.
     */
    @Test
    void timesEqualTheSecondImplementation() {
        int possible = 0;
        int beyond = 0;
        int wanted = THOROUGH ? 3000 : 30;
        for (int i = 0; possible < wanted; i++) {
            StreamDefinition definition = new RandomProfiles(i).next();
            Problems problems = new Problems();
            CompiledStream stream = CompiledStream.compile(definition, 42, "s", problems);
            if (stream == null) {
                assertThat(problems.count()).isEqualTo(1);
                continue;
            }
            ReferenceTime reference;
            try {
                reference = new ReferenceTime(definition, 42);
            } catch (ReferenceTime.TooManyPieces e) {
                beyond++;
                continue;
            }
            possible++;
            Random random = new Random(i);
            for (int j = 0; j < 12; j++) {
                long n = j < 5 ? j : random.nextLong() >>> 2 + random.nextInt(60);
                if (n < stream.end()) {
                    assertThat(nanos(definition.start(), stream.timeOf(n)))
                            .as("event %d of %s", n, definition.rate())
                            .isEqualTo(reference.time(n));
                    assertRoundTrip(stream, n);
                }
            }
        }
        assertThat(beyond).isLessThanOrEqualTo(wanted / 30);
    }

    /** Every profile alone and in compositions, each with and without bursts and jitter. */
    private static List<StreamDefinition> dense() {
        RateProfile constant = RateProfile.of("700000000/s");
        RateProfile steps = RateProfile.of("steps 900000000/s, 1000000/s, 333333333/s each 1s repeat");
        RateProfile ramp = RateProfile.of("ramp 0/s..900000000/s over 2s");
        RateProfile daily =
                new RateProfile.Daily(Map.of(0, new BigDecimal("0.5"), 1, new BigDecimal("1.25")), constant);
        RateProfile weekly = new RateProfile.Weekly(factors("1", "0.5", "1.5", "1", "1", "1", "0"), constant);
        RateProfile sum = new RateProfile.Sum(List.of(RateProfile.of("steps 9/s, 400000000/s each 1s repeat"), ramp));
        List<RateProfile> profiles = List.of(
                constant,
                steps,
                ramp,
                daily,
                weekly,
                sum,
                new RateProfile.Warped(new BigDecimal("1.4"), RateProfile.of("600000000/s")),
                new RateProfile.Daily(
                        Map.of(0, new BigDecimal("0.3"), 720, BigDecimal.ONE),
                        new RateProfile.Weekly(
                                factors("1", "0.5", "1", "1", "1", "1", "1"),
                                new RateProfile.Warped(
                                        new BigDecimal("1.5"),
                                        new RateProfile.Sum(List.of(
                                                RateProfile.of("300000000/s"),
                                                RateProfile.of("steps 3/s, 200000000/s each 1s")))))));
        List<StreamDefinition> all = new java.util.ArrayList<>();
        for (RateProfile profile : profiles) {
            for (boolean jitter : new boolean[] {false, true}) {
                all.add(base(profile).arrivals(new Arrivals(null, jitter)).build());
                Bursts bursts = new Bursts(Duration.ofSeconds(3), Duration.ofMillis(1), new BigDecimal("1.1"));
                all.add(base(profile).arrivals(new Arrivals(bursts, jitter)).build());
            }
        }
        return all;
    }

    /** Reduced 300, thorough 20,000 nanoseconds in a row: at the start, and where seconds, minutes and days end. */
    @Test
    void everyProfileIsExactAtEachNanosecond() {
        int window = THOROUGH ? 20_000 : 300;
        for (StreamDefinition definition : dense()) {
            CompiledStream stream = Checked.compiled(definition, 42);
            long counted = 0;
            for (Instant end : List.of(
                    MONDAY.plusNanos(window / 2),
                    MONDAY.plusSeconds(1),
                    MONDAY.plusSeconds(2),
                    MONDAY.plusSeconds(60),
                    MONDAY.plusSeconds(86_400))) {
                Instant from = end.minusNanos(window / 2);
                long n = stream.sequenceAt(from);
                long first = n;
                assertRoundTrip(stream, n);
                for (int i = 0; i < window; i++) {
                    Instant x = from.plusNanos(i);
                    while (stream.timeOf(n).isBefore(x)) {
                        n++;
                    }
                    if (stream.sequenceAt(x) != n) {
                        assertThat(stream.sequenceAt(x))
                                .as("%s at %s", definition, x)
                                .isEqualTo(n);
                    }
                }
                for (long k = first; k < n; k += 7) {
                    assertRoundTrip(stream, k);
                }
                counted += n - first;
            }
            assertThat(counted).as(definition.rate().toString()).isGreaterThan(window / 2);
        }
    }

    private static void assertRoundTrip(CompiledStream stream, long n) {
        Instant time = stream.timeOf(n);
        long before = stream.sequenceAt(time);
        assertThat(before).isLessThanOrEqualTo(n);
        assertThat(stream.sequenceAt(time.plusNanos(1))).isGreaterThan(n);
        assertThat(before == 0 || stream.timeOf(before - 1).isBefore(time)).isTrue();
        assertThat(stream.timeOf(before)).isAfterOrEqualTo(time);
    }

    private static BigInteger nanos(Instant from, Instant to) {
        Duration since = Duration.between(from, to);
        return BigInteger.valueOf(since.getSeconds()).multiply(SECOND).add(BigInteger.valueOf(since.getNano()));
    }

    @Test
    void stepsLastAndTheLastOneStays() {
        assertThat(perSpan(stream("steps 500/s..2000/s by 500/s each 20s"), Duration.ofSeconds(10), 10))
                .containsExactly(5000, 5000, 10_000, 10_000, 15_000, 15_000, 20_000, 20_000, 20_000, 20_000);
        // an event is due once all of it has come: the tenth at the end of the first second
        assertThat(perSpan(stream("steps 10/s, 0/s, 30/s each 1s repeat"), Duration.ofSeconds(1), 7))
                .containsExactly(10, 1, 29, 10, 1, 29, 10);
        assertThat(perSpan(stream("steps 30/s..10/s by 10/s each 1s"), Duration.ofSeconds(1), 4))
                .containsExactly(30, 20, 10, 10);
    }

    @Test
    void aRampHasTheEventsOfItsArea() {
        CompiledStream stream = stream("ramp 200/s..2000/s over 20m");
        long[] minutes = perSpan(stream, Duration.ofMinutes(1), 22);
        assertThat(minutes[0]).isBetween((200 + 290) * 30L, (200 + 290) * 30L + 1);
        assertThat(minutes[19]).isBetween((1910 + 2000) * 30L - 1, (1910 + 2000) * 30L);
        assertThat(minutes[21]).isEqualTo(120_000);
        assertThat(stream.sequenceAt(MONDAY.plusSeconds(1200))).isEqualTo((200 + 2000) * 1200 / 2);
    }

    @Test
    void daysAndWeeksAreThoseOfTheCalendar() {
        RateProfile week = new RateProfile.Weekly(factors("1", "1", "1", "1", "1", "0.5", "0.25"), new Rate(100, 1));
        CompiledStream stream = Checked.compiled(base(week).build(), 42);
        assertThat(perSpan(stream, Duration.ofDays(1), 8))
                .containsExactly(
                        8_640_000, 8_640_000, 8_640_000, 8_640_000, 8_640_000, 4_320_000, 2_160_000, 8_640_000);
        RateProfile day = new RateProfile.Daily(Map.of(0, new BigDecimal("0"), 720, new BigDecimal("2")), week);
        Instant evening = Instant.parse("2025-01-10T18:00:00Z"); // a Friday
        CompiledStream product = Checked.compiled(base(day).start(evening).build(), 42);
        long[] hours = perSpan(product, Duration.ofHours(1), 24);
        assertThat(hours[0]).isBetween(329_990L, 330_010L); // 100 * 3600 * (1 - 0.5/6)
        assertThat(hours[6]).isBetween(14_999L, 15_001L); // after midnight: half as many, from 0 upwards
        assertThat(product.sequenceAt(evening.plus(Duration.ofDays(7))))
                .isEqualTo(4_320_000 + 2_160_000 + 5 * 8_640_000);
    }

    @Test
    void sumsAddAndWarpsSpeedUp() {
        RateProfile both =
                new RateProfile.Sum(List.of(RateProfile.of("100/s"), RateProfile.of("steps 10/s, 0/s each 5s repeat")));
        assertThat(perSpan(Checked.compiled(base(both).build(), 1), Duration.ofSeconds(5), 4))
                .containsExactly(550, 500, 550, 500);
        RateProfile warped = new RateProfile.Warped(BigDecimal.TEN, both);
        assertThat(perSpan(Checked.compiled(base(warped).build(), 1), Duration.ofMillis(500), 4))
                .containsExactly(550, 500, 550, 500);
    }

    /** 86,400 seconds of a third of an event do not drift. */
    @Test
    void whatEndsConstantStaysExact() {
        CompiledStream stream = stream("steps 7/s, 1/3s each 2s");
        for (long n : new long[] {14, 15, 1_000_000, 1L << 34}) {
            assertThat(stream.timeOf(n)).isEqualTo(MONDAY.plusSeconds(2 + (n - 14) * 3));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "500/s | 500/s",
                "0.5/s | 1/2s",
                "90/m | 3/2s",
                "6 / 4s | 3/2s",
                "3/250ms | 12/s",
                "86400/d | 1/s",
                "steps 500/s..1500/s by 500/s each 20s | steps 500/s, 1000/s, 1500/s each 20s",
                "steps 5/s each 60s repeat | steps 5/s each 1m repeat",
                "  ramp  0/s..60/m   over 120s | ramp 0/s..1/s over 2m"
            })
    void textHasOneForm(String text, String form) {
        assertThat(RateProfile.of(text)).hasToString(form);
        assertThat(RateProfile.of(form)).isEqualTo(RateProfile.of(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "500",
                "s/500",
                "-5/s",
                "5/0s",
                "steps 5/s",
                "steps 5/s each 0s",
                "steps 5/s..9/s each 1s",
                "steps 5/s..9/s by 0/s each 1s",
                "steps 1/s..1000000/s by 1/s each 1s",
                "ramp 5/s over 1m",
                "1e3/s",
                "5/y"
            })
    void textThatIsNoProfileIsRefusedWithWhatIsAllowed(String text) {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> RateProfile.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' ")
                .hasMessageContaining("; write a rate such as 500/s");
    }

    private static String refused(StreamDefinition.Builder definition) {
        Problems problems = new Problems();
        assertThat(CompiledStream.compile(definition.build(), 1, "s", problems)).isNull();
        try {
            problems.throwIfAny("here");
        } catch (ConfigurationException e) {
            return e.problems().get(0).path() + ": " + e.problems().get(0).what();
        }
        throw new AssertionError("no problem");
    }

    @Test
    void whatNoStreamCanHaveIsRefused() {
        assertThat(refused(base(RateProfile.of("0/s")))).isEqualTo("s.rate: a stream needs more than 0/s");
        assertThat(refused(base(RateProfile.of("steps 5/s, 0/s each 1s"))))
                .isEqualTo("s.rate: steps 5/s, 0/s each 1s: it ends with 0/s, and no event would ever follow");
        assertThat(refused(base(RateProfile.of("steps 1/d, 0/s each 1h repeat"))))
                .isEqualTo(
                        "s.rate: steps 1/86400s, 0/s each 1h repeat: the part that repeats has less than one event; raise the rate,"
                                + " or make it last longer");
        assertThat(refused(base(RateProfile.of("steps 5/s, 9/s each 333ms repeat"))))
                .isEqualTo(
                        "s.rate: steps 5/s, 9/s each 333ms repeat: the part that repeats does not last a whole number of seconds; use times that do");
        assertThat(refused(base(RateProfile.of("ramp 0/s..2000000000/s over 1m"))))
                .contains("2000000000/s is not at most 10^9 events a second");
        RateProfile odd = new RateProfile.Daily(
                Map.of(0, BigDecimal.ONE, 5, BigDecimal.TEN),
                RateProfile.of("steps 1/s, 2/s, 3/s, 4/s, 5/s, 6/s, 7/s each 1s repeat"));
        assertThat(refused(base(odd)))
                .endsWith("its parts make more than 131072 pieces; use times that divide each other");
    }

    @Test
    void burstsThatCannotBeAreRefused() {
        assertThat(refused(base(new Rate(5, 1)).arrivals(bursts(10, 5, "2"))))
                .isEqualTo(
                        "s.arrivals.bursts: the speed 2 is not above 1 with speed * length below 'every': a burst cannot"
                                + " have more events than its whole period; make it shorter, slower or rarer");
        assertThat(refused(base(new Rate(5, 1)).arrivals(bursts(10, 10, "2"))))
                .isEqualTo("s.arrivals.bursts: 'length' is 10s, not at least 1ms and below 'every'");
    }

    private static Arrivals bursts(int every, int length, String speed) {
        return new Arrivals(
                new Bursts(Duration.ofSeconds(every), Duration.ofSeconds(length), new BigDecimal(speed)), false);
    }

    @Test
    void everyPartOfAProfileIsInTheFingerprint() {
        Rate five = new Rate(5, 1);
        List<StreamDefinition.Builder> all = List.of(
                base(five),
                base(RateProfile.of("steps 5/s each 1s")),
                base(RateProfile.of("steps 5/s each 1s repeat")),
                base(RateProfile.of("steps 5/s each 2s")),
                base(RateProfile.of("steps 5/s, 5/s each 1s")),
                base(RateProfile.of("ramp 5/s..6/s over 1s")),
                base(RateProfile.of("ramp 5/s..6/s over 2s")),
                base(new RateProfile.Daily(Map.of(0, BigDecimal.ONE), five)),
                base(new RateProfile.Daily(Map.of(1, BigDecimal.ONE), five)),
                base(new RateProfile.Daily(Map.of(0, BigDecimal.TEN), five)),
                base(new RateProfile.Weekly(factors("1", "1", "1", "1", "1", "1", "1"), five)),
                base(new RateProfile.Weekly(factors("1", "1", "1", "1", "1", "1", "2"), five)),
                base(new RateProfile.Sum(List.of(five))),
                base(new RateProfile.Sum(List.of(five, five))),
                base(new RateProfile.Warped(BigDecimal.TEN, five)),
                base(five).arrivals(new Arrivals(null, true)),
                base(five).arrivals(bursts(10, 1, "2")),
                base(five).arrivals(bursts(11, 1, "2")),
                base(five).arrivals(bursts(10, 2, "2")),
                base(five).arrivals(bursts(10, 1, "3")));
        assertThat(all.stream().map(d -> Canonical.fingerprint(d.build(), 1, 0)))
                .doesNotHaveDuplicates();
        assertThat(Canonical.fingerprint(
                        base(five).arrivals(bursts(10, 1, "2.0")).build(), 1, 0))
                .isEqualTo(Canonical.fingerprint(
                        base(five).arrivals(bursts(10, 1, "2")).build(), 1, 0));
    }
}
