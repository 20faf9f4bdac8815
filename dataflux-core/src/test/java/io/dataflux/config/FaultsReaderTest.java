package io.dataflux.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.model.Corruption;
import io.dataflux.model.FaultKind;
import io.dataflux.model.Faults;
import io.dataflux.model.Share;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults as they are written, in YAML and as text. */
class FaultsReaderTest {

    private static final String HEAD = """
            regions: {eu: {weight: 1}, us: {weight: 1}}
            sinks: {all: {type: mock}}
            streams:
              orders:
                key: {entity: "user_{}", count: 10}
                identity: id
                fields:
                  id: {id: uuid}
                  status: {pick: {A: 1, B: 1}}
            """;

    private Faults read(String yaml) {
        return Configurations.read(HEAD + yaml).streams().get(0).definition().faults();
    }

    private String complaint(String yaml) {
        return Configurations.complaint(HEAD + yaml);
    }

    @Test
    void mapsAndTextSayTheSame() {
        Faults map = read("""
                    faults:
                      late: {share: 2%, by: [8s, 30s]}
                      duplicate: {share: 1/300, within: 200}
                      drop: {share: 0.1%}
                      reorder: 1% within 50
                      corrupt: {share: 0.02, kinds: [truncated, unknown_enum]}
                      regions: {eu: {drop: 1%, late: 0%}}
                """.indent(0));
        Faults text = read("""
                    faults: late 2% by 8s..30s, duplicate 1/300 within 200, drop 0.1%, reorder 1% within 50,
                      corrupt 2% as truncated or unknown_enum, late 0% in eu, drop 1% in eu
                """);

        assertThat(map).isEqualTo(text);
        assertThat(Faults.of(map.toString())).isEqualTo(map);
        assertThat(map.late())
                .isEqualTo(new Faults.Late(new Share(1, 50), Duration.ofSeconds(8), Duration.ofSeconds(30), null));
        assertThat(map.corrupt().kinds()).containsExactly(Corruption.TRUNCATED, Corruption.UNKNOWN_ENUM);
        assertThat(map.share(FaultKind.DROP, "eu")).isEqualTo(new Share(1, 100));
        assertThat(map.share(FaultKind.DROP, "us")).isEqualTo(new Share(1, 1000));
        assertThat(map.blockSize()).isEqualTo(1024);
        assertThat(Faults.of("drop 1%").blockSize()).isEqualTo(256);
        assertThat(Faults.of("drop 3% in eu").regions())
                .isEqualTo(Map.of("eu", Map.of(FaultKind.DROP, new Share(3, 100))));
    }

    @ParameterizedTest
    @CsvSource({"2%, 1, 50", "0.0001%, 1, 1000000", "1/3, 1, 3", "0.25, 1, 4", "100%, 1, 1", "0%, 0, 1", "2/4, 1, 2"})
    void sharesAreExact(String text, int count, int of) {
        Share share = Share.of(text);
        assertThat(share).isEqualTo(new Share(count, of));
        assertThat(Share.of(share.toString())).isEqualTo(share);
    }

    @ParameterizedTest
    @ValueSource(strings = {"101%", "0.00001%", "1/1000001", "3/2", "2", "-1%", "1/0", "some", "", "1e-3"})
    void whatIsNoShareIsRefused(String text) {
        assertThatThrownBy(() -> Share.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "late 2%| does not say by how much events are late",
                "late 2% by soon| contains 'soon', which is not a time such as 8s or 5m",
                "late 2% within 5| has 'within' after late, which takes 'by'",
                "drop 2% by 5s| has 'by' after drop, which takes a share and nothing else",
                "loose 2%| contains 'loose', which is not a fault; the faults are late, duplicate, drop, reorder, corrupt",
                "drop 2%, drop 3%| defines drop twice",
                "drop| is not a fault",
                "drop 200%| cannot be read: '200%' is more than 100%",
                "corrupt 1% as torn| contains 'torn', which is not a way to break an event; the ways are truncated,",
                "reorder 1% within 0| contains 'within 0'; write a number of events",
                "drop 1% in eu, drop 2% in eu| gives more than a single share of drop in eu",
            })
    void mistakesInTextAreNamed(String text, String problem) {
        assertThatThrownBy(() -> Faults.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + text + "' " + problem.strip())
                .hasMessageContaining("; write faults such as 'late 2% by 8s..30s'");
    }

