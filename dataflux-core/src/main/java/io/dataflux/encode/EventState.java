package io.dataflux.encode;

import io.dataflux.json.SecondText;
import io.dataflux.model.Sessions;
import io.dataflux.schedule.Identity;
import io.dataflux.schedule.Lives;
import io.dataflux.schedule.Mix;
import io.dataflux.schedule.Schedule;
import io.dataflux.schedule.Timeline;
import io.dataflux.spi.EventGenerator;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The registers of one event while it is computed. All of them are set anew for each event; only the text of the last second is kept, as a
 * cache. One per thread.
 */
public final class EventState implements EventGenerator.Context {

    /** Where the schedule puts the event: shard, place, entity, occurrence. */
    public final Schedule.Slot slot = new Schedule.Slot();

    private static final Identity NONE = new Identity(0, 0);

    /** The event's number in its stream. */
    public long sequence;

    /** The event time, whole seconds since 1970. */
    public long epochSecond;

    /** The event time, nanoseconds within the second. */
    public int nano;

    /** The ids of the event's stream in its run, which alone depend on the run's tag. */
    Identity ids = NONE;

    /** The event's random word; draws are mixed from it and the salt of a path. */
    long word;

    /** The random word of the event's session; this and what follows are set only by a stream with sessions. */
    long sessionWord;

    /** The step of the session that is being computed; {@code word} belongs to it. */
    int step;

    /** The states of the session, by number, up to the event's. */
    final byte[] path = new byte[Sessions.LONGEST];

    /** Where the event is in its row's life; this and what follows are set only by a stream with a table. */
    final Lives.Place life = new Lives.Place();

    /** The random word of the row's life. */
    long rowKey;

    /** The step of the life that is being computed. */
    int rowStep;

    /** How the row changes, see {@link ChangeNodes}. */
    int operation;

    /** The columns of the row before the change, as they were written. */
    final RowColumns columns = new RowColumns();

    /** The number of the list element that is being computed; 0 outside lists. */
    long element;

    /** The last second that was written as text. */
    final SecondText secondText = new SecondText();

    /** For the time that is being computed. */
    final Timeline.Due due = new Timeline.Due();

    /** For the pattern that is being written. */
    final Pattern.Words words = new Pattern.Words();

    private @Nullable JsonWriter writer;
    private @Nullable CompiledStream writerOf;
    private @Nullable RegionClasses regions;
    private @Nullable CompiledStream regionsOf;
    private @Nullable IdentityHashMap<CompiledStream, RegionClasses> allRegions; // order never seen

    /** The writer for a stream whose events come from code; kept while the same stream is asked for. */
    JsonWriter writer(CompiledStream stream) {
        JsonWriter known = writer;
        if (known == null || writerOf != stream) {
            known = new JsonWriter(stream);
            writer = known;
            writerOf = stream;
        }
        return known;
    }

    /** Which shares of faults apply to events of a stream; made once per stream. */
    RegionClasses regionsOf(CompiledStream stream) {
        RegionClasses known = regions;
        if (known == null || regionsOf != stream) {
            if (allRegions == null) {
                allRegions = new IdentityHashMap<>(2); // order never seen
            }
            known = allRegions.computeIfAbsent(stream, s -> new RegionClasses(s, s.faultRouting()));
            regionsOf = stream;
            regions = known;
        }
        return known;
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public long entity() {
        return slot.entity;
    }

    @Override
    public long occurrence() {
        return slot.occurrence;
    }

    @Override
    public long epochSecond() {
        return epochSecond;
    }

    @Override
    public int nano() {
        return nano;
    }

    @Override
    public long word(EventGenerator.Draw draw) {
        return Node.draw(this, draw.salt());
    }

    @Override
    public long bound(EventGenerator.Draw draw, long bound) {
        return Mix.bound(word(draw), bound);
    }
}
