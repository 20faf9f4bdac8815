package io.dataflux.config;

import static io.dataflux.config.Configurations.complaint;
import static io.dataflux.config.Configurations.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The mistakes that users are most likely to make, and word for word what they are told. */
class MistakesTest {

    private static final String SINK = "sinks: {keep: {type: mock}}\n";

    @Test
    void aMisspeltSetting() {
        assertThat(complaint("""
                sinks:
                  broker:
                    type: kafka
                    bootstrap_servers: localhost:9092
                    topik: orders
                """)).isEqualTo("""
                config.yaml: 1 problem
                  sinks.broker.topik (line 5): unknown key; did you mean 'topic'?""");
    }

    @Test
    void aSettingInCamelCase() {
        assertThat(complaint("""
                sinks:
                  broker: {type: kafka, bootstrapServers: "localhost:9092", topic: orders}
                """)).isEqualTo("""
                config.yaml: 1 problem
                  sinks.broker.bootstrapServers (line 2): unknown key; did you mean 'bootstrap_servers'?""");
    }

    @Test
    void aSettingThatDoesNotExist() {
        assertThat(complaint(SINK + "colour: blue")).isEqualTo("""
                config.yaml: 1 problem
                  colour (line 2): unknown key; known here: seed, start, events_per_second, streams, speed, limits, sinks,\
                 region_sinks, regions, routing, output, tag, lag_budget""");
    }

    @Test
    void aSettingThatIsMissing() {
        assertThat(complaint("sinks: {broker: {type: kafka, topic: orders}}")).isEqualTo("""
                config.yaml: 1 problem
                  sinks.broker.bootstrap_servers (line 1): is missing; write 'bootstrap_servers: ...' with text""");
    }

    @Test
    void noSinksAtAll() {
        assertThat(complaint("seed: 42")).isEqualTo("""
                config.yaml: 1 problem
                  sinks: is missing; write 'sinks: ...' with at least one sink, such as {keep: {type: mock}}""");
    }

    @Test
    void aSinkWhoseModuleIsNotThere() {
        assertThat(complaint("sinks: {api: {type: http, url: \"http://localhost\"}}"))
                .isEqualTo("""
                config.yaml: 1 problem
                  sinks.api.type (line 1): there is no sink of type 'http' on the class path; add the dependency\
                 io.dataflux:dataflux-sinks-http (available: kafka, mock, s3)""");
    }

    @Test
    void aMisspeltType() {
        assertThat(complaint("sinks: {keep: {type: mok}}")).isEqualTo("""
                config.yaml: 1 problem
                  sinks.keep.type (line 1): 'mok' is no type of sink; did you mean 'mock'? (available: kafka, mock, s3)""");
    }

    @Test
    void aNumberInQuotes() {
        assertThat(complaint(SINK + "seed: \"42\"")).isEqualTo("""
                config.yaml: 1 problem
                  seed (line 2): "42" is text because of its quotes; write a whole number of 64 bits, such as 42, without\
                 quotes""");
    }

    @Test
    void aNumberWhereTextIsNeeded() {
        assertThat(complaint("sinks: {broker: {type: kafka, bootstrap_servers: a, topic: 2024}}"))
                .isEqualTo("""
                config.yaml: 1 problem
                  sinks.broker.topic (line 1): 2024 is a number, where text is needed; put it in quotes: "2024\"""");
    }

    @Test
    void aNumberOutOfRange() {
        assertThat(complaint("sinks: {keep: {type: mock, lanes: 0}}")).isEqualTo("""
                config.yaml: 1 problem
                  sinks.keep.lanes (line 1): 0 is out of range; write a whole number from 1 to 64""");
    }

    @Test
    void aTimeWithoutUnit() {
        assertThat(complaint(SINK + "limits: {time: 30}")).isEqualTo("""
                config.yaml: 1 problem
                  limits.time (line 2): 30 has no unit; write a time of at least 1ms, such as 500ms or 30s""");
    }

