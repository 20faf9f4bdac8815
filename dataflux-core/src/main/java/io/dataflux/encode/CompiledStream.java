package io.dataflux.encode;

import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.PlannedFault;
import io.dataflux.TableRow;
import io.dataflux.json.Json;
import io.dataflux.model.Key;
import io.dataflux.model.RateProfile;
import io.dataflux.model.Sessions;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import io.dataflux.schedule.Identity;
import io.dataflux.schedule.Mix;
import io.dataflux.schedule.Schedule;
import io.dataflux.schedule.Timeline;
import io.dataflux.spi.EventGenerator;
import io.dataflux.spi.RegionRouter;
import io.dataflux.spi.RegionRouter.Region;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A stream that is ready to compute: schedule, time, identity and the plan of its fields. Immutable and thread-safe; whatever changes from
 * event to event is in the caller's {@link EventState}. Long, because all that can be asked of a stream is
 * answered here, most of it by handing it on.
 */
public final class CompiledStream implements EventStream {

    private static final long LAST_SEQUENCE = 1L << 62;
    private static final int DEFAULT_CODE_EVENT_BYTES = 64 * 1024;

    /** A stream without keys is spread over its shards as if it had this many entities. */
    private static final long KEYLESS_ENTITIES = Key.DEFAULT_SHARDS;

    /** A code generator and the version of its output. */
    public record Code(EventGenerator generator, int version) {}

    private final StreamDefinition definition;
    private final @Nullable Code code;
    private final long seed;
    private final long streamSeed;
    private final long fingerprint;
    private final Schedule schedule;
    private final Timeline timeline;
    private final long end;
    private final Identity identity;
    private final IdentityFinder finder;
    private final @Nullable IdText idText;
    private final @Nullable LateTable lateness;
    private final @Nullable FaultPlan faults;
    private final RegionClasses.@Nullable Routing faultRouting;
    private final @Nullable SessionPlan sessions;
    private final @Nullable TablePlan table;
    private final StructureNodes.@Nullable Obj row;
    private final StructureNodes.@Nullable Obj plan;
    private final Op program;
    private final TextNodes.@Nullable KeyText keyText;
    private final byte[] keyBefore;
    private final byte[] keyAfter;
    /** The most bytes of an event that is not broken. */
    private final int cleanBytes;

    private final int maxEventBytes;

    private CompiledStream(
            StreamDefinition definition,
            @Nullable Code code,
            long seed,
            long streamSeed,
            long fingerprint,
            Schedule schedule,
            Timeline timeline,
            long end,
            Identity identity,
            IdentityFinder finder,
            @Nullable LateTable lateness,
            @Nullable FaultPlan faults,
            RegionClasses.@Nullable Routing faultRouting,
            @Nullable SessionPlan sessions,
            @Nullable TablePlan table,
            StructureNodes.@Nullable Obj row,
            StructureNodes.@Nullable Obj plan) {
        this.definition = definition;
        this.code = code;
        this.seed = seed;
        this.streamSeed = streamSeed;
        this.fingerprint = fingerprint;
        this.schedule = schedule;
        this.timeline = timeline;
        this.end = end;
        this.identity = identity;
        this.finder = finder;
        this.idText = IdText.of(finder.kinds());
        this.lateness = lateness;
        this.faults = faults;
        this.faultRouting = faultRouting;
        this.sessions = sessions;
        this.table = table;
        this.row = row;
        this.plan = plan;
        this.program = code == null ? Objects.requireNonNull(plan) : this::encodeByCode;
        Key key = definition.key();
        String pattern = key == null ? "{}" : key.pattern();
        int gap = pattern.indexOf("{}");
        this.keyText = key == null ? null : TextNodes.KeyText.of(pattern);
        this.keyBefore = Json.utf8(pattern.substring(0, gap));
        this.keyAfter = Json.utf8(pattern.substring(gap + 2));
        this.cleanBytes = cleanBytes(definition, plan);
        Corruptions corruptions = faults == null ? null : faults.corruptions();
        this.maxEventBytes = corruptions == null ? cleanBytes : corruptions.maxBytes();
    }

    private static int cleanBytes(StreamDefinition definition, StructureNodes.@Nullable Obj plan) {
        return plan != null
                ? plan.maxBytes()
                : definition.maxEventBytes() == StreamDefinition.DEFAULT_MAX_EVENT_BYTES
                        ? DEFAULT_CODE_EVENT_BYTES
                        : definition.maxEventBytes();
    }

