package io.dataflux.reference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The entity schedule by its definition: sequence, shard, cell, turn. Frames are sorted and walked as lists, and what the library
 * looks up in tables is counted here.
 */
final class ReferenceSchedule {

    /** What is said of sessions is 0 in a schedule without them. */
    record Place(long entity, long occurrence, long session, int step, int length, int missed) {
        Place(long entity, long occurrence) {
            this(entity, occurrence, 0, 0, 0, 0);
        }

        Place of(long other) {
            return new Place(other, occurrence, session, step, length, missed);
        }
    }

    private record Dealt(int cell, long index) {}

    private final long key;
    private final long entities;
    private final double skew;
    private final int spread;
    private final ReferenceBursts bursts;
    private final double active;
    private final int shards;
    private final Deal toShards;
    private final Map<Integer, Inside> insides = new HashMap<>();
    private final Map<Integer, Long> seatsBefore = new HashMap<>();

    ReferenceSchedule(long key, long entities, double skew, int wantedShards, int spread) {
        this(key, entities, skew, wantedShards, spread, null, 0);
    }

    /** @param bursts the sessions of entities, of which so many are {@code active} at a time; null if there are none */
    ReferenceSchedule(
            long key, long entities, double skew, int wantedShards, int spread, ReferenceBursts bursts, double active) {
        this.key = key;
        this.entities = entities;
        this.skew = skew;
        this.spread = spread;
        this.bursts = bursts;
        this.active = active;
        int p = (int) Math.min(wantedShards, entities);
        while (p > 1 && IntStream.of(shardQuotas(p)).min().getAsInt() < 8) {
            p /= 2;
        }
        shards = p;
        toShards = new Deal(Words64.sub(key, 0), p == 1 ? new int[] {1} : shardQuotas(p));
    }

    int shardOf(long sequence) {
        return toShards.of(sequence).cell;
    }

    /** The number of earlier events in the same shard. */
    long localOf(long sequence) {
        return toShards.of(sequence).index;
    }

    Place locate(long sequence) {
        Dealt shard = toShards.of(sequence);
        Inside inside = inside(shard.cell);
        Place rank = inside.locate(shard.index);
        return rank.of(shard.cell + shards * rank.entity);
    }

    /** The seats of earlier shards. */
    private long seatsBefore(int shard) {
        return seatsBefore.computeIfAbsent(
                shard,
                all -> IntStream.range(0, all)
                        .mapToLong(s -> inside(s).seatsBeforeCell(inside(s).first.length))
                        .sum());
    }

    private Inside inside(int shard) {
        Inside known = insides.get(shard);
        if (known == null) {
            known = new Inside(shard);
            insides.put(shard, known);
        }
        return known;
    }

    private long members(int shard, int p) {
        return (entities - 1 - shard) / p + 1;
    }

    private int[] shardQuotas(int p) {
        if (skew == 0 && entities % p == 0) {
            return IntStream.generate(() -> 64).limit(p).toArray();
        }
        double[] mass = new double[p];
        for (int s = 0; s < p; s++) {
            mass[s] = skew == 0 ? members(s, p) : mass(s, p, 0, members(s, p));
        }
        return quotas(mass, 1 << 16);
    }

    /** The Zipf weight of local ranks [from, to): the first 256 one by one, the others by the integral between midpoints. */
    private double mass(int shard, int p, long from, long to) {
        double sum = 0;
        for (long l = from; l < Math.min(to, 256); l++) {
            sum += StrictMath.pow((double) p * l + shard + 1, -skew);
        }
        long tail = Math.max(from, 256);
        if (tail < to) {
            double low = p * (tail - 0.5) + shard + 1;
            double high = p * (to - 0.5) + shard + 1;
            double area = skew == 1
                    ? StrictMath.log(high) - StrictMath.log(low)
                    : (StrictMath.pow(high, 1 - skew) - StrictMath.pow(low, 1 - skew)) / (1 - skew);
            sum += area / p;
        }
        return sum;
    }

    private static int[] quotas(double[] mass, int frame) {
        double total = 0;
        for (double m : mass) {
            total += m;
        }
        int[] quota = new int[mass.length];
        double before = 0;
        for (int c = 0; c < mass.length; c++) {
            double upTo = before + mass[c];
            long end = c == mass.length - 1 ? frame : Math.round(frame * upTo / total);
            quota[c] = (int) (end - Math.round(frame * before / total));
            before = upTo;
        }
        for (int c = 0; c < quota.length; c++) {
            if (quota[c] == 0) {
                int largest = IntStream.range(0, quota.length)
                        .boxed()
                        .max(Comparator.<Integer>comparingInt(d -> quota[d]).thenComparing(Comparator.reverseOrder()))
                        .get();
                quota[largest]--;
                quota[c]++;
            }
        }
        return quota;
    }

    /** A shard's events to cells, a cell's events to its members. */
    private final class Inside {
        private final int shard;
        private final long shardKey;
        private final long[] first;
        private final long members;
        private final Deal toCells;
        private final double activeHere;

