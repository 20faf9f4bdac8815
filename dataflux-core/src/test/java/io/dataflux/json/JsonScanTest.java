package io.dataflux.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScanTest {

    private final JsonScan scan = new JsonScan(List.of("id", "meta.at"));

    @Test
    void findsFieldsWhereverTheyStand() {
        assertThat(found("{\"id\":\"a\",\"meta\":{\"at\":17}}")).containsExactly("a", "17");
        assertThat(found(" { \"x\" : [1,{\"id\":2}], \"meta\" : { \"no\":{}, \"at\" : true } ,\"id\" : -1.5e3 } "))
                .containsExactly("-1.5e3", "true");
        assertThat(found("{\"meta\":{\"at\":\"\\u00e9\\n\"},\"id\":\"\\\"{\"}")).containsExactly("\"{", "é\n");
    }

    @Test
    void takesNoFieldOfAnotherDepthOrName() {
        assertThat(found("{\"x\":{\"id\":1},\"meta.at\":2}")).isEmpty();
        assertThat(found("{\"ids\":1,\"i\":2,\"meta\":{\"meta\":{\"at\":1}}}")).isEmpty();
        assertThat(found("{\"id\":null,\"meta\":{\"at\":1}}")).isEmpty();
        assertThat(found("{\"id\":{},\"meta\":[{\"at\":1}]}")).isEmpty();
    }

    @Test
    void findsNamesWithDots() {
        assertThat(found("{\"meta.at\":2,\"id\":1}")).containsExactly("1", "2");
        JsonScan scan = new JsonScan(List.of("a.b.c", "a.b.d.e", "a.b"));
        byte[] json = "{\"x\":{\"c\":9},\"a\":{\"b.c\":1,\"b\":true,\"b.d\":{\"e\":3}}}".getBytes(UTF_8);
        assertThat(scan.find(json)).isTrue();
        assertThat(List.of(scan.text(0), scan.text(1), scan.text(2))).containsExactly("1", "3", "true");
    }

    @Test
    void takesTheFirstOfSeveral() {
        assertThat(found("{\"id\":1,\"id\":2,\"meta\":{\"at\":3}}")).containsExactly("1", "3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[]",
                "17",
                "null",
                "{\"id",
                "{\"id\"",
                "{\"id\":",
                "{\"id\":\"a",
                "{\"id\":\"a\\",
                "{\"id\":1",
                "{\"id\":1,",
                "{\"id\":1,}",
                "{\"id\":1,\"meta\":{",
                "{\"id\":,\"meta\":{\"at\":1}}",
                "{id:1,\"meta\":{\"at\":1}}",
                "{\"id\" 1}",
                "{\"id\":1 \"meta\":{\"at\":1}}",
                "{\"id\":[1,\"meta\":{\"at\":1}"
            })
    void findsNothingInWhatIsNoObject(String json) {
        assertThat(found(json)).isEmpty();
    }

    @Test
    void survivesAnyBytes() {
        byte[] good = "{\"x\":[{\"a\":\"\\\\\"}],\"meta\":{\"b\":1,\"at\":\"2025\"},\"id\":\"ord_1\"}".getBytes(UTF_8);
        SplittableRandom random = new SplittableRandom(1);
        int readable = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = java.util.Arrays.copyOf(good, 1 + random.nextInt(good.length));
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) "{}[]\",:\\ x1\0\200".charAt(random.nextInt(13));
            }
            if (scan.find(bytes)) {
                readable++;
                scan.text(0);
                scan.text(1);
            }
        }
        assertThat(readable).isPositive();
    }

    private List<String> found(String json) {
        return scan.find(json.getBytes(UTF_8)) ? List.of(scan.text(0), scan.text(1)) : List.of();
    }
}
