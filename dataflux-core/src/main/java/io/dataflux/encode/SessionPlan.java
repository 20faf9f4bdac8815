package io.dataflux.encode;

import io.dataflux.json.Literal;
import io.dataflux.model.Key;
import io.dataflux.model.Kind;
import io.dataflux.model.RateProfile;
import io.dataflux.model.Sessions;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import io.dataflux.problem.Suggestions;
import io.dataflux.schedule.Mix;
import io.dataflux.schedule.RunFamily;
import io.dataflux.schedule.Schedule;
import io.dataflux.schedule.Timeline;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a stream, planned: their lengths, how many run at a time, and the states they go through. Immutable.
 *
 * <p>Events of such a stream draw by session and step instead of by sequence, so that the values of any event of a session can be computed
 * where another event refers to them.
 *
 * @param machine null for sessions without states
 * @param thinkNotKept what to say where the time between two events of a session is far from the one asked for; else null
 */
record SessionPlan(
        long seed,
        long idKey,
        Schedule schedule,
        Timeline timeline,
        Instant start,
        @Nullable StateMachine machine,
        @Nullable String thinkNotKept) {

    /** The mean time between two events of a session is within this factor of the one asked for, or the plan warns. */
    static final double KEPT = 1.5;

    private static final long FOUR_WEEKS_SECONDS = 28 * 86_400;

    /** The plan, or null if problems were noted under {@code path}. */
    static @Nullable SessionPlan of(
            StreamDefinition d, long streamSeed, Timeline timeline, String path, Problems problems) {
        int before = problems.count();
        Sessions sessions = Objects.requireNonNull(d.sessions());
        Key key = d.key();
        if (key == null) {
            problems.add(
                    path, "sessions need a key, and the stream has none; add key: {entity: \"user_{}\", count: 1000}");
            return null;
        }
        if (key.spread() != 1) {
            problems.add(
                    path,
                    "the key has spread " + key.spread() + ", but sessions already spread it; remove one of the two");
        }
        Duration think = sessions.think();
        if (think.compareTo(Duration.ofNanos(1)) < 0 || think.compareTo(Sessions.LONGEST_THINK) > 0) {
            problems.add(
                    path + ".think",
                    Problems.text(think) + " is not a time of at most " + Sessions.LONGEST_THINK.toDays() + " days");
        }
        StateMachine.Chances chances =
                sessions.states().isEmpty() ? null : StateMachine.chances(sessions, path, problems);
        if (sessions.states().isEmpty() && !sessions.start().isEmpty()) {
            problems.add(path + ".start", "names states, but there are none; add states");
        }
        int[] lengths = lengths(sessions, chances, path, problems);
        if (lengths == null || problems.count() > before) {
            return null;
        }
        StateMachine machine = chances == null ? null : StateMachine.of(chances, lengths, path, problems);
        double seconds = think.getSeconds() + think.getNano() / 1e9;
        double active = seconds * perSecond(d.rate(), timeline);
        RunFamily runs = RunFamily.deal(lengths);
        IntFunction<Schedule> planned = shards -> Schedule.withSessions(
                Mix.sub(streamSeed, 1),
                key.count(),
                key.skew().doubleValue(),
                shards,
                runs,
                sessions.begin() == Sessions.Begin.FRESH,
                active);
        Schedule schedule = planned.apply(key.shards());
        double atOnce = active * schedule.hottestEntityShare();
        if (!sessions.thinkAtMost() && atOnce > 1) {
            problems.add(
                    path + ".think",
                    "the most frequent key would need " + rounded(atOnce, 3) + " sessions at once: it has "
                            + rounded(atOnce / seconds, 3) + " events a second, with " + rounded(seconds, 6)
                            + " seconds between two of them; use more keys (key.count), a lower key.skew or rate, a think of at most "
                            + rounded(1000 * seconds / atOnce * 0.99, 3)
                            + " ms, or write think: {at_most: ...} to give busy keys shorter pauses");
        }
        return problems.count() > before
                ? null
                : new SessionPlan(
                        Mix.sub(streamSeed, 4),
                        Mix.sub(streamSeed, 5),
                        schedule,
                        timeline,
                        d.start(),
                        machine,
                        thinkNotKept(sessions, schedule, active, planned));
    }

    /** Seats go round, so there are as many events between two of a session as there are seats, on average. */
    private static @Nullable String thinkNotKept(
            Sessions sessions, Schedule schedule, double active, IntFunction<Schedule> planned) {
        double longer = schedule.activeEntities() / active;
        boolean isKept = longer <= KEPT && (longer >= 1 / KEPT || sessions.thinkAtMost());
        if (isKept) {
            return null;
        }
        Duration think = sessions.think();
        double seconds = think.getSeconds() + think.getNano() / 1e9;
        String is = Problems.text(think) + " will be " + rounded(longer * seconds, 2) + "s on average: ";
        if (longer < 1) {
            return is + "more sessions at a time than " + rounded(schedule.activeEntities(), 9)
                    + " would need more keys; raise key.count";
        }
        String tooFew = "at this rate " + rounded(active, 2) + " sessions at a time would keep it, ";
        for (int shards = Integer.highestOneBit(schedule.shards()); shards > 0; shards /= 2) {
            if (planned.apply(shards).activeEntities() / active <= KEPT) {
                return is + tooFew + "but each of " + schedule.shards()
                        + " shards has at least one; raise the rate, or write shards: " + shards + " in the key";
            }
        }
        return is + tooFew + "but there is always one; raise the rate, or write think: "
                + Problems.text(Duration.ofMillis((long) Math.ceil(1000 * seconds / active)))
                + " and, in the key, shards: 1";
    }

    /** Events per second; for a rate that changes, the mean over the first four weeks. */
    private static double perSecond(RateProfile rate, Timeline timeline) {
        return rate instanceof StreamDefinition.Rate constant
                ? (double) constant.events() / constant.seconds()
                : (double) timeline.sequenceAt(FOUR_WEEKS_SECONDS, 0) / FOUR_WEEKS_SECONDS;
    }

    private static String rounded(double number, int digits) {
        return new BigDecimal(number, new MathContext(digits))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** Quantiles of the lengths, or null if there are no lengths. */
    private static int @Nullable [] lengths(
            Sessions sessions, StateMachine.@Nullable Chances chances, String path, Problems problems) {
        Kind.Length length = sessions.length();
        if (length == null) {
            if (sessions.states().isEmpty()) { // else the problem is with the states
                problems.add(path, "does not set the length of sessions; add length: [1, 12], or states");
            }
            return chances == null ? null : Quantiles.of(chances.lengths(), RunFamily.LENGTHS);
        }
        BigDecimal p = length.geometric();
        if (length.min() < 1
                || length.max() < length.min()
                || length.max() > Sessions.LONGEST
                || p != null && (p.signum() <= 0 || p.compareTo(BigDecimal.ONE) > 0)) {
            problems.add(
                    path + ".length",
                    "a session has 1 to " + Sessions.LONGEST
                            + " events, min at most max, and geometric is above 0 and at" + " most 1; this one has min "
                            + length.min() + " and max " + length.max());
            return null;
        }
        return Quantiles.of(length, RunFamily.LENGTHS);
    }

    /** Sets the registers that belong to the session of the located event. */
    void begin(EventState s) {
        s.sessionWord = Mix.sub(seed, s.slot.session * schedule.entities() + s.slot.entity);
        s.step = s.slot.step;
        s.word = SessionNodes.word(s.sessionWord, s.step);
        if (machine != null) {
            machine.walk(s.sessionWord, s.slot.missed + s.slot.length, s.slot.missed, s.step, s.path);
        }
    }

    Node id(String pattern) {
        if (TextNodes.gaps(pattern) != 1) {
            throw new IllegalArgumentException("the pattern '" + pattern
                    + "' needs exactly one {} where the id of the session goes, such as \"ses_{}\"");
        }
        Literal[] around = TextNodes.around(pattern);
        return new SessionNodes.Id(idKey, schedule.entities(), around[0], around[1]);
    }

    Node pause() {
        return new SessionNodes.Pause(schedule, timeline, start.getNano());
    }

    /** States by name as a set of bits, 0 if a problem was noted. */
    long states(List<String> names, String place, Problems problems) {
        long bits = 0;
        for (String name : names) {
            List<String> known = machine == null ? List.of() : machine.names();
            int state = known.indexOf(name);
            if (state < 0) {
                problems.add(
                        place,
                        "there is no state '" + name + "'"
                                + (known.isEmpty()
                                        ? "; the sessions have no states, add them"
                                        : Suggestions.hint(name, known, "; there are " + String.join(", ", known))));
                return 0;
            }
            bits |= 1L << state;
        }
        return bits;
    }
}