    @Test
    void aCountryThatYamlReadsAsFalse() {
        assertThat(complaint(SINK + """
                streams:
                  orders: {fields: {id: {id: uuid}, country: {pick: [SE, NO, DK]}}}
                """)).isEqualTo("""
                config.yaml: 1 problem
                  streams.orders.fields.country.pick[1] (line 3): 'NO' means false to some YAML readers and text to others;\
                 write false, or put it in quotes if it is text""");
    }

    @Test
    void wordsThatYamlBends() {
        assertThat(complaint(SINK + """
                seed: 0123
                events_per_second: 1_000
                start: 18:30
                speed: .inf
                limits: {events: 1e6}
                """)).isEqualTo("""
                config.yaml: 5 problems
                  seed (line 2): 0123 begins with 0, which makes it octal to some YAML readers; put it in quotes if it is text,\
                 or drop the 0
                  events_per_second (line 3): '1_000' holds '_', which some YAML readers skip in numbers; leave it out, or put\
                 it in quotes if it is text
                  start (line 4): '18:30' means a number of base 60 to some YAML readers; put it in quotes
                  speed (line 5): '.inf' is not a number that can be used; write a finite one, or put it in quotes if it is text
                  limits.events (line 6): '1e6' has an exponent, which some YAML readers take for text; write the number out,\
                 or put it in quotes""");
    }

    @Test
    void aKeyThatIsThereTwice() {
        assertThat(complaint("""
                sinks:
                  keep: {type: mock}
                  keep: {type: mock}
                """)).isEqualTo("""
                config.yaml: 1 problem
                  sinks.keep (line 2): is there twice, again in line 3; keep one of them""");
    }

    @Test
    void aTab() {
        assertThat(complaint("sinks:\n\tkeep: {type: mock}")).isEqualTo("""
                config.yaml: 1 problem
                  line 2, column 1: a tab; indent and separate with spaces, and write "\\t" within quotes""");
    }

    @Test
    void aQuoteThatIsNeverClosed() {
        assertThat(complaint("sinks:\n  keep: {type: \"mock}")).isEqualTo("""
                config.yaml: 1 problem
                  line 2, column 16 (near sinks.keep): a quote is opened here and never closed""");
    }

    @Test
    void bracesWithinBraces() {
        assertThat(complaint(SINK + "streams:\n  orders: {key: {entity: cust_{}, count: 5}}"))
                .isEqualTo("""
                config.yaml: 1 problem
                  line 3, column 31 (near streams.orders.key.entity): a ',' or the closing bracket is missing; within { } and\
                 [ ], text that holds any of { } [ ] , needs quotes""");
    }

    @Test
    void indentationThatDoesNotFit() {
        assertThat(complaint("sinks:\n  keep:\n    type: mock\n   lanes: 2")).isEqualTo("""
                config.yaml: 1 problem
                  line 4, column 4 (near sinks.keep): this does not fit the lines above; keys of one map begin in the same\
                 column, and text goes on after a closing quote only with a ','""");
    }

    @Test
    void aReferenceAndATag() {
        assertThat(complaint("""
                sinks:
                  keep: &basis {type: mock}
                  other: *basis
                  third: !!java.io.File {type: mock}
                """)).isEqualTo("""
                config.yaml: 3 problems
                  sinks.keep (line 2): a name for references ('&basis') is not supported; remove it
                  sinks.other (line 3): a reference ('*name') to another part of the file is not supported; write the value out
                  sinks.third (line 4): a type tag ('!...') is not supported; remove it, types are known by their settings""");
    }

    @Test
    void aVariableThatIsNotSet() {
        assertThat(complaint("""
                sinks: {broker: {type: kafka, bootstrap_servers: "${env:SERVERS}", topic: "${TOPIC}"}}
                """)).isEqualTo("""
                config.yaml: 2 problems
                  sinks.broker.bootstrap_servers (line 1): the environment variable SERVERS is not set; set it, or write the\
                 value here
                  sinks.broker.topic (line 1): a '${' that is no environment variable; write ${env:NAME}, or $${ for a literal ${""");
    }

