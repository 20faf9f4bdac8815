package io.dataflux.encode;

import io.dataflux.model.Corruption;
import io.dataflux.model.FaultKind;
import io.dataflux.model.Faults;
import io.dataflux.model.Share;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import io.dataflux.schedule.Deliveries;
import io.dataflux.schedule.Mix;
import io.dataflux.schedule.Selection;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The compiled faults of a stream: which events each one hits, and what happens to them. Immutable.
 *
 * @param regions the regions with shares of their own, in the order of the selections' classes, starting at 1; class 0 is all others
 */
record FaultPlan(
        Faults faults,
        List<String> regions,
        Map<FaultKind, Selection> selections,
        Deliveries.Rules rules,
        @Nullable LateTable late,
        @Nullable Corruptions corruptions) {

    private static final long KEY = Mix.hash("faults");
    /** Their order gives each its key, so new kinds can only be added at the end. */
    private static final List<FaultKind> KEYS =
            List.of(FaultKind.LATE, FaultKind.DUPLICATE, FaultKind.DROP, FaultKind.REORDER, FaultKind.CORRUPT);

    private static final BigInteger FINEST = BigInteger.valueOf(Share.FINEST);

    /** @return null if there are no faults, or after a problem */
    static @Nullable FaultPlan of(
            StreamDefinition d, @Nullable CleanEvent clean, long streamSeed, String path, Problems problems) {
        Faults faults = d.faults();
        if (faults == null) {
            return null;
        }
        int before = problems.count();
        checkShares(faults, path, problems);
        checkWindows(faults, path, problems);
        if (faults.late() != null && d.lateness() != null) {
            problems.add(path + ".late", "the stream has a 'lateness' as well; remove one of the two");
        }
        List<String> regions = faults.regions().keySet().stream().sorted().toList();
        Map<FaultKind, Selection> selections = new EnumMap<>(FaultKind.class);
        for (FaultKind kind : FaultKind.values()) {
            Selection selection = selection(faults, kind, regions, streamSeed, path, problems);
            if (selection != null) {
                selections.put(kind, selection);
            }
        }
        if (problems.count() > before) {
            return null;
        }
        LateTable late = faults.late() == null
                ? null
                : LateTable.of(faults.late(), selection(selections, FaultKind.LATE), path + ".late", problems);
        Corruptions corruptions =
                faults.corrupt() == null ? null : Corruptions.of(d, clean, path + ".corrupt", problems);
        return problems.count() > before
                ? null
                : new FaultPlan(faults, regions, selections, rules(faults, selections), late, corruptions);
    }

    private static Selection selection(Map<FaultKind, Selection> selections, FaultKind kind) {
        Selection selection = selections.get(kind);
        if (selection == null) {
            throw new IllegalStateException("no selection for " + kind);
        }
        return selection;
    }

    private static Deliveries.Rules rules(Faults faults, Map<FaultKind, Selection> selections) {
        Faults.Duplicate duplicate = faults.duplicate();
        Faults.Reorder reorder = faults.reorder();
        return new Deliveries.Rules(
                faults.blockSize(),
                selection(selections, FaultKind.DROP),
                selection(selections, FaultKind.CORRUPT),
                selection(selections, FaultKind.DUPLICATE),
                duplicate == null ? 1 : duplicate.within(),
                selection(selections, FaultKind.REORDER),
                reorder == null ? 1 : reorder.within());
    }

    /** Dropped and corrupt events have no other fault, so the shares cannot add up to more than everything. */
    private static void checkShares(Faults faults, String path, Problems problems) {
        checkSum(faults, "", path, problems);
        faults.regions().forEach((region, shares) -> {
            checkSum(faults, region, path + ".regions." + region, problems);
            shares.keySet().stream()
                    .filter(kind -> !faults.kinds().contains(kind))
                    .forEach(kind -> problems.add(
                            path + ".regions." + region + "." + kind.word(),
                            "the stream has no fault '" + kind.word()
                                    + "' that this share could apply to; add it to 'faults',"
                                    + " with share 0% if it is for this region only"));
        });
    }

    private static void checkSum(Faults faults, String region, String path, Problems problems) {
        BigInteger[] sum = {BigInteger.ZERO, BigInteger.ONE};
        for (FaultKind kind : List.of(FaultKind.DROP, FaultKind.CORRUPT, FaultKind.DUPLICATE, FaultKind.REORDER)) {
            Share share = faults.share(kind, region);
            sum[0] = sum[0].multiply(BigInteger.valueOf(share.of()))
                    .add(sum[1].multiply(BigInteger.valueOf(share.count())));
            sum[1] = sum[1].multiply(BigInteger.valueOf(share.of()));
        }
        if (sum[0].compareTo(sum[1]) > 0) {
            problems.add(
                    path,
                    "drop " + faults.share(FaultKind.DROP, region) + ", corrupt "
                            + faults.share(FaultKind.CORRUPT, region) + ", duplicate "
                            + faults.share(FaultKind.DUPLICATE, region) + " and reorder "
                            + faults.share(FaultKind.REORDER, region)
                            + " add up to more than 100%; lower one of them");
        }
    }

    private static void checkWindows(Faults faults, String path, Problems problems) {
        int block = faults.block();
        if (block != 0 && (block < Faults.SMALLEST_BLOCK || block > Faults.LARGEST_BLOCK)) {
            problems.add(
                    path + ".block",
                    block + " is not between " + Faults.SMALLEST_BLOCK + " and " + Faults.LARGEST_BLOCK);
            return;
        }
        Faults.Duplicate duplicate = faults.duplicate();
        if (duplicate != null) {
            checkWindow(faults, duplicate.within(), path + ".duplicate.within", problems);
        }
        Faults.Reorder reorder = faults.reorder();
        if (reorder != null) {
            checkWindow(faults, reorder.within(), path + ".reorder.within", problems);
        }
    }

    private static void checkWindow(Faults faults, int within, String path, Problems problems) {
        if (within < 1 || within > Faults.LARGEST_WITHIN) {
            problems.add(path, within + " is not between 1 and " + Faults.LARGEST_WITHIN);
        } else if (faults.block() != 0 && within > faults.block() / 4) {
            problems.add(
                    path,
                    "a window of " + within + " is larger than a quarter of its block of " + faults.block()
                            + ", and no event leaves its block; use at most " + faults.block() / 4
                            + ", or a 'block' of at least "
                            + 4 * within + ", or leave 'block' out");
        }
    }

    private static @Nullable Selection selection(
            Faults faults, FaultKind kind, List<String> regions, long streamSeed, String path, Problems problems) {
        BigInteger of = BigInteger.valueOf(faults.share(kind).of());
        for (String region : regions) {
            BigInteger other = BigInteger.valueOf(faults.share(kind, region).of());
            of = of.divide(of.gcd(other)).multiply(other);
        }
        if (of.compareTo(FINEST) > 0) {
            problems.add(
                    path + "." + kind.word(),
                    "the shares of its regions need a common denominator of " + of + ", and the largest possible is "
                            + Share.FINEST + "; use rounder shares");
            return null;
        }
        int[] counts = new int[regions.size() + 1];
        for (int i = 0; i < counts.length; i++) {
            Share share = i == 0 ? faults.share(kind) : faults.share(kind, regions.get(i - 1));
            counts[i] = share.count() * (of.intValueExact() / share.of());
        }
        return new Selection(Mix.sub(Mix.sub(streamSeed, KEY), KEYS.indexOf(kind)), of.intValueExact(), counts);
    }

    Selection selection(FaultKind kind) {
        return selection(selections, kind);
    }

    /** Whether the deliveries, or their order, differ from the events. */
    boolean moves() {
        return !rules.drop().isEmpty()
                || !rules.duplicate().isEmpty()
                || !rules.reorder().isEmpty();
    }

    /** How an event that is hit is broken. The kinds take turns. */
    Corruption corruption(int shard, long local) {
        List<Corruption> kinds = Objects.requireNonNull(faults.corrupt()).kinds();
        long number = shard + selection(FaultKind.CORRUPT).number(shard, local); // shards begin with different kinds
        return kinds.get((int) Math.floorMod(number, (long) kinds.size()));
    }
}