    @Test
    void mistakesInAFileAreNamedWithPathAndFix() {
        assertThat(complaint("""
                    faults: {drop: {share: 120%}, duplicate: {share: 1%, within: 9000}, lost: 1%}
                """)).isEqualTo("""
                config.yaml: 3 problems
                  streams.orders.faults.duplicate.within (line 10): 9000 is out of range; write a whole number from 1 to 4096
                  streams.orders.faults.drop.share (line 10): '120%' is more than 100%
                  streams.orders.faults.lost (line 10): unknown key; known here: late, duplicate, drop, reorder, corrupt, block,\
                 regions""");
        assertThat(complaint("""
                    faults: {drop: 60%, reorder: 50% within 100, block: 256}
                """)).isEqualTo("""
                config.yaml: 2 problems
                  streams.orders.faults (line 10): drop 60%, corrupt 0%, duplicate 0% and reorder 50% add up to more than 100%; lower one of them
                  streams.orders.faults.reorder.within (line 10): a window of 100 is larger than a quarter of its block of 256, and no event leaves its block; use at most 64, or a 'block' of at least 400, or leave 'block' out""");
        assertThat(complaint("""
                    faults: {drop: 1%, regions: {asia: {drop: 2%}, eu: {late: 2%}}}
                """)).isEqualTo("""
                config.yaml: 1 problem
                  streams.orders.faults.regions.eu.late (line 10): the stream has no fault 'late' that this share could apply to; add\
                 it to 'faults', with share 0% if it is for this region only""");
        assertThat(complaint("""
                    faults: {drop: 1%, regions: {asia: {drop: 2%}}}
                """)).isEqualTo("""
                config.yaml: 1 problem
                  streams.orders.faults.regions.asia (line 10): the run has no region 'asia'; its regions are eu, us, as\
                 'regions' or 'region_sinks' name them""");
        assertThat(complaint("""
                    lateness: {share: 2%, by: [1s, 2s]}
                    faults: late 2% by 1s..2s
                """)).isEqualTo("""
                config.yaml: 1 problem
                  streams.orders.faults.late (line 11): the stream has a 'lateness' as well; remove one of the two""");
    }

    @Test
    void whatCannotBreakAStreamIsNamed() {
        String fields = HEAD.replace("key: {entity: \"user_{}\", count: 10}", "weight: 1")
                .replace(
                        "      id: {id: uuid}\n      status: {pick: {A: 1, B: 1}}\n",
                        "      at: {time: event}\n      id: {id: uuid}\n");
        assertThat(Configurations.complaint(fields + """
                    faults: {corrupt: {share: 1%, kinds: [unknown_enum, null_key, oversize], oversize: 2KiB}}
                    max_event_bytes: 1KiB
                """)).isEqualTo("""
                config.yaml: 4 problems
                  streams.orders.faults.corrupt.kinds (line 10): unknown_enum: needs a field with a 'pick' of texts that every event\
                 has; add one, or remove it
                  streams.orders.faults.corrupt.kinds (line 10): null_key: the stream has no key to leave out; remove 'null_key'
                  streams.orders.faults.corrupt.oversize (line 10): 2048 bytes are more than max_event_bytes, 1024; lower one or raise the other
                  streams.orders.faults.corrupt (line 10): the stream is identified by [id], but its events begin with [at]; an\
                 event that is broken must keep its identity, so put that first in 'fields', or use 'kinds: [null_key]' only""");
        assertThat(complaint("    faults: {corrupt: {share: 1%, kinds: [torn]}}\n"))
                .contains(
                        "streams.orders.faults.corrupt.kinds[0] (line 10): 'torn' is not known here; write truncated,");
    }

    @Test
    void regionsWithoutACommonFractionAreRefused() {
        assertThat(complaint("    faults: drop 1/999983, drop 1/999979 in eu\n"))
                .contains(
                        "streams.orders.faults.drop (line 10): the shares of its regions need a common denominator of");
    }

    @Test
    void theShareOfAFaultIsPartOfWhatAStreamIs() {
        List<Long> fingerprints = List.of(
                fingerprint(""),
                fingerprint("    faults: drop 1%\n"),
                fingerprint("    faults: drop 2%\n"),
                fingerprint("    faults: drop 1%, drop 2% in eu\n"),
                fingerprint("    faults: reorder 1% within 5\n"),
                fingerprint("    faults: reorder 1% within 6\n"),
                fingerprint("    faults: {reorder: 1% within 6, block: 512}\n"),
                fingerprint("    faults: late 1% by 1s..2s\n"),
                fingerprint("    faults: late 1% by 1s..3s\n"),
                fingerprint("    faults: corrupt 1% as truncated\n"),
                fingerprint("    faults: corrupt 1% as null_key\n"));
        assertThat(fingerprints).doesNotHaveDuplicates();
        assertThat(fingerprint("    faults: {drop: {share: 0.02}}\n")).isEqualTo(fingerprints.get(2));
    }

    private long fingerprint(String faults) {
        return Configurations.read(HEAD + faults).streams().get(0).fingerprint();
    }
}