    /** The same stream as another, for a run: all that takes time to plan is shared. */
    private CompiledStream(CompiledStream of, Identity identity, RegionClasses.@Nullable Routing routing) {
        this(
                of.definition,
                of.code,
                of.seed,
                of.streamSeed,
                of.fingerprint,
                of.schedule,
                of.timeline,
                of.end,
                identity,
                of.finder,
                of.lateness,
                of.faults,
                routing,
                of.sessions,
                of.table,
                of.row,
                of.plan);
    }

    /**
     * Compiles a definition whose events come from its fields.
     *
     * @return null if problems were noted, under {@code path}
     */
    public static @Nullable CompiledStream compile(
            StreamDefinition definition, long seed, String path, Problems problems) {
        return compile(definition, null, seed, path, problems);
    }

    /** Compiles a definition; {@code code} generates its events, or is null if the fields do. */
    public static @Nullable CompiledStream compile(
            StreamDefinition given, @Nullable Code code, long seed, String path, Problems problems) {
        StreamDefinition d = given;
        int before = problems.count();
        checkHead(d, path, problems);
        if (problems.count() > before) {
            return null;
        }
        long streamSeed = Mix.sub(Mix.mix(seed), Mix.hash(d.name()));
        long fingerprint = Canonical.fingerprint(d, seed, code == null ? 0 : code.version());
        Timeline timeline = timeline(d, streamSeed, path, problems);
        SessionPlan sessions = null;
        if (timeline != null && d.sessions() != null) {
            sessions = SessionPlan.of(d, streamSeed, timeline, path + ".sessions", problems);
        }
        if (problems.count() > before) { // what is wrong with the rest is to be found as well
            d = mended(d);
            timeline = timeline(d, streamSeed, path, new Problems());
            sessions = timeline == null || d.sessions() == null
                    ? null
                    : SessionPlan.of(d, streamSeed, timeline, path + ".sessions", new Problems());
        }
        if (timeline == null || sessions == null && d.sessions() != null) {
            return null;
        }
        long whole = StreamDefinition.END_OF_TIME.getEpochSecond() - d.start().getEpochSecond();
        long end = Math.min(
                LAST_SEQUENCE,
                d.start().getNano() == 0
                        ? timeline.sequenceAt(whole, 0)
                        : timeline.sequenceAt(
                                whole - 1, 1_000_000_000 - d.start().getNano()));
        Schedule schedule = sessions == null ? schedule(d.key(), streamSeed) : sessions.schedule();
        Identity identity = new Identity(fingerprint, 0);
        IdentityFinder finder = IdentityFinder.of(d, path, problems);
        end = Math.min(end, IdentityFinder.lastSequence(d));
        TablePlan table = null;
        if (d.table() != null) {
            table = TablePlan.of(d, d.table(), streamSeed, schedule, timeline, path + ".table", problems);
            if (table == null) {
                return null;
            }
        }
        Compiler compiler = new Compiler(d, seed, end, sessions, table, problems);
        StructureNodes.Obj plan = code == null ? compiler.compile(path) : null;
        if (plan != null && plan.maxBytes() > d.maxEventBytes()) {
            problems.add(
                    path,
                    "the largest event has " + plan.maxBytes() + " bytes, more than the " + d.maxEventBytes()
                            + " allowed; use shorter lists or texts, or raise max_event_bytes");
        }
        FaultPlan faults = null;
        if (problems.count() == before) {
            faults = FaultPlan.of(d, new CleanEvent(plan, cleanBytes(d, plan)), streamSeed, path + ".faults", problems);
        }
        LateTable lateness = faults != null && faults.late() != null
                ? faults.late()
                : LateTable.of(d.lateness(), path + ".lateness", problems);
        check(
                lateness == null || !d.start().minusMillis(lateness.longest()).isBefore(StreamDefinition.FIRST_START),
                problems,
                path + (d.lateness() == null ? ".faults.late" : ".lateness"),
                "reaches back before the year 1; set a later 'start'");
        return problems.count() > before
                ? null
                : new CompiledStream(
                        d,
                        code,
                        seed,
                        streamSeed,
                        fingerprint,
                        schedule,
                        timeline,
                        end,
                        identity,
                        finder,
                        lateness,
                        faults,
                        null,
                        sessions,
                        table,
                        compiler.row(),
                        plan);
    }

    private static Schedule schedule(@Nullable Key key, long streamSeed) {
        return key == null
                ? Schedule.of(Mix.sub(streamSeed, 1), KEYLESS_ENTITIES, 0, Key.DEFAULT_SHARDS, 1)
                : Schedule.of(
                        Mix.sub(streamSeed, 1), key.count(), key.skew().doubleValue(), key.shards(), key.spread());
    }

