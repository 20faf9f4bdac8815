package io.dataflux.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that everything downstream is made of: if one moves, the bytes of every stream move. */
final class PinnedValuesTest {
    private static final long FAR = 123_456_789_012_345L;

    @Test
    void words() {
        assertThat(hex(Mix.mix(1)) + " " + hex(Mix.sub(42, 7)) + " " + hex(Mix.hash("orders.customer.name")))
                .isEqualTo("3c02aa47758292bd 81ad3cdedb6b153b 9bdcedb85f2b38f2");
    }

    @Test
    void shuffles() {
        StringBuilder order = new StringBuilder();
        for (long k : new long[] {16, 17, 1_000_003, 1L << 40}) {
            for (int x = 0; x < 16; x++) {
                order.append(Shuffle.shuffle(Mix.mix(1), k, x)).append(' ');
            }
        }
        assertThat(order)
                .hasToString(
                        "14 3 0 11 13 8 10 12 6 4 1 7 9 15 5 2 " + "12 10 9 16 11 5 13 15 7 1 0 2 14 8 4 6 "
                                + "526481 156841 250836 682768 877371 667892 549502 514972 473605 299638 814609 581039 907450 147649 133477 321300 "
                                + "709351807520 1053172970380 543530896833 746758965452 558947079891 1031245708514 463765172310 189565066543 112264865055 520544459340 47224354472 420869002634 405188294502 1045407901469 965627110888 831272583469 ");
    }

    /** The events 0..3 and a far one, each as shard/local/entity/occurrence, and a digest of 20,000. */
    @ParameterizedTest
    @CsvSource({
        "0, 200000, 64, 1, 20/0/174356/0 36/0/45412/0 11/0/192971/0 51/0/116467/0 47/1929012328317/35631/617283945, 220e8fdbd5ebf647",
        "0, 97, 64, 1, 8/0/8/0 12/0/12/0 52/0/52/0 53/0/53/0 29/2546899089715/29/1273449544857, 4be503d05fcf70bb",
        "0, 1000, 7, 4, 1/0/561/0 1/1/309/0 6/0/118/0 6/1/118/1 4/17653100125639/690/123448252626, 4ea49c5b627f9d40",
        "1, 200000, 64, 1, 3/0/2563/0 6/0/17734/0 53/0/53/0 54/0/246/0 30/1522111290306/30/311408511037, 0199beac2398fe5c",
        "1, 1000000, 7, 1, 0/0/861/0 1/0/1/0 6/0/398/0 6/1/62/0 3/16564263088770/2901/3055473877, e4fbccd822e31c08",
        "0.5, 1009, 1, 2, 0/0/258/0 0/1/47/0 0/2/195/0 0/3/219/0 0/123456789012345/253/126155805041, 6f19112aae262248",
        "1.5, 10000000, 64, 1, 0/0/0/0 0/1/0/1 23/0/23/0 25/0/25/0 3/6139307790969/3/5909983061476, a8e8a9e494ff8df7",
        "5, 1000000, 64, 1, 0/0/0/0 0/1/0/1 0/2/0/2 0/3/0/3 0/119101440864794/0/119061459302003, fc3a5cf066324c80"
    })
    void schedules(double skew, long entities, int shards, int spread, String events, String digest) {
        Schedule schedule = Schedule.of(Mix.mix(42), entities, skew, shards, spread);
        StringBuilder text = new StringBuilder();
        for (long n : new long[] {0, 1, 2, 3, FAR}) {
            text.append(text.length() == 0 ? "" : " ").append(coordinates(schedule, n));
        }
        long hash = 0;
        for (int i = 0; i < 20_000; i++) {
            long n = i < 10_000 ? i : Mix.sub(1, i) >>> 2;
            hash = Mix.mix(hash + Mix.hash(coordinates(schedule, n)));
        }
        assertThat(text + " " + hex(hash)).isEqualTo(events + " " + digest);
    }

    private static String coordinates(Schedule schedule, long n) {
        Schedule.Slot slot = new Schedule.Slot();
        schedule.locate(n, slot);
        return slot.shard + "/" + slot.local + "/" + slot.entity + "/" + slot.occurrence;
    }

    @Test
    void identities() {
        Identity ids = new Identity(0x0123456789ABCDEFL, 0x5F3A90C1);
        StringBuilder text = new StringBuilder();
        for (long n : new long[] {0, 1, FAR}) {
            text.append(new UUID(ids.uuidMsb(n), ids.uuidLsb(n))).append(' ');
        }
        text.append(ids.longId(0)).append(' ').append(ids.longId(1));
        assertThat(text)
                .hasToString(
                        "27020843-8911-8817-ad50-074f782483a2 44a75b18-b40f-8f5e-b08d-ddde90611cac de4f7448-ffb9-8b1e-ba7c-8e0266021e06 2808347049618297942 4426634229941027583");
    }

    @Test
    void times() {
        Timeline line = Timeline.constant(5000, 7);
        assertThat(line.seconds(FAR) + " s " + line.nanos(FAR)).isEqualTo("172839504617 s 283000000");
    }

    private static String hex(long word) {
        return String.format(Locale.ROOT, "%016x", word);
    }
}
