package io.dataflux.schedule;

/**
 * The lives of entities: their occurrences cut into runs, each from a birth at step 0 to a death at its last step. What an entity's
 * event number {@code occurrence} is in its life is a table look-up, without history.
 *
 * <p>Every entity has its own phase and order of lengths, so that they are not all in the same step. The life in progress at the phase is
 * shorter and begins at step 0 like any other; no entity begins with its death. Immutable and thread-safe; allocates nothing.
 */
public final class Lives {
    private final long key;
    private final RunTable runs;

    /** Where an event is in its entity's life; reused by the caller, not thread-safe. */
    public static final class Place {
        /** The number of the entity's earlier lives. */
        public long life;
        /** From 0 at birth to {@code length - 1} at death. */
        public int step;

        public int length;
    }

    /**
     * @param key a mixed word
     * @param runs lengths of at least 2
     * @throws IllegalArgumentException if a length is 1
     */
    public Lives(long key, RunTable runs) {
        for (int c = 0; c < runs.runs(); c++) {
            if (runs.length(0, c) < 2) {
                throw new IllegalArgumentException("a life of length 1: a birth and a death take at least 2");
            }
        }
        this.key = key;
        this.runs = runs;
    }

    /** Fills in where an entity's event number {@code occurrence} is in its life. */
    public void locate(long entity, long occurrence, Place place) {
        long entityKey = Mix.sub(key, entity);
        int sum = runs.sum();
        int firstRotation = runs.rotation(Mix.sub(entityKey, 0));
        int phase = phase(entityKey, firstRotation);
        long x = occurrence + phase;
        long w = x / sum;
        int rotation = w == 0 ? firstRotation : runs.rotation(Mix.sub(entityKey, w));
        int cut = runs.cut(rotation, (int) (x - w * sum));
        int c = RunTable.runOf(cut);
        int begun = runs.cut(firstRotation, phase);
        int firstRun = RunTable.runOf(begun);
        int cutoff = w == 0 && c == firstRun ? RunTable.stepOf(begun) : 0;
        place.life = w * runs.runs() + c - firstRun;
        place.step = RunTable.stepOf(cut) - cutoff;
        place.length = runs.length(rotation, c) - cutoff;
    }

    /** Where the entity begins in the round; one earlier if that were a death. */
    private int phase(long entityKey, int rotation) {
        int phase = (int) Mix.bound(Mix.sub(entityKey, -1), runs.sum());
        int cut = runs.cut(rotation, phase);
        return RunTable.stepOf(cut) == runs.length(rotation, RunTable.runOf(cut)) - 1 ? phase - 1 : phase;
    }

    /** How many changes a life has on average, including birth and death. */
    public double mean() {
        return runs.mean();
    }
}
