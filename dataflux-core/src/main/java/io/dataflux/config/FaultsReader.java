package io.dataflux.config;

import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.config.Tree.Sequence;
import io.dataflux.model.Corruption;
import io.dataflux.model.FaultKind;
import io.dataflux.model.Faults;
import io.dataflux.model.Faults.Corrupt;
import io.dataflux.model.Faults.Drop;
import io.dataflux.model.Faults.Duplicate;
import io.dataflux.model.Faults.Late;
import io.dataflux.model.Faults.Reorder;
import io.dataflux.model.Share;
import io.dataflux.model.StreamDefinition.Lateness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code faults}, as text (see {@link Faults#of}) or as a map:
 *
 * <pre>
 *   late:      {share: 2%, by: [8s, 5m]}
 *   duplicate: {share: 0.5%, within: 200}
 *   drop:      {share: 0.1%}                  or 0.1%: each can be the text after its name
 *   reorder:   {share: 1%, within: 50}
 *   corrupt:   {share: 0.1%, kinds: [truncated, wrong_type]}
 *   block:     1024
 *   regions:   {eu: {drop: 1%, late: 0%}}     shares for that region
 * </pre>
 */
final class FaultsReader {

    private static final String WANTED =
            "write text such as \"late 2% by 8s..30s, drop 0.1%\" or a map such as {drop: {share: 0.1%}}";
    private static final String SHARE = "the share of events, such as 2% or 1/300";

    private final Reading reading;

    FaultsReader(Reading reading) {
        this.reading = reading.quiet();
    }

    /** The faults; of no use if problems were noted. */
    @Nullable
    Faults read(Tree tree) {
        if (!(tree instanceof Mapping map)) {
            Scalar value = reading.scalar(tree, WANTED);
            return value == null ? null : text(value, value.text());
        }
        SettingsReader settings = new SettingsReader(map, reading);
        Faults late = fault(settings, "late", this::late);
        Faults duplicate = fault(
                settings, "duplicate", about -> only(new Duplicate(share(about), within(about)), null, null, null));
        Faults drop = fault(settings, "drop", about -> only(null, new Drop(share(about)), null, null));
        Faults reorder =
                fault(settings, "reorder", about -> only(null, null, new Reorder(share(about), within(about)), null));
        Faults corrupt = fault(settings, "corrupt", about -> only(null, null, null, corrupt(about)));
        int block = (int) settings.integer("block", 0, Faults.SMALLEST_BLOCK, Faults.LARGEST_BLOCK);
        Map<String, Map<FaultKind, Share>> regions = regions(settings);
        settings.finish();
        return new Faults(
                late.late(), duplicate.duplicate(), drop.drop(), reorder.reorder(), corrupt.corrupt(), block, regions);
    }

    /** One fault: none, the text after its name, or a map. */
    private Faults fault(SettingsReader settings, String name, Function<SettingsReader, Faults> how) {
        Tree tree = settings.find(name);
        if (tree instanceof Mapping map) {
            SettingsReader about = new SettingsReader(map, reading);
            Faults read = how.apply(about);
            about.finish();
            return read;
        }
        Scalar value = tree == null ? null : reading.scalar(tree, "write a map such as {share: 2%}");
        Faults read = value == null ? null : text(value, name + " " + value.text());
        return read == null ? Faults.NONE : read;
    }

    private @Nullable Faults text(Scalar at, String text) {
        try {
            return Faults.of(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            reading.problem(at, e.getMessage() + Meant.hint(at, Meant.share(at.text())));
            return null;
        }
    }

    private static Faults only(
            @Nullable Duplicate duplicate, @Nullable Drop drop, @Nullable Reorder reorder, @Nullable Corrupt corrupt) {
        return new Faults(null, duplicate, drop, reorder, corrupt, 0, Map.of()); // order never seen
    }

    private Faults late(SettingsReader about) {
        Share share = share(about);
        Lateness times = new RateReader(reading).lateTimes(about);
        return times == null
                ? Faults.NONE
                : new Faults(
                        new Late(share, times.min(), times.max(), times.spread()),
                        null,
                        null,
                        null,
                        null,
                        0,
                        Map.of()); // order never seen
    }

    private Share share(SettingsReader about) {
        Tree tree = about.required("share", SHARE);
        return tree == null ? Share.NONE : share(tree);
    }

    private Share share(Tree tree) {
        Scalar value = reading.scalar(tree, "write " + SHARE);
        try {
            return value == null ? Share.NONE : Share.of(value.text());
        } catch (IllegalArgumentException e) {
            reading.problem(tree, e.getMessage() + Meant.hint((Scalar) tree, Meant.share(((Scalar) tree).text())));
            return Share.NONE;
        }
    }

    private static int within(SettingsReader about) {
        return (int) about.integer("within", Faults.DEFAULT_WITHIN, 1, Faults.LARGEST_WITHIN);
    }

    private Corrupt corrupt(SettingsReader about) {
        Share share = share(about);
        List<Corruption> kinds = new ArrayList<>();
        List<String> words =
                Arrays.stream(Corruption.values()).map(Corruption::word).toList();
        Tree tree = about.find("kinds");
        Sequence list = tree == null ? null : reading.list(tree, "write kinds such as [truncated, wrong_type]");
        if (list != null) {
            for (Tree item : list.items()) {
                String word = reading.oneOf(item, words);
                if (word != null) {
                    kinds.add(Corruption.valueOf(word.toUpperCase(Locale.ROOT)));
                }
            }
        }
        int oversize = (int) about.bytes("oversize", 0, 1024, 1 << 30);
        boolean misspelt = kinds.isEmpty() && list != null && !list.items().isEmpty();
        return new Corrupt(share, tree == null || misspelt ? Corrupt.DEFAULT_KINDS : kinds, oversize);
    }

    private Map<String, Map<FaultKind, Share>> regions(SettingsReader settings) {
        Map<String, Map<FaultKind, Share>> regions = new LinkedHashMap<>();
        Tree tree = settings.find("regions");
        Mapping map = tree == null ? null : reading.map(tree, "write shares by region, such as {eu: {drop: 1%}}");
        if (map == null) {
            return regions;
        }
        for (Entry entry : map.all()) {
            Mapping shares = reading.map(entry.value(), "write shares by fault, such as {drop: 1%}");
            if (shares != null) {
                SettingsReader its = new SettingsReader(shares, reading);
                Map<FaultKind, Share> read = new EnumMap<>(FaultKind.class);
                for (FaultKind kind : FaultKind.values()) {
                    Tree share = its.find(kind.word());
                    if (share != null) {
                        read.put(kind, share(share));
                    }
                }
                its.finish();
                regions.put(entry.key().text(), read);
            }
        }
        return regions;
    }
}