    private static void checkHead(StreamDefinition d, String path, Problems problems) {
        Key key = d.key();
        if (key != null) {
            check(
                    TextNodes.gaps(key.pattern()) == 1,
                    problems,
                    path + ".key.entity",
                    "the pattern '" + key.pattern()
                            + "' needs {} once, for the number of the entity, such as \"user_{}\"");
            try {
                Json.escaped(key.pattern());
            } catch (IllegalArgumentException e) {
                problems.add(path + ".key.entity", String.valueOf(e.getMessage()));
            }
            check(
                    key.count() >= 1 && key.count() <= Key.MOST_ENTITIES,
                    problems,
                    path + ".key.count",
                    key.count() + " is not between 1 and 2^" + Long.numberOfTrailingZeros(Key.MOST_ENTITIES));
            check(
                    key.skew().signum() >= 0 && key.skew().compareTo(Key.MOST_SKEW) <= 0,
                    problems,
                    path + ".key.skew",
                    key.skew().toPlainString() + " is not between 0 (all equally often) and " + Key.MOST_SKEW);
            check(
                    key.shards() >= 1 && key.shards() <= Key.MOST_SHARDS,
                    problems,
                    path + ".key.shards",
                    key.shards() + " is not between 1 and " + Key.MOST_SHARDS);
            check(
                    key.spread() >= 1 && key.spread() <= Key.MOST_SPREAD,
                    problems,
                    path + ".key.spread",
                    key.spread() + " is not between 1 and " + Key.MOST_SPREAD);
        }
        check(
                !d.start().isBefore(StreamDefinition.FIRST_START) && d.start().isBefore(StreamDefinition.END_OF_TIME),
                problems,
                path + ".start",
                d.start() + " is not between the years 1 and 9999");
        StreamDefinition.Bursts bursts = d.arrivals().bursts();
        if (bursts != null) {
            try {
                RateCurve.check(bursts);
            } catch (IllegalArgumentException e) {
                problems.add(path + ".arrivals.bursts", String.valueOf(e.getMessage()));
            }
        }
    }

    /** A definition with the same fields, and with a rate and sessions that can be planned. */
    private static StreamDefinition mended(StreamDefinition d) {
        StreamDefinition.Builder mended =
                d.toBuilder().rate(StreamDefinition.DEFAULT_RATE).arrivals(StreamDefinition.Arrivals.REGULAR);
        Sessions sessions = d.sessions();
        if (sessions == null) {
            return mended.build();
        }
        Key key = d.key();
        return mended.sessions(sessions.withStatesAlone())
                .key(new Key(key == null ? "{}" : key.pattern(), 1000, BigDecimal.ZERO, 1, 1))
                .build();
    }

    private static @Nullable Timeline timeline(StreamDefinition d, long streamSeed, String path, Problems problems) {
        try {
            return RateCurve.of(d, streamSeed);
        } catch (IllegalArgumentException | ArithmeticException e) {
            boolean constant = d.rate() instanceof StreamDefinition.Rate;
            problems.add(path + ".rate", (constant ? "" : d.rate() + ": ") + e.getMessage());
            return null;
        }
    }

    private static void check(boolean holds, Problems problems, String path, String what) {
        if (!holds) {
            problems.add(path, what);
        }
    }

    /** Why streams with this start cannot have this rate, worded to follow the rate's text; null if they can. */
    public static @Nullable String rateProblem(RateProfile rate, Instant start) {
        return RateCurve.problem(rate, start);
    }

    @Override
    public CompiledStream withTag(int tag) {
        return new CompiledStream(this, new Identity(fingerprint, tag), faultRouting);
    }

    /** The same stream in a run with these regions: its faults have the shares of the regions that the router chooses. */
    public CompiledStream in(List<Region> regions, RegionRouter router) {
        if (faults == null || faults.regions().isEmpty()) {
            return this;
        }
        int[] classes = regions.stream()
                .mapToInt(region -> faults.regions().indexOf(region.name()) + 1)
                .toArray();
        return new CompiledStream(this, identity, new RegionClasses.Routing(router, classes));
    }

    @Override
    public CompiledStream with(UnaryOperator<StreamDefinition.Builder> change) {
        StreamDefinition changed = change.apply(definition.toBuilder()).build();
        Problems problems = new Problems();
        CompiledStream stream = compile(changed, code, seed, "", problems);
        problems.throwIfAny("stream '" + changed.name() + "'");
        return Objects.requireNonNull(stream);
    }

    public StreamDefinition definition() {
        return definition;
    }

    public Schedule schedule() {
        return schedule;
    }

    /** The times of events, relative to {@code definition().start()}. */
    public Timeline timeline() {
        return timeline;
    }

