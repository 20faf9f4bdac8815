package io.dataflux.model;

import io.dataflux.model.Faults.Corrupt;
import io.dataflux.model.Faults.Drop;
import io.dataflux.model.Faults.Duplicate;
import io.dataflux.model.Faults.Late;
import io.dataflux.model.Faults.Reorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Faults as text, both ways. */
final class FaultText {

    static final String WANTED = "write faults such as 'late 2% by 8s..30s', 'duplicate 0.5% within 200', 'drop 0.1%',"
            + " 'reorder 1% within 50' or 'corrupt 0.1% as truncated or wrong_type', with commas between them; 'in eu'"
            + " after a share makes it the share for that region";

    private static final Pattern FAULT = Pattern.compile(
            "([a-z_]+) ([0-9.]+ ?%|[0-9]+ ?/ ?[0-9]+|[0-9.]+)(?: in ([A-Za-z0-9_.-]+))?(?: (by|within|as) (.+))?");
    private static final Pattern SPAN = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)");

    private final String text;
    private @Nullable Late late;
    private @Nullable Duplicate duplicate;
    private @Nullable Drop drop;
    private @Nullable Reorder reorder;
    private @Nullable Corrupt corrupt;
    private final Map<String, Map<FaultKind, Share>> regions = new LinkedHashMap<>();
    private final Map<FaultKind, Boolean> said = new EnumMap<>(FaultKind.class);

    private FaultText(String text) {
        this.text = text;
    }

    static Faults read(String text) {
        FaultText reader = new FaultText(text);
        for (String each : text.split(",", -1)) {
            reader.fault(each.strip().replaceAll("\\s+", " "));
        }
        reader.regions.values().forEach(shares -> shares.keySet().forEach(reader::orNone));
        return new Faults(
                reader.late, reader.duplicate, reader.drop, reader.reorder, reader.corrupt, 0, reader.regions);
    }

    private void fault(String part) {
        Matcher fault = FAULT.matcher(part);
        if (!fault.matches()) {
            throw problem(part.equals(text) ? "is not a fault" : "contains '" + part + "', which is not a fault");
        }
        FaultKind kind = kind(fault.group(1));
        Share share = share(fault.group(2));
        String region = fault.group(3);
        String word = fault.group(4);
        String rest = fault.group(5);
        String belongs = word(kind);
        if (word != null && !word.equals(belongs)) {
            throw problem("has '" + word + "' after " + kind.word()
                    + (belongs == null ? ", which takes a share and nothing else" : ", which takes '" + belongs + "'"));
        }
        if (region != null) {
            Map<FaultKind, Share> its = regions.computeIfAbsent(region, r -> new EnumMap<>(FaultKind.class));
            if (word != null || its.put(kind, share) != null) {
                throw problem("gives more than a single share of " + kind.word() + " in " + region
                        + "; a region takes one share of each fault and nothing else");
            }
            return;
        }
        if (said.put(kind, true) != null) {
            throw problem("defines " + kind.word() + " twice");
        }
        set(kind, share, rest);
    }

    /** A fault that only regions have has no share elsewhere. */
    private void orNone(FaultKind kind) {
        if (said.put(kind, true) == null) {
            set(kind, Share.NONE, null);
        }
    }

    private void set(FaultKind kind, Share share, @Nullable String rest) {
        switch (kind) {
            case LATE -> late = late(share, rest);
            case DUPLICATE -> duplicate = new Duplicate(share, within(rest));
            case DROP -> drop = new Drop(share);
            case REORDER -> reorder = new Reorder(share, within(rest));
            case CORRUPT -> corrupt = new Corrupt(share, kinds(rest), 0);
        }
    }

    private FaultKind kind(String word) {
        for (FaultKind kind : FaultKind.values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        throw problem("contains '" + word + "', which is not a fault; the faults are "
                + String.join(
                        ", ",
                        Arrays.stream(FaultKind.values()).map(FaultKind::word).toList()));
    }

    private static @Nullable String word(FaultKind kind) {
        return switch (kind) {
            case LATE -> "by";
            case DUPLICATE, REORDER -> "within";
            case CORRUPT -> "as";
            case DROP -> null;
        };
    }

    private Share share(String share) {
        try {
            return Share.of(share);
        } catch (IllegalArgumentException e) {
            throw problem("cannot be read: " + e.getMessage());
        }
    }

    private Late late(Share share, @Nullable String rest) {
        String[] times = rest == null ? new String[0] : rest.split("\\.\\.", -1);
        if (times.length < 1 || times.length > 2) {
            throw problem("does not say by how much events are late, such as 'by 8s..30s'");
        }
        Duration min = span(times[0]);
        return new Late(share, min, times.length == 2 ? span(times[1]) : min, null);
    }

    private Duration span(String span) {
        Matcher matcher = SPAN.matcher(span.strip());
        if (!matcher.matches()) {
            throw problem("contains '" + span + "', which is not a time such as 8s or 5m");
        }
        return Duration.ofMillis(Math.multiplyExact(Long.parseLong(matcher.group(1)), millis(matcher.group(2))));
    }

    private static long millis(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 86_400_000;
        };
    }

    private int within(@Nullable String rest) {
        if (rest == null) {
            return Faults.DEFAULT_WITHIN;
        }
        if (!rest.matches("[0-9]{1,9}") || Integer.parseInt(rest) == 0) {
            throw problem("contains 'within " + rest + "'; write a number of events, such as 'within 50'");
        }
        return Integer.parseInt(rest);
    }

    private List<Corruption> kinds(@Nullable String rest) {
        List<Corruption> kinds = new ArrayList<>();
        for (String word : rest == null ? new String[0] : rest.split(" or | and | ", -1)) {
            try {
                kinds.add(Corruption.valueOf(word.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw problem("contains '" + word + "', which is not a way to break an event; the ways are "
                        + String.join(
                                ", ",
                                Arrays.stream(Corruption.values())
                                        .map(Corruption::word)
                                        .toList()));
            }
        }
        return rest == null ? Corrupt.DEFAULT_KINDS : kinds;
    }

    private IllegalArgumentException problem(String what) {
        return new IllegalArgumentException("'" + text + "' " + what + "; " + WANTED);
    }

    static String write(Faults faults) {
        List<String> parts = new ArrayList<>();
        Late late = faults.late();
        if (late != null) {
            parts.add("late " + late.share() + " by " + RateText.span(late.min())
                    + (late.min().equals(late.max()) ? "" : ".." + RateText.span(late.max())));
        }
        if (faults.duplicate() != null) {
            parts.add("duplicate " + faults.duplicate().share() + " within "
                    + faults.duplicate().within());
        }
        if (faults.drop() != null) {
            parts.add("drop " + faults.drop().share());
        }
        if (faults.reorder() != null) {
            parts.add("reorder " + faults.reorder().share() + " within "
                    + faults.reorder().within());
        }
        Corrupt corrupt = faults.corrupt();
        if (corrupt != null) {
            parts.add("corrupt " + corrupt.share() + " as "
                    + String.join(
                            " or ",
                            corrupt.kinds().stream().map(Corruption::word).toList()));
        }
        faults.regions()
                .forEach((region, shares) ->
                        shares.forEach((kind, share) -> parts.add(kind.word() + " " + share + " in " + region)));
        return parts.isEmpty() ? "none" : String.join(", ", parts);
    }
}
