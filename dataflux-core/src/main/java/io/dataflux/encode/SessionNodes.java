package io.dataflux.encode;

import io.dataflux.encode.Node.Count;
import io.dataflux.encode.Node.Named;
import io.dataflux.encode.Node.Numeric;
import io.dataflux.json.Json;
import io.dataflux.json.Literal;
import io.dataflux.model.Sessions;
import io.dataflux.schedule.Mix;
import io.dataflux.schedule.Schedule;
import io.dataflux.schedule.Timeline;
import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The nodes whose value is about the event's session. */
final class SessionNodes {

    private static final long LARGEST_TOTAL = 1_000_000_000_000_000L;

    private SessionNodes() {}

    /** The random word of a step of a session: that of the event. */
    static long word(long sessionWord, int step) {
        return Mix.mix(sessionWord + Mix.GAMMA * step);
    }

    /** 16 hexadecimal digits between two texts: the number of the session among all of the stream, mixed. */
    record Id(long key, long entities, Literal before, Literal after) implements Node {
        @Override
        public int write(EventState s, byte[] b, int at) {
            long word = Mix.mix(key + s.slot.session * entities + s.slot.entity);
            return after.write(b, Json.hex(b, before.write(b, at), word));
        }

        @Override
        public Object value(EventState s) {
            return TextNodes.value(this, s);
        }

        @Override
        public int maxBytes() {
            return before.length() + 16 + after.length();
        }
    }

    /** The number of the session, or of the step in it. */
    record Counter(boolean ofSession, long max) implements Count {
        @Override
        public long unscaled(EventState s) {
            return ofSession ? s.slot.session : s.step;
        }
    }

    /** How many steps of the session were before the stream's first event. */
    record Missed() implements Count {
        @Override
        public long unscaled(EventState s) {
            return s.slot.missed;
        }

        @Override
        public long max() {
            return Sessions.LONGEST;
        }
    }

    /** The name of the state. */
    record State(TextNodes.Dictionary names) implements Named {
        static State of(StateMachine machine) {
            return new State(TextNodes.Dictionary.of(0, new ArrayList<>(machine.names()), null));
        }

        @Override
        public int choice(EventState s) {
            return s.path[s.step];
        }
    }

    /**
     * Milliseconds between the times at which the event before and this one are due, each cut to milliseconds as times are written;
     * lateness does not count. The first event of a session has none.
     *
     * @param startNano the nanoseconds within the second of the stream's start
     */
    record Pause(Schedule schedule, Timeline timeline, int startNano) implements Node {
        private long millis(EventState s) {
            long before = schedule.sequenceOfOccurrence(s.slot.entity, s.slot.occurrence - 1);
            return millis(s.sequence, s.due) - millis(before, s.due);
        }

        private long millis(long sequence, Timeline.Due due) {
            timeline.locate(sequence, due);
            return due.seconds() * 1000 + (startNano + (long) due.nanos()) / 1_000_000;
        }

        @Override
        public boolean present(EventState s) {
            return s.step > 0;
        }

        @Override
        public boolean always() {
            return false;
        }

        @Override
        public int write(EventState s, byte[] b, int at) {
            return Json.number(b, at, millis(s));
        }

        @Override
        public Object value(EventState s) {
            return millis(s);
        }

        @Override
        public int maxBytes() {
            return 20;
        }
    }

    /** How many events of the session so far were in one of the states. */
    record Visits(long states) implements Count {
        @Override
        public long unscaled(EventState s) {
            int visits = 0;
            for (int i = 0; i <= s.step; i++) {
                visits += (int) (states >>> s.path[i] & 1);
            }
            return visits;
        }

        @Override
        public long max() {
            return Sessions.LONGEST;
        }
    }

    /** The value of the latest event of the session that was in one of the states, or else of its first event. */
    record PerSession(long states, Node node) implements Redirected {
        @Override
        public long enter(EventState s) {
            int step = s.step;
            int from = states == 0 ? 0 : step;
            while (from > 0 && (states >>> s.path[from] & 1) == 0) {
                from--;
            }
            if (from != step) {
                s.step = from;
                s.word = word(s.sessionWord, from);
            }
            return step;
        }

