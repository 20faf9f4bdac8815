package io.dataflux.spi;

/**
 * Writes the fields of an event in order, independent of the format. Names inside a list are ignored (pass any). Allocates nothing when
 * names are constants. Text must not contain unpaired surrogates.
 */
public interface EventWriter {

    /** The identity as a UUID in place of <code>{}</code> in the pattern. */
    EventWriter id(String name, String pattern);

    /** The event's key. */
    EventWriter key(String name);

    /** The event time as {@code 2025-01-01T00:00:00.000Z}. */
    EventWriter time(String name);

    EventWriter text(String name, CharSequence value);

    EventWriter integer(String name, long value);

    /** {@code unscaled} x 10^-{@code scale}, written with all its digits; scale 0 to 18. */
    EventWriter decimal(String name, long unscaled, int scale);

    EventWriter bool(String name, boolean value);

    EventWriter nothing(String name);

    EventWriter beginObject(String name);

    EventWriter endObject();

    EventWriter beginList(String name);

    EventWriter endList();
}
