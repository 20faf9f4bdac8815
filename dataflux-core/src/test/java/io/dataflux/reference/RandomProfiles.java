package io.dataflux.reference;

import io.dataflux.model.Fields;
import io.dataflux.model.RateProfile;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.StreamDefinition.Arrivals;
import io.dataflux.model.StreamDefinition.Bursts;
import io.dataflux.model.StreamDefinition.Rate;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Random rate profiles, composed of each other; some are refused. The same seed gives the same ones. */
public final class RandomProfiles {

    private final Random random;

    public RandomProfiles(long seed) {
        random = new Random(seed);
    }

    public StreamDefinition next() {
        Instant start = Instant.parse("2025-01-01T00:00:00Z")
                .plusSeconds(random.nextInt(8) == 0 ? 0 : random.nextInt(31_000_000))
                .plusNanos(random.nextInt(3) == 0 ? random.nextInt(1_000_000_000) : 0);
        return StreamDefinition.named("s" + random.nextInt(1000))
                .start(start)
                .rate(profile(3))
                .arrivals(arrivals())
                .field("n", Fields.sequence(0))
                .field("at", Fields.time())
                .build();
    }

    private Arrivals arrivals() {
        int every = List.of(1, 7, 600, 86_400).get(random.nextInt(4));
        BigDecimal speed = BigDecimal.valueOf(11 + random.nextInt(200), 1);
        long most = every * 1_000_000_000L / (speed.intValue() + 1);
        Duration length = Duration.ofNanos(1_000_000 + (long) (random.nextDouble() * (most - 1_000_000)));
        return new Arrivals(
                random.nextInt(3) == 0 ? new Bursts(Duration.ofSeconds(every), length, speed) : null,
                random.nextInt(3) == 0);
    }

    private RateProfile profile(int depth) {
        switch (random.nextInt(depth > 0 ? 8 : 3)) {
            case 0:
                return rate(1);
            case 1:
                List<Rate> rates = Stream.generate(() -> rate(0))
                        .limit(1 + random.nextInt(5))
                        .toList();
                int millis = List.of(1, 500, 1000, 20_000, 3_600_000).get(random.nextInt(5));
                return new RateProfile.Steps(rates, Duration.ofMillis(millis), random.nextBoolean());
            case 2:
                return new RateProfile.Ramp(
                        rate(0), rate(1), Duration.ofMillis(1 + random.nextInt(random.nextBoolean() ? 50 : 100_000)));
            case 3, 4:
                return new RateProfile.Daily(points(), profile(depth - 1));
            case 5:
                List<BigDecimal> factors =
                        Stream.generate(this::factor).limit(7).toList();
                return new RateProfile.Weekly(factors, profile(depth - 1));
            case 6:
                return new RateProfile.Sum(List.of(profile(depth - 1), profile(depth - 1)));
            default:
                BigDecimal speed = List.of(new BigDecimal("0.5"), new BigDecimal(7), new BigDecimal(24))
                        .get(random.nextInt(3));
                return new RateProfile.Warped(speed, profile(depth - 1));
        }
    }

    private Map<Integer, BigDecimal> points() {
        Map<Integer, BigDecimal> points = new TreeMap<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            points.put(random.nextInt(1440), factor());
        }
        return points;
    }

    private BigDecimal factor() {
        return BigDecimal.valueOf(random.nextInt(30), random.nextInt(2));
    }

    private Rate rate(int least) {
        return new Rate(
                least + random.nextInt(random.nextBoolean() ? 5 : 1_000_000),
                random.nextBoolean() ? 1 : 1 + random.nextInt(13));
    }
}