        @Override
        public void leave(EventState s, long step) {
            if (s.step != step) {
                s.step = (int) step;
                s.word = word(s.sessionWord, s.step);
            }
        }
    }

    /** The sum of a number over the events of the session so far. */
    record Total(Node of, int scale, long min, long max) implements Numeric {
        /**
         * Whether the value of a number, or of a variant of numbers, can be computed at other steps of the session than the event's. Its
         * time and its number in the stream belong to the event itself: those of an earlier event would have to be looked up.
         */
        static boolean isOfStep(Node node) {
            if (node instanceof StructureNodes.Variant variant) {
                return Arrays.stream(variant.cases()).allMatch(each -> each == null || isOfStep(each));
            } else if (node instanceof Redirected elsewhere) {
                return isOfStep(elsewhere.node());
            } else if (node instanceof NumberNodes.Range range) {
                return isOfStep(range.low()) && isOfStep(range.high());
            } else if (node instanceof SlowNodes.Linear linear) {
                return isOfStep(linear.of());
            } else if (node instanceof NumberNodes.Scheduled scheduled) {
                return scheduled.position() == NumberNodes.Position.ENTITY;
            }
            return !(node instanceof SlowNodes.Smooth
                    || node instanceof SlowNodes.Counter
                    || node instanceof TextNodes.Time);
        }

        /** The total of a node {@link #isOfStep of steps}, or null if it is not a number, or too large. */
        static @Nullable Total of(Node node) {
            int scale = scaleOf(node);
            if (scale < 0) {
                return null;
            }
            long[] range = {0, 0};
            widen(node, scale, range);
            return Math.max(-range[0], range[1]) > LARGEST_TOTAL / Sessions.LONGEST
                    ? null
                    : new Total(node, scale, range[0] * Sessions.LONGEST, range[1] * Sessions.LONGEST);
        }

        /** The largest scale of the numbers that the node can be; -1 if it can be something other than a number. */
        private static int scaleOf(Node node) {
            if (node instanceof StructureNodes.Variant variant) {
                int scale = 0;
                for (Node each : variant.cases()) {
                    int of = each == null ? 0 : scaleOf(each);
                    scale = of < 0 || scale < 0 ? -1 : Math.max(scale, of);
                }
                return scale;
            }
            boolean number = node instanceof Redirected elsewhere
                    ? scaleOf(elsewhere.node()) >= 0 && !(elsewhere.node() instanceof StructureNodes.Variant)
                    : node instanceof Numeric;
            return number && node.always() ? ((Numeric) node).scale() : -1;
        }

        private static void widen(Node node, int scale, long[] range) {
            if (node instanceof StructureNodes.Variant variant) {
                for (Node each : variant.cases()) {
                    if (each != null) {
                        widen(each, scale, range);
                    }
                }
                return;
            }
            Numeric number = (Numeric) node;
            long factor = Json.power(scale - number.scale());
            long most = LARGEST_TOTAL / factor + 1;
            range[0] = Math.min(range[0], Math.max(number.min(), -most) * factor);
            range[1] = Math.max(range[1], Math.min(number.max(), most) * factor);
        }

        private long amount(Node node, EventState s) {
            if (node instanceof StructureNodes.Variant variant) {
                Node chosen = variant.cases()[variant.by().choice(s)];
                return chosen == null ? 0 : amount(chosen, s);
            }
            Numeric number = (Numeric) node;
            return number.unscaled(s) * Json.power(scale - number.scale());
        }

        @Override
        public long unscaled(EventState s) {
            int step = s.step;
            long sum = 0;
            for (int i = 0; i <= step; i++) {
                s.step = i;
                s.word = word(s.sessionWord, i);
                sum += amount(of, s);
            }
            return sum;
        }
    }
}
