/**
 * Streams compiled: from a definition to values and bytes. Internal; but how a value is drawn is a promise, so it is written down here in
 * full. The tests contain a second implementation that was made from this text.
 *
 * <p><b>Words.</b> All numbers have 64 bits and wrap; {@code >>>} is unsigned. {@code G = 0x9E3779B97F4A7C15}.
 *
 * <pre>{@code
 * mix(x)        x ^= x >>> 27; x *= 0x3C79AC492BA7B653; x ^= x >>> 33; x *= 0x1C69B3F74AC4AE35; x ^= x >>> 27
 * sub(key, i)   mix(key + G * (i + 1))
 * hash(text)    mix(FNV-1a of the UTF-8 bytes, 64 bits)
 * bound(w, n)   floor((w >>> 1) * n / 2^63), in [0, n)
 *
 * streamSeed    sub(mix(seed), hash(name of the stream));  the schedule's key is sub(streamSeed, 1)
 * event word    mix(streamSeed + G * sequence)
 * draw(p)       mix(event word + hash(p) + G * element)
 * }</pre>
 *
 * <p><b>Paths.</b> A field's path {@code p} is made of names joined by dots; the element of a list has the list's path and {@code []}, such
 * as {@code items[].sku}. Variants and per-key fields have the path of the field that contains them: what can be null or absent both
 * outside and inside a variant is decided by one draw, so that the larger share holds. {@code element} is 0 outside lists, and
 * {@code 4096 * e + i} for element i of a list that lies in element e. A field that another one refers to is drawn at its own position, as
 * if it had been asked for there. Per key, {@code mix(keySeed + G * entity)} takes the place of the event word,
 * {@code keySeed = sub(mix(seed), hash("per_key " + the key's pattern))}.
 *
 * <p><b>Values.</b> Shares s of a million hold if {@code bound(draw, 1000000) < s}.
 *
 * <pre>{@code
 * absent        share by draw(p?absent); then whatever the field itself leaves out (a variant without a case)
 * null          share by draw(p?null)
 * bool          share by draw(p)
 * int, decimal  min + bound(draw(p), max - min + 1), in units of the last digit
 * list          min + bound(draw(p?length), max - min + 1), or by weight
 * faker         pool of values from Datafaker with new java.util.Random(sub(mix(seed), hash(p))) in English, then like words
 * }</pre>
 *
 * <p>One of n values of equal weight is number {@code bound(draw(p), n)}; a single value is not drawn. By weight, {@code bound} is
 * a column and {@code (draw >>> 1) * n mod 2^63} a height in it, below {@code floor(2^63 * threshold)} it is the column's value,
 * else its alias. Thresholds and aliases are Vose's, in exact fractions: columns below average wait in one queue, the others in
 * a second, each in the order of the values; the first that is low is filled up from the first that is high, and this one
 * goes to the end of the low ones once it is low itself. Weights are those of {@code pick} (0 takes no part); of words with a skew
 * {@code max(1, floor(2^50 * StrictMath.pow(i + 1, -skew)))}; of geometric lengths {@code floor(2^50 * (1-p) * (1-p) ...)}, the
 * first one more.
 *
 * <p>A spread draws a cell of neighbouring values by weight, with {@code draw(p)}; of a cell with several values, number {@code
 * bound(sub(draw(p), 0), width)}. Values are in units of the last digit; {@code m, s} are the parameters in them as doubles. Up to 4096 values
 * from low to high are a cell each, more are cut before the values {@code edge(i)}, {@code 0 < i < 4096}. Masses are doubles, weights {@code
 * floor(mass / sum * 2^50)}:
 *
 * <pre>{@code
 * normal        in steps above min, of which there are N: low = max(0, floor(m - 8 s)), high = min(N, ceil(m + 8 s)),
 *               edge(i) = low + floor((high - low + 1) * i / 4096), mass: the integral of exp(-z * z / 2) from (v - 0.5 - m) / s to (w - 0.5 - m) / s,
 *               v and w the cell's and the next one's first value, by Simpson's rule in 8 panels; m = N / 2 and s = N / 6 if not given
 * lognormal     of the values: z = (log(v - 0.5) - log(m)) / s, low = max(min, floor(exp(log(m) - 8 s))), high accordingly,
 *               edge(i) = floor(exp(log(low) + (log(high + 1) - log(low)) * i / 4096)); log(m) and s the middle and a sixth of log(min), log(max)
 * exponential   in steps above min: low = 0, high = min(N, ceil(40 (m + 1))), edge as of normal, mass exp(-d v) - exp(-d w), d = log1p(1 / m); m = N / 5
 * zipf          ranks r = value - min; below 1024 one by one, then cells of r / 128 ranks; mass width * (r + (width + 1) / 2)^-skew
 * histogram     the given ranges and weights;  weighted: the given values and weights
 * }</pre>
 *
 * <p>Slow values read the event time, {@code t} in milliseconds since 1970, and {@code W = mix(E + hash(p) + G * element)}, with {@code E =
 * mix(sub(mix(seed), hash("slow " + the key's pattern)) + G * entity)}; without keys the pattern is empty and the entity 0. All divisions round down.
 *
 * <pre>{@code
 * smooth    at = t + bound(sub(W, 0), over); k = at / over; f = (at mod over) * 2^20 / over; way = f * f * (3 * 2^20 - 2 f) / 2^40
 *           level(i) = sub(sub(W, 1), i) >>> 34; noise = level(k) + (level(k + 1) - level(k)) * way / 2^20
 *           wave(i) = floor((2^30 - 1) * (1 + cos(2 pi (i mod 1440) / 1440)) / 2); day: i minutes and r milliseconds after the peak,
 *           wave(i) + (wave(i + 1) - wave(i)) * r / 60000;  D = ppm of daily * 2^20 / 10^6
 *           min + (noise * (2^20 - D) + day * D) * (max - min + 1) / 2^50
 * counter   mean = (rate * 60 * 10^6) * (2^19 + bound(sub(W, 1), 2^20)) / 2^20, in parts of 10^-6 per minute
 *           begin(k) = k * reset + bound(sub(sub(W, 0), k), reset / 2 + 1), k the last with begin(k) <= t; k = 0 and the stream's start without reset
 *           upTo(j) = j * mean + bound(sub(sub(sub(W, 2), k), j), mean), upTo(0) = 0; j minutes and r milliseconds since, at least 0,
 *           (upTo(j) + (upTo(j + 1) - upTo(j)) * r / 60000) / 10^6
 * linear    floor(times * number) + plus - noise + bound(draw(p), 2 * noise + 1), in units of the last digit, cut to the bounds
 * }</pre>
 *
 * <p>Lateness: a share of events by {@code draw(?late)}; their time is {@code draw(?lateness)} milliseconds, like an int with that
 * spread, before they are due.
 *
 * <p><b>Faults</b> go by an event's shard s and its local index i there. A share of c in L, for several regions the same L, hits i if
 * {@code shuffle_L(sub(sub(F, s), i / L), i mod L) < c}, c that of its region; {@code F = sub(sub(streamSeed, hash("faults")), f)}, f is 0
 * for late, 1 for duplicate, 2 for drop, 3 for reorder, 4 for corrupt. The word of a hit is {@code w = sub(sub(~F, s), i)}. A late event's
 * time is drawn as above. A dropped event has no other fault, a corrupt one is neither repeated nor moved. Deliveries are sorted within
 * blocks of i by {@code (p, moved, i, copy)}: p is i, or {@code i + 1 + bound(w, within)} if it is moved, but within the block; a copy
 * counts as moved, to {@code 1 + bound(w, within)} after its original. The kind of a corrupt event is number
 * {@code (i / L * c + rank + s) mod kinds} of those listed, rank its place in the shuffle and c the largest of all regions. A truncated
 * event ends {@code bound(w, rest)} bytes after its identity, of the rest that follows; invalid UTF-8 has the byte 0xFF there or at the
 * next byte within a text value, or else the last one; the other kinds pick field {@code bound(w, n)} of the n that are possible, in the
 * order of the definition, an object before its own fields: a wrong type is <code>{}</code> for a plain value and 0 for others, an unknown
 * value is UNKNOWN, with underscores until it is none; oversize adds a field {@code padding} of x.
 *
 * <p>Text by a pattern: part by part the count, if it varies, then each character of a class with more than one, all with the
 * same rule. A class is sorted. One of n takes {@code bits(n - 1)} bits; while 32 bits are not used up, it is the integer part of
 * {@code f * n}, whose fraction is the next f (f is {@code (w >>> 1) / 2^63}), then w becomes {@code sub(draw(p), 0)},
 * {@code sub(draw(p), 1)}, and so on; it starts as {@code draw(p)}.
 *
 * <p><b>Times.</b> Event n of a constant rate is due at {@code ceil(n * seconds * 10^9 / events)} nanoseconds after the start. Any other
 * profile is a list of rates, each from some nanosecond on: steps as they are; a ramp as {@code min(4096, milliseconds)} cells
 * {@code [floor(over * i / cells), floor(over * (i + 1) / cells))} with the rate of their middle; days as minutes with the factor of their
 * middle; weeks as days; products and sums wherever one of the parts changes; {@code warp} with each time divided by the speed, rounded
 * down. It repeats from where all parts repeat, in the least common multiple of their periods; periods are whole seconds, 1 s for what
 * stays constant (a warped period is multiplied until it is one). If one rate remains in the end, it repeats in the seconds that its
 * reduced fraction names. Knots are 0, where the rate changes, where the repetition begins, and its end; amounts there are sums of rate
 * times time in parts of {@code 10^-6} event (less fine by tens if they would exceed 2^62), rounded down; between knots they grow linearly.
 * Event n is due at the first nanosecond by which n events have occurred.
 *
 * <p>Bursts: period k has its burst at {@code begin = bound(sub(sub(streamSeed, 2), k), every - length + 1)}; in it {@code S = floor(speed *
 * length)} of the profile's time pass, before it {@code floor(begin * (every - S) / (every - length))}, all linear and rounded down; an event is due at the first
 * nanosecond at which the profile's time has come. Jitter: then {@code bound(mix(sub(streamSeed, 3) + G * n), gap)} later, {@code gap} (at most
 * 2^62 - 1) up to the next event's time.
 *
 * <p><b>Sessions.</b> The word of an event that is step {@code i} of a session is {@code mix(sessionWord + G * i)}, with {@code
 * sessionWord = sub(sub(streamSeed, 4), session * entities + entity)}; the session's id is the hexadecimal form of {@code
 * mix(sub(streamSeed, 5) + session * entities + entity)}. Lengths are 4,096 quantiles: quantile i is the first length by which
 * {@code (i + 0.5) / 4096} of all shares have passed, summed up from the shortest as doubles; shares are 1 each, {@code 1 * (1-p) * (1-p)
 * ...}, or those of all walks through the states, followed by their chances for 256 steps. Table t of 256 has, for each j of 16, quantile
 * {@code 256 * j + (sub(K, j) + 157 * t) mod 256}, for odd j {@code - 157 * t}, at place {@code shuffle_16(sub(K, ~t), j)}; {@code K =
 * hash("runs")}. Seats are numbered by shard, cell and member; seat q has table {@code (q + w) mod 256} in its window w.
 *
 * <p>Steps are counted from the session's first event in the stream. The state of step i of the whole session, i including those that were
 * missed, is drawn by {@code mix(sessionWord + hash("?state") + G * i)}, by weight among all states in their
 * order: the chance of the transition (of the start), times that of leaving after exactly as many transitions as are then left, which
 * is that of leaving for 0, and for r the sum over next states of their chance times that of r - 1, in parts of the largest of
 * all states; products as doubles, in parts of the largest and 2^50, cut to integers of at least 1 unless they are 0.
 *
 * <p>Per session, a field is that of the session's step 0, or of its latest step in a state that renews it. A pause is the difference of
 * the two events' scheduled times, each first cut to milliseconds since 1970.
 *
 * <p><b>Tables.</b> A key's events are cut into lives: rounds of as many events as the lengths' sum hold each length once, in the order
 * of their 16 quantiles from number {@code bound(sub(k, round), 16)} on, {@code k = sub(sub(streamSeed, 7), entity)}. The first event is event
 * {@code bound(sub(k, -1), sum)} of round 0, one earlier if that were the last of a life; lives and steps are counted from there. Columns
 * have the paths {@code table.name}; their word is {@code mix(rowKey + G * changed)}, {@code rowKey = sub(sub(sub(streamSeed, 6), entity),
 * life)}, where {@code changed} is the latest step at which {@code (step + bound(mix(rowKey + hash(p?phase)), every)) mod every} is 0, or
 * else 0. A time is the scheduled time of that change.
 *
 * <p><b>Types.</b> A field has one JSON type in all its events. Numbers are JSON numbers, however many digits they have; with {@code as:
 * text} they are strings of the same digits. Long ids are strings unless declared as numbers.
 */
@NullMarked
package io.dataflux.encode;

import org.jspecify.annotations.NullMarked;