    /** How many changes a row of its table has on average from insert to delete; 0 if it changes no table. */
    public double meanLife() {
        return table == null ? 0 : table.lives().mean();
    }

    /** The most bytes an event can have. */
    public int maxEventBytes() {
        return maxEventBytes;
    }

    /** Sets all of {@code state} for an event. Allocates nothing. */
    public void locate(long sequence, EventState state) {
        locateOnTime(sequence, state);
        if (lateness != null) {
            happened(lateness.millis(state, this), state);
        }
    }

    /** As {@link #locate(long, EventState)}, but as if the event were not late. */
    void locateOnTime(long sequence, EventState state) {
        schedule.locate(sequence, state.slot);
        timeline.locate(sequence, state.due);
        long second = definition.start().getEpochSecond() + state.due.seconds();
        long nano = definition.start().getNano() + (long) state.due.nanos();
        boolean carry = nano >= 1_000_000_000;
        begin(sequence, carry ? second + 1 : second, (int) (carry ? nano - 1_000_000_000 : nano), state);
    }

    /** As {@link #locate(long, EventState)}, for callers that already have the shard, the place in it and the scheduled time. */
    public void locate(long sequence, int shard, long local, long epochSecond, int nano, EventState state) {
        schedule.locateLocal(shard, local, state.slot);
        begin(sequence, epochSecond, nano, state);
        if (lateness != null) {
            happened(lateness.millis(state, this), state);
        }
    }

    /** As {@link #locate(long, EventState)}, for callers that already know where the schedule puts the event, and its scheduled time. */
    public void locate(long sequence, Schedule.Slot at, long epochSecond, int nano, EventState state) {
        state.slot.set(at);
        begin(sequence, epochSecond, nano, state);
        if (lateness != null) {
            happened(lateness.millis(state, this), state);
        }
    }

    private void begin(long sequence, long epochSecond, int nano, EventState state) {
        state.sequence = sequence;
        state.ids = identity;
        if (sessions == null) {
            state.word = Mix.mix(streamSeed + Mix.GAMMA * sequence);
        } else {
            sessions.begin(state);
        }
        if (table != null) {
            table.begin(state);
        }
        state.epochSecond = epochSecond;
        state.nano = nano;
        state.element = 0;
    }

    /** Moves the event's time back from its scheduled time. */
    private static void happened(long millisBefore, EventState state) {
        long nano = state.nano - millisBefore % 1000 * 1_000_000;
        state.epochSecond -= millisBefore / 1000 + (nano < 0 ? 1 : 0);
        state.nano = (int) (nano < 0 ? nano + 1_000_000_000 : nano);
    }

    /** The longest time by which an event's time precedes its scheduled time, in milliseconds. */
    long longestLatenessMillis() {
        return lateness == null ? 0 : lateness.longest();
    }

    /**
     * Writes the located event as JSON at {@code at} and returns its end. Needs room for {@link #maxEventBytes} and {@code
     * SLACK} more bytes, which may be overwritten. Allocates nothing.
     */
    public int encode(EventState state, byte[] target, int at) {
        if (table != null) {
            state.columns.forget();
        }
        return program.write(state, target, at);
    }

    /** Bytes after an event that {@link #encode} may overwrite. */
    public static final int SLACK = Json.SLACK;

    private int encodeByCode(EventState s, byte[] b, int at) {
        JsonWriter writer = s.writer(this);
        writer.begin(s, b, at, cleanBytes);
        Objects.requireNonNull(code).generator().generate(s, writer);
        return writer.end();
    }

    /** The key of an entity as UTF-8 in a new array; null for a stream without keys. */
    public byte @Nullable [] key(long entity) {
        if (keyText == null) {
            return null;
        }
        byte[] key = new byte[keyBefore.length + 20 + keyAfter.length + SLACK];
        return Arrays.copyOf(key, encodeKey(entity, key, 0));
    }

    /** Writes the key of an entity as UTF-8 and returns its end. Allocates nothing. */
    public int encodeKey(long entity, byte[] target, int at) {
        return Json.bytes(target, Json.number(target, Json.bytes(target, at, keyBefore), entity), keyAfter);
    }

    /** The value of a field of the located event, as {@link Event#field} returns it. */
    public @Nullable Object value(EventState state, String path) {
        return ValuePath.of(path).read(this, state);
    }

    /** What is delivered of this stream; for one thread. */
    public PlannedFaults plannedFaults() {
        return new PlannedFaults(this);
    }

    /** What to say where the time between two events of a session is far from the one asked for; null if it is near, or none was asked for. */
    public @Nullable String thinkNotKept() {
        return sessions == null ? null : sessions.thinkNotKept();
    }

