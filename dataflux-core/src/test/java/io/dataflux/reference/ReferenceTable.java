package io.dataflux.reference;

import io.dataflux.model.Field;
import io.dataflux.model.Kind;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.Table;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/** The rows of a table by their definition: a key's events cut into lives, and each column's latest change found by going back. */
final class ReferenceTable {

    /** Where an event is in the life of its row. */
    record Life(long number, int step, int length) {}

    private final Table table;
    private final long drawSeed;
    private final long lifeSeed;
    private final int[] lengths;

    ReferenceTable(StreamDefinition definition, long streamSeed) {
        table = definition.table();
        drawSeed = Words64.sub(streamSeed, 6);
        lifeSeed = Words64.sub(streamSeed, 7);
        lengths = ReferenceSessions.quantiles(ReferenceSessions.wanted(
                table.lives() == null ? new Kind.Length(3, 60, new BigDecimal("0.12")) : table.lives()));
    }

    Map<String, Field> fields() {
        Map<String, Field> fields = new LinkedHashMap<>();
        table.columns().forEach((name, column) -> fields.put(name, column.field()));
        return fields;
    }

    /** The lives of a key follow each other round after round, each round in a rotation of its own; the first one is cut. */
    Life life(long entity, long occurrence) {
        long key = Words64.sub(lifeSeed, entity);
        long sum = java.util.stream.IntStream.of(lengths).sum();
        long begin = Words64.bound(Words64.sub(key, -1), sum);
        Life first = cut(key, begin);
        if (first.step == first.length - 1) {
            begin--;
            first = cut(key, begin);
        }
        Life life = cut(key, begin + occurrence);
        int missing = life.number == first.number ? first.step : 0;
        return new Life(life.number - first.number, life.step - missing, life.length - missing);
    }

    private Life cut(long key, long index) {
        long sum = java.util.stream.IntStream.of(lengths).sum();
        long round = index / sum;
        int rotation = (int) Words64.bound(Words64.sub(key, round), lengths.length);
        int step = (int) (index % sum);
        int run = 0;
        while (step >= lengths[(run + rotation) % lengths.length]) {
            step -= lengths[(run + rotation) % lengths.length];
            run++;
        }
        return new Life(round * lengths.length + run, step, lengths[(run + rotation) % lengths.length]);
    }

    private long rowKey(long entity, Life life) {
        return Words64.sub(Words64.sub(drawSeed, entity), life.number);
    }

    /** The step at which a column had its latest change, going back from a step. */
    int changed(String column, long entity, Life life, int step) {
        int every = table.columns().get(column).every();
        if (every == 0) {
            return 0;
        }
        long word = Words64.mix(rowKey(entity, life) + Words64.hash("table." + column + "?phase"));
        int offset = every == 1 ? 0 : (int) Words64.bound(word, every);
        int changed = step;
        while (changed > 0 && (changed + offset) % every != 0) {
            changed--;
        }
        return changed;
    }

    long word(long entity, Life life, int changed) {
        return ReferenceEncoder.word(rowKey(entity, life), changed);
    }
}