        Inside(int shard) {
            this.shard = shard;
            shardKey = Words64.sub(Words64.sub(key, 1), shard);
            members = members(shard, shards);
            activeHere = active * ((double) toShards.quota[shard] / toShards.template.length);
            int frame = (1 << 18) / shards / 64 * 64;
            long[] cells = {0};
            for (int perOctave = 8; skew > 0; perOctave /= 2) {
                cells = cells(shard, frame, perOctave);
                if (cells.length <= 256) {
                    break;
                }
            }
            first = cells;
            double[] mass = new double[cells.length];
            for (int c = 0; c < cells.length; c++) {
                mass[c] = mass(shard, shards, cells[c], end(c));
            }
            toCells = new Deal(Words64.sub(shardKey, 0), cells.length == 1 ? new int[] {1} : quotas(mass, frame));
        }

        private long end(int cell) {
            return cell + 1 < first.length ? first[cell + 1] : members;
        }

        private long[] cells(int shard, int frame, int perOctave) {
            double all = mass(shard, shards, 0, members);
            double enough = Math.max(4 * all / frame, bursts == null ? 0 : 1 / activeHere * all);
            List<Long> starts = new ArrayList<>();
            long from = 0;
            while (from < members) {
                starts.add(from);
                long width = 1;
                if (from >= 16) {
                    while (width * 2 * perOctave <= from) {
                        width *= 2;
                    }
                }
                while (from + width < members && mass(shard, shards, from, from + width) < enough) {
                    width *= 2;
                }
                from = Math.min(from + width, members);
            }
            return starts.stream().mapToLong(Long::longValue).toArray();
        }

        Place locate(long local) {
            Dealt cell = toCells.of(local);
            long turnKey = Words64.sub(shardKey, cell.cell + 1);
            long k = end(cell.cell) - first[cell.cell];
            Place turn = bursts == null
                    ? turn(turnKey, k, cell.index)
                    : bursts.locate(
                            turnKey,
                            k,
                            seats(cell.cell, k),
                            seatsBefore(shard) + seatsBeforeCell(cell.cell),
                            cell.index);
            return turn.of(first[cell.cell] + turn.entity);
        }

        /** A power of two near the active members of a cell, at most as many as it has. */
        private long seats(int cell, long k) {
            double share = (double) toCells.quota[cell] / toCells.template.length;
            double wanted = Math.max(1, activeHere * share);
            long seats = 1;
            while (4.0 * seats * seats <= 2 * wanted * wanted && 2 * seats <= k) {
                seats *= 2;
            }
            return seats;
        }

        private long seatsBeforeCell(int cell) {
            return IntStream.range(0, cell)
                    .mapToLong(c -> seats(c, end(c) - first[c]))
                    .sum();
        }

        /** A window of {@code spread} rounds holds each of k members {@code spread} times, shuffled. */
        private Place turn(long turnKey, long k, long visit) {
            if (k == 1) {
                return new Place(0, visit);
            }
            long window = visit / (k * spread);
            long place = visit % (k * spread);
            ReferenceShuffle order = new ReferenceShuffle(Words64.sub(turnKey, window), k * spread);
            long member = order.of(place) / spread;
            long earlier = IntStream.range(0, spread)
                    .filter(i -> order.placeOf(member * spread + i) < place)
                    .count();
            return new Place(member, window * spread + earlier);
        }
    }

    /** A frame that holds each cell as often as its quota says, sorted by words; it repeats, rotated each time. */
    private static final class Deal {
        private final long key;
        private final int[] quota;
        private final int[] template;

        Deal(long key, int[] quota) {
            this.key = key;
            this.quota = quota;
            record Item(int cell, long word) {}
            List<Item> items = new ArrayList<>();
            for (int c = 0; c < quota.length; c++) {
                for (int i = 0; i < quota[c]; i++) {
                    items.add(new Item(c, Words64.sub(key, items.size())));
                }
            }
            items.sort((a, b) -> Long.compareUnsigned(a.word, b.word));
            template = items.stream().mapToInt(Item::cell).toArray();
        }

        /** By start; counted once, for those who look at a million events. */
        private final Map<Integer, int[]> earlier = new HashMap<>();

        Dealt of(long i) {
            int frame = template.length;
            int rotations = Math.min(64, Integer.lowestOneBit(frame));
            long k = i / frame;
            long rotation = Words64.bound(Words64.sub(key, ~k), rotations);
            int start = (int) (rotation * (frame / rotations));
            int place = (int) (i % frame);
            int cell = template[(start + place) % frame];
            return new Dealt(cell, k * quota[cell] + earlier.computeIfAbsent(start, this::earlier)[place]);
        }

        /** For each place of a frame that starts there, how many places before it have the same cell. */
        private int[] earlier(int start) {
            int[] counts = new int[quota.length];
            int[] before = new int[template.length];
            for (int place = 0; place < before.length; place++) {
                before[place] = counts[template[(start + place) % template.length]]++;
            }
            return before;
        }
    }
}