    @Nullable
    SessionPlan sessionPlan() {
        return sessions;
    }

    @Nullable
    TablePlan tablePlan() {
        return table;
    }

    @Nullable
    FaultPlan faultPlan() {
        return faults;
    }

    RegionClasses.@Nullable Routing faultRouting() {
        return faultRouting;
    }

    StructureNodes.@Nullable Obj plan() {
        return plan;
    }

    /** The row of the stream's table, in the columns' order. */
    StructureNodes.Obj row() {
        if (row == null) {
            throw new IllegalStateException(
                    "stream '" + name() + "' does not change a table; only a stream with a 'table' does");
        }
        return row;
    }

    @Override
    public Iterable<TableRow> table(long asOf) {
        row();
        if (asOf < 0 || asOf > end) {
            throw new IllegalArgumentException(
                    "sequence " + asOf + " is not in [0, " + end + "] of stream '" + name() + "'");
        }
        return () -> new TableRows(this, asOf);
    }

    @Override
    public Optional<TableRow> row(long entity, long asOf) {
        return Optional.ofNullable(TableRows.row(this, entity, asOf, new EventState()));
    }

    Identity identity() {
        return identity;
    }

    TextNodes.KeyText keyText() {
        if (keyText == null) {
            throw new IllegalStateException("stream '" + name() + "' has no key");
        }
        return keyText;
    }

    @Override
    public String name() {
        return definition.name();
    }

    @Override
    public long seed() {
        return seed;
    }

    @Override
    public long fingerprint() {
        return fingerprint;
    }

    @Override
    public int shards() {
        return schedule.shards();
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public Event event(long sequence) {
        if (sequence < 0 || sequence >= end) {
            throw new IllegalArgumentException(
                    "sequence " + sequence + " is not in [0, " + end + ") of stream '" + name() + "'");
        }
        return new ComputedEvent(this, sequence);
    }

    @Override
    public List<PlannedFault> faults(long from, long to) {
        if (from < 0 || to < from || to > end) {
            throw new IllegalArgumentException(
                    "[" + from + ", " + to + ") is not within [0, " + end + ") of stream '" + name() + "'");
        }
        return plannedFaults().list(from, to);
    }

    @Override
    public Iterable<Event> events(long from, long to) {
        if (from < 0 || to < from || to > end) {
            throw new IllegalArgumentException(
                    "[" + from + ", " + to + ") is not within [0, " + end + ") of stream '" + name() + "'");
        }
        return () -> new Iterator<>() {
            private long next = from;

            @Override
            public boolean hasNext() {
                return next < to;
            }

            @Override
            public Event next() {
                if (next >= to) {
                    throw new NoSuchElementException();
                }
                return event(next++);
            }
        };
    }

    /** Which of the events {@code [from, to)} have the same identity; null if none was found. Computes at most some 20,000 events. */
    public @Nullable SharedIdentity sharedIdentity(long from, long to) {
        return finder.mayBeShared() ? SharedIdentity.search(this, from, to) : null;
    }

    /** What is allowed, but may not be what is expected of the events, as sentences that begin with the place in the definition. */
    public List<String> cautions() {
        return Cautions.of(definition, plan);
    }

    @Override
    public OptionalLong sequenceOf(Object... values) {
        long n = finder.find(this, values);
        return n >= 0 && n < end ? OptionalLong.of(n) : OptionalLong.empty();
    }

    /**
     * The sequence of the event whose id is the JSON value at {@code [from, to)}, or -1: then {@link #sequenceOf(Object...)} may find it
     * nevertheless, because the identity is no single UUID, or has another form than the stream gives it. Allocates nothing.
     */
    public long sequenceOf(byte[] json, int from, int to) {
        long n = idText == null ? -1 : idText.sequence(this, json, from, to);
        return n < end ? n : -1;
    }

    @Override
    public long sequenceOfOccurrence(long entity, long occurrence) {
        return schedule.sequenceOfOccurrence(entity, occurrence);
    }

    @Override
    public Instant timeOf(long sequence) {
        return definition.start().plusSeconds(timeline.seconds(sequence)).plusNanos(timeline.nanos(sequence));
    }

    @Override
    public long sequenceAt(Instant time) {
        Duration since = Duration.between(definition.start(), time);
        return since.isNegative() ? 0 : Math.min(end, timeline.sequenceAt(since.getSeconds(), since.getNano()));
    }

    @Override
    public String toString() {
        return name() + " (seed " + seed + ", fingerprint " + HexFormat.of().toHexDigits(fingerprint) + ")";
    }
}
