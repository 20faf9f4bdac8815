package io.dataflux.config;

import static io.dataflux.config.Configurations.complaint;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Mistakes in what a stream is - fields, rates, spreads, sessions - and word for word what users are told. */
class StreamMistakesTest {

    private static final String KINDS = String.join(", ", FieldKind.WORDS);
    private static final String SINK = "sinks: {keep: {type: mock}}\n";

    @Test
    void aStreamThatTheCatalogDoesNotHave() {
        assertThat(complaint(SINK + "streams: {clicks: {from: clikstream}}")).isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.from (line 2): there is no built-in stream 'clikstream'; did you mean 'clickstream'?""");
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
                  streams.orders.fields.id.uid (line 5): 'uid' is not a field kind; did you mean 'id'?
                  streams.orders.fields.status (line 6): 'PAID' is not a map; write a field, such as {constant: EUR} or\
                 {int: [1, 5]}
                  streams.orders.fields.size (line 7): has 2 kinds, int and text; a field has exactly one of %s""".formatted(KINDS));
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
                  streams.orders.fields.total.sum (line 6): 'sum' is not a field kind; write exactly one of %s
                  streams.orders.joins (line 7): unknown key; known here: rate, weight, arrivals, lateness, faults, from, key, sessions, table, fields,\
                 generator, identity, max_event_bytes""".formatted(KINDS));
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
                config.yaml: 9 problems
                  events_per_second (line 2): '20 per minute/s' is not a rate; write a rate such as 500/s or 90/m, 'steps\
                 500/s..4000/s by 500/s each 20s', 'steps 10/s, 50/s each 1m', or 'ramp 200/s..2000/s over 20m'
                  streams.a.weight (line 4): is a share of events_per_second, but this stream has its own 'rate'; remove one of\
                 the two
                  streams.b.rate (line 5): '500' is not a rate; write a rate such as 500/s or 90/m, 'steps\
                 500/s..4000/s by 500/s each 20s', 'steps 10/s, 50/s each 1m', or 'ramp 200/s..2000/s over 20m'; did you mean 500/s?
                  streams.c.rate.ramp (line 6): has 1 rate; write the first and the last, such as [200/s, 2000/s]
                  streams.d.rate.steps[1] (line 7): 'fast' is not a rate; write a rate such as 500/s or 90/m, 'steps\
                 500/s..4000/s by 500/s each 20s', 'steps 10/s, 50/s each 1m', or 'ramp 200/s..2000/s over 20m'
                  streams.d.rate.each (line 7): is missing; write 'each: ...' with how long each step lasts, such as 20s
                  streams.e.rate.each (line 8): unknown key; known here: constant, steps, ramp, sum, weekly, daily, warp
                  streams.f.rate.weekly (line 9): has 1 factor; write factors by day, such as {sat: 0.4, sun: 0.3}, or a list of 7, Monday first
                  streams.f.rate.daily.24:00 (line 9): '24:00' is not a time of day; write "08:30\"""");
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
                 such as 2.5%; did you mean 2%?
                  streams.a.lateness.by (line 4): has 1 time; write the shortest and the longest, such as [8s, 5m]
                  streams.a.lateness.mean (line 4): needs 'spread: exponential', and must be above the shortest time
                  streams.a.fields.b.spread (line 6): 'bell' is not known here; write uniform, normal, lognormal, exponential or\
                 zipf
                  streams.a.fields.c.spread (line 7): is not a spread; write exactly one of uniform, normal, lognormal, exponential,\
                 zipf, histogram, weighted, such as {zipf: {skew: 1.1}}
                  streams.a.fields.d.spread.zipf.skew (line 8): 0 is out of range; write a number above 0, at most 10, with at\
                 most 6 decimals
                  streams.a.fields.e.spread.histogram.few (line 9): 'few' is not a number; write values and weights, such as\
                 {10: 5, 50: 20}
                  streams.a.fields.f.peak (line 10): '5pm' is not a time of day; write a time of day, such as "15:00"
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
                  events_per_second (line 2): is used by no stream, because each has its own 'rate'; remove it, or the 'rate' of a stream""");
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
                  streams.clicks.sessions.states.cart (line 7): no session reaches this state; add a transition to it from a state that is reached, add it to 'start', or remove it
                  streams.clicks.sessions.states.trap (line 7): a session in this state never ends; add 'leave' to it, or to a state\
                 that it leads to""");
        assertThat(sessions("{think: 2s, states: {page: {page: 0, leave: 0}}}")).isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.sessions.states.page (line 7): all weights are 0; at least one must be above 0""");
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
                 second, with 20 seconds between two of them; use more keys (key.count), a lower key.skew or rate, a think of at\
                 most 19.8 ms, or write think: {at_most: ...} to give busy keys shorter pauses""");
    }

    @Test
    void sessionsThatDoNotFit() {
        assertThat(sessions("{think: 2s}")).isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.sessions (line 7): does not set the length of sessions; add length: [1, 12], or states""");
        assertThat(sessions("{length: 3, thinks: 2s}")).isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.sessions.thinks (line 7): unknown key; did you mean 'think'?""");
        assertThat(sessions("{think: 2s, length: 1, states: {page: {cart: 1}, cart: leave}}"))
                .isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.sessions.length (line 7): no path through the states has exactly 1 event; leave 'length' out to use the lengths of the existing paths, or change the states""");
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
                  streams.clicks.fields.number.session (line 4): 'lenght' is not a part of a session; write id, number, step, missed, state,\
                 pause, or text with {} in place of the id""");
        assertThat(complaint(SINK + """
                streams:
                  clicks:
                    fields: {id: {id: uuid}, session: {session: id}}
                """)).isEqualTo("""
                config.yaml: 1 problem
                  streams.clicks.fields.session (line 4): refers to sessions, but the stream has none; add sessions: {think: 20s, ...}""");
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
}