    @Test
    void aStreamThatTheCatalogDoesNotHave() {
        assertThat(complaint(SINK + "streams: {clicks: {from: clikstream}}")).isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.from (line 2): there is no stream 'clikstream' in the catalog; did you mean 'clickstream'?""");
    }

    @Test
    void aFieldWithoutKindOrWithTwo() {
        assertThat(complaint(SINK + """
                streams:
                  orders:
                    fields:
                      id: {uid: uuid}
                      status: PAID
                      size: {int: [1, 5], text: "[a-z]"}
                """)).isEqualTo("""
                config.yaml: 3 problems
                  streams.orders.fields.id.uid (line 5): 'uid' is no kind of field; did you mean 'id'?
                  streams.orders.fields.status (line 6): 'PAID' is not a map; write a field, such as {constant: EUR} or\
                 {int: [1, 5]}
                  streams.orders.fields.size (line 7): has 2 kinds, int and text; a field is exactly one of constant, id,\
                 sequence, occurrence, time, int, decimal, smooth, counter, linear, bool, pick, words, key, text, faker, object,\
                 list, copy, template, when, per_key, session, visits, total, per_session, change""");
    }

    @Test
    void whatComesLaterIsNotKnownYet() {
        assertThat(complaint(SINK + """
                streams:
                  orders:
                    fields:
                      id: {id: uuid}
                      total: {sum: [items.qty, times, items.price]}
                    joins: {late: {share: 2%}}
                """)).isEqualTo("""
                config.yaml: 2 problems
                  streams.orders.fields.total.sum (line 6): 'sum' is no kind of field; write exactly one of constant, id,\
                 sequence, occurrence, time, int, decimal, smooth, counter, linear, bool, pick, words, key, text, faker, object,\
                 list, copy, template, when, per_key, session, visits, total, per_session, change
                  streams.orders.joins (line 7): unknown key; known here: rate, weight, arrivals, lateness, faults, from, key, sessions, table, fields,\
                 generator, identity, max_event_bytes""");
    }

    @Test
    void aRateThatIsNone() {
        assertThat(complaint(SINK + """
                events_per_second: 20 per minute/s
                streams:
                  a: {from: clickstream, weight: 2, rate: 5/s}
                  b: {from: clickstream, rate: 500}
                  c: {from: clickstream, rate: {ramp: [200/s], over: 20m}}
                  d: {from: clickstream, rate: {steps: [5/s, fast]}}
                  e: {from: clickstream, rate: {each: 5s}}
                  f: {from: clickstream, rate: {constant: 5/s, daily: {"24:00": 1}, weekly: [1]}}
                  g: {from: clickstream}
                """)).isEqualTo("""
                config.yaml: 10 problems
                  events_per_second (line 2): '20 per minute/s' is no rate; write a rate such as 500/s or 90/m, 'steps\
                 500/s..4000/s by 500/s each 20s', 'steps 10/s, 50/s each 1m', or 'ramp 200/s..2000/s over 20m'
                  streams.a.weight (line 4): is a share of events_per_second, and this stream has its own 'rate'; remove one of\
                 the two
                  streams.b.rate (line 5): '500' is no rate; write a rate such as 500/s or 90/m, 'steps\
                 500/s..4000/s by 500/s each 20s', 'steps 10/s, 50/s each 1m', or 'ramp 200/s..2000/s over 20m'
                  streams.c.rate.ramp (line 6): has 1 rate; write the first and the last, such as [200/s, 2000/s]
                  streams.d.rate.steps[1] (line 7): 'fast' is no rate; write a rate such as 500/s or 90/m, 'steps\
                 500/s..4000/s by 500/s each 20s', 'steps 10/s, 50/s each 1m', or 'ramp 200/s..2000/s over 20m'
                  streams.d.rate.each (line 7): is missing; write 'each: ...' with how long each step lasts, such as 20s
                  streams.e.rate (line 8): has no rate; write one of constant, steps, ramp, sum, such as {constant: 500/s}
                  streams.e.rate.each (line 8): unknown key; known here: constant, steps, ramp, sum, weekly, daily, warp
                  streams.f.rate.weekly (line 9): has 1 factor; write factors by day, such as {sat: 0.4, sun: 0.3}, or a list of\
                 7 from Monday on
                  streams.f.rate.daily.24:00 (line 9): '24:00' is no time of day; write "08:30\"""");
    }

    @Test
    void aSpreadAndALatenessThatAreNone() {
        assertThat(complaint(SINK + """
                streams:
                  a:
                    lateness: {share: 2, by: [8s], mean: 5s}
                    fields:
                      b: {int: [0, 9], spread: bell}
                      c: {int: [0, 9], spread: {normal: {mean: 5}, zipf: {}}}
                      d: {int: [0, 9], spread: {zipf: {skew: 0}}}
                      e: {int: [0, 9], spread: {histogram: {few: 5}}}
                      f: {smooth: [0, 9], peak: 5pm}
                      g: {counter: steps 1/s each 1s}
                      h: {linear: {times: x}}
                """)).isEqualTo("""
                config.yaml: 13 problems
                  streams.a.lateness.share (line 4): 2 is not a share; write a percentage from 0% to 100% with at most four decimals,\
                 such as 2.5%
                  streams.a.lateness.by (line 4): has 1 time; write the shortest and the longest, such as [8s, 5m]
                  streams.a.lateness.mean (line 4): belongs to 'spread: exponential', and is above the shortest time
                  streams.a.fields.b.spread (line 6): 'bell' is not known here; write uniform, normal, lognormal, exponential or\
                 zipf
                  streams.a.fields.c.spread (line 7): is no spread; write exactly one of uniform, normal, lognormal, exponential,\
                 zipf, histogram, weighted, such as {zipf: {skew: 1.1}}
                  streams.a.fields.d.spread.zipf.skew (line 8): 0 is out of range; write a number above 0, at most 10, with at\
                 most 6 decimals
                  streams.a.fields.e.spread.histogram.few (line 9): 'few' is not a number; write values and weights, such as\
                 {10: 5, 50: 20}
                  streams.a.fields.f.peak (line 10): '5pm' is no time of day; write a time of day, such as "15:00"
                  streams.a.fields.f.over (line 10): is missing; write 'over: ...' with about how long it takes from low to high,\
                 such as 20m
                  streams.a.fields.g.counter (line 11): 'steps 1/s each 1s' is not a single rate; write one such as 50/s
                  streams.a.fields.h.linear.times (line 12): 'x' is not a number; write a number
                  streams.a.fields.h.linear.of (line 12): is missing; write 'of: ...' with text
                  streams.a.fields.h.linear.within (line 12): is missing; write 'within: ...' with the least and the largest\
                 value, such as [10, 100]""");
    }

    @Test
    void aRateThatNoStreamCanHave() {
        assertThat(complaint(SINK + """
                events_per_second: steps 5/s, 0/s each 1m
                """)).isEqualTo("""
                config.yaml: 1 problem
                  events_per_second (line 2): steps 5/s, 0/s each 1m: it ends with 0/s, and no event would ever follow""");
        assertThat(complaint(SINK + """
                streams:
                  a: {from: clickstream, rate: 5/s, arrivals: {bursts: {every: 1m, length: 30s, speed: 3}}}
                """)).isEqualTo("""
                config.yaml: 1 problem
                  streams.a.arrivals.bursts (line 3): the speed 3 is not above 1 with speed * length below 'every': a burst cannot\
                 have more events than its whole period; make it shorter, slower or rarer""");
        assertThat(complaint(SINK + """
                events_per_second: 100
                streams: {a: {from: clickstream, rate: 5/s}}
                """)).isEqualTo("""
                config.yaml: 1 problem
                  events_per_second (line 2): is shared by no stream, as each has its own 'rate'; remove one or the other""");
    }

    private static String sessions(String sessions) {
        return complaint(SINK + """
                events_per_second: 100
                streams:
                  clicks:
                    key: {entity: "user_{}", count: 100000}
                    fields: {id: {id: uuid}}
                    sessions:\s""" + sessions);
    }

    @Test
    void aTransitionToNoState() {
        assertThat(sessions("{think: 2s, states: {page: {crat: 2, leave: 3}, cart: leave}}"))
                .isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.sessions.states.page.crat (line 7): there is no state 'crat'; did you mean 'cart'?""");
        assertThat(sessions("{think: 2s, start: home, states: {page: leave}}")).isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.sessions.start.home (line 7): there is no state 'home'; write one of page""");
    }

    @Test
    void statesThatAreInVain() {
        assertThat(
                        sessions(
                                "{think: 2s, states: {page: {page: 1, leave: 1}, cart: page, trap: {trap: 1}}, start: {page: 1, trap: 1}}"))
                .isEqualTo("""
                config.yaml: 2 problems
                  streams.clicks.sessions.states.cart (line 7): no session enters this state; let a state that is entered lead to\
                 it, add it to 'start', or remove it
                  streams.clicks.sessions.states.trap (line 7): a session that is here never ends; add leave to it, or to a state\
                 that it leads to""");
        assertThat(sessions("{think: 2s, states: {page: {page: 0, leave: 0}}}")).isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.sessions.states.page (line 7): all weights are 0; at least one must be above""");
        assertThat(sessions("{think: 2s, states: {leave: {leave: 1}}}")).isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.sessions.states.leave (line 7): 'leave' stands for the end of a session; give the state another\
                 name""");
    }

    @Test
    void aKeyThatWouldNeedTwoSessionsAtOnce() {
        assertThat(complaint(SINK + """
                streams:
                  clicks:
                    key: {entity: "user_{}", count: 100}
                    sessions: {think: 20s, length: [1, 12]}
                    fields: {id: {id: uuid}}
                """)).isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.sessions.think (line 5): the most frequent key would need 1000 sessions at once: it has 50 events a\
                 second, with 20 seconds between two of them; have more keys (key.count), a lower key.skew or rate, a think of at\
                 most 19.8 ms, or write think: {at_most: ...} to let busy keys think less""");
    }

    @Test
    void sessionsThatDoNotFit() {
        assertThat(sessions("{think: 2s}")).isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.sessions (line 7): says nothing of the length of sessions; add length: [1, 12], or states""");
        assertThat(sessions("{length: 3, thinks: 2s}")).isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.sessions.thinks (line 7): unknown key; did you mean 'think'?""");
        assertThat(sessions("{think: 2s, length: 1, states: {page: {cart: 1}, cart: leave}}"))
                .isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.sessions.length (line 7): no way through the states has exactly 1 events; leave 'length' out to\
                 have the lengths of the ways that there are, or change the states""");
        assertThat(sessions("{think: 0s, length: [0, 300]}"))
                .contains("sessions.think (line 7)", "write a time from 1ms to");
        assertThat(sessions("{think: {at_mots: 3s}, length: 2}")).isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.sessions.think.at_mots (line 7): unknown key; did you mean 'at_most'?""");
    }

    @Test
    void aFieldAboutSessionsThatAreNotThere() {
        assertThat(complaint(SINK + """
                streams:
                  clicks:
                    fields: {id: {id: uuid}, session: {session: id}, number: {session: lenght}}
                """)).isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.fields.number.session (line 4): 'lenght' is nothing of a session; write id, number, step, state, pause,\
                 or text with {} in the place of the id""");
        assertThat(complaint(SINK + """
                streams:
                  clicks:
                    fields: {id: {id: uuid}, session: {session: id}}
                """)).isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.fields.session (line 4): speaks of sessions, but the stream has none; add sessions: {think: 20s, ...}""");
    }

    @Test
    void aCopyOfAFieldThatIsNotThere() {
        assertThat(complaint(SINK + """
                streams:
                  orders:
                    fields:
                      id: {id: uuid}
                      address:
                        object:
                          zip: {copy: postcode}
                """)).isEqualTo("""
                config.yaml: 1 problem
                  streams.orders.fields.address.object.zip (line 8): there is no field 'postcode'; the fields here are zip""");
    }

    @Test
    void aRegionThatNoSinkServes() {
        assertThat(complaint("""
                sinks: {keep: {type: mock}, other: {type: mock}}
                regions: {eu: {weight: 2}, us: {weight: 1}}
                region_sinks: {eu: [keep]}
                """)).isEqualTo("""
                config.yaml: 2 problems
                  sinks.other (line 1): no region sends to this sink; name it in region_sinks, or remove it
                  region_sinks (line 3): the region 'us' has no sinks; add 'us: [...]', or 'default: [...]' for all regions that\
                 are not named""");
    }

    @Test
    void aRegionOrSinkThatDoesNotExist() {
        assertThat(complaint("""
                sinks: {keep: {type: mock}}
                regions: {eu: {weight: 2}, us: {weight: 0}}
                region_sinks: {ue: [keep], default: [keeep]}
                """)).isEqualTo("""
                config.yaml: 3 problems
                  regions.us.weight (line 2): 0 is out of range; write a number above 0, at most 1000000000, with at most 6\
                 decimals
                  region_sinks.ue (line 3): there is no region 'ue'; did you mean 'eu'?
                  region_sinks.default[0] (line 3): there is no sink 'keeep'; did you mean 'keep'?""");
    }

    @Test
    void routingByAFieldThatNoStreamHas() {
        assertThat(complaint(SINK + """
                routing: {field: contry}
                streams: {orders: {fields: {id: {id: uuid}, country: {pick: [SE, DK]}}}}
                """)).isEqualTo("""
                config.yaml: 1 problem
                  routing.field (line 2): no stream has a field 'contry'; did you mean 'country'?""");
    }

    @Test
    void aFlagThatCannotBe() {
        Overrides flags = new Overrides(
                Optional.of("x"),
                Optional.of("fast"),
                Optional.empty(),
                Optional.of("soon"),
                Optional.of("tag"),
                Optional.empty());

        assertThatThrownBy(() -> read(SINK, flags, Map.of()))
                .isExactlyInstanceOf(ConfigurationException.class)
                .hasMessage("""
                        config.yaml: 4 problems
                          --seed: 'x' is not a whole number; write a whole number of 64 bits, such as 42
                          --speed: 'fast' is not a number; write a number above 0, at most 1000000, with at most 6 decimals, or max
                          --for: 'soon' is not a time; write a time of at least 1ms, such as 500ms or 30s
                          --tag: 'tag' is not a tag; write up to eight hexadecimal digits, such as 5f3a90c1""");
    }

    @Test
    void anEmptyFileAndAFileWithoutMap() {
        assertThat(complaint("# nothing")).isEqualTo("""
                config.yaml: 1 problem
                  is empty; the shortest configuration is 'sinks: {keep: {type: mock}}'""");
        assertThat(complaint("- sinks")).isEqualTo("""
                config.yaml: 1 problem
                  line 1, column 1: the file must hold a map, with lines such as 'seed: 42'""");
    }

    @Test
    void programsGetPathAndLineApart() {
        assertThatThrownBy(() -> read(SINK + "seed: x"))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems())
                                .isEqualTo(List.of(new Problem(
                                        "seed",
                                        2,
                                        "'x' is not a whole number; write a whole number of 64 bits, such as 42"))));
    }
}
