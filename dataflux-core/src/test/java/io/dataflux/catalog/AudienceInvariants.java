package io.dataflux.catalog;

import static io.dataflux.catalog.Invariant.decides;
import static io.dataflux.catalog.Invariant.has;
import static io.dataflux.catalog.Invariant.number;
import static io.dataflux.catalog.Invariant.text;
import static io.dataflux.catalog.Invariant.within;
import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.when;

import java.util.List;
import java.util.Set;

final class AudienceInvariants {

    private AudienceInvariants() {}

    static List<Invariant> videoLogs() {
        return List.of(
                new Invariant(
                        "a buffer event has a buffering time, no other has",
                        e -> text(e, "event_type").equals("buffer") == has(e, "buffering_ms"),
                        b -> b.replace("buffering_ms", when("event_type", "pause", integer(1, 9)))),
                new Invariant(
                        "a position is never behind the end of the video",
                        e -> within(e, "position_s", 0, number(e, "duration_s")),
                        b -> b.replace("position_s", integer(0, 7021))),
                new Invariant(
                        "a video starts at 0",
                        e -> !text(e, "event_type").equals("start") || number(e, "position_s") == 0,
                        b -> b.replace("position_s", integer(0, 94))),
                new Invariant(
                        "a video ends at its length",
                        e -> !text(e, "event_type").equals("end") || number(e, "position_s") == number(e, "duration_s"),
                        b -> b.replace("position_s", integer(0, 94))),
                new Invariant(
                        "a video always has the same length",
                        decides("video_id", "duration_s"),
                        b -> b.replace("duration_s", integer(7020, 7021))),
                new Invariant(
                        "only a change of the bitrate has a previous bitrate, and that is another one",
                        e -> text(e, "event_type").equals("bitrate")
                                ? has(e, "previous_bitrate_kbps")
                                        && number(e, "previous_bitrate_kbps") != number(e, "bitrate_kbps")
                                : !has(e, "previous_bitrate_kbps"),
                        b -> b.replace("previous_bitrate_kbps", when("event_type", "bitrate", anyOf(800, 1600)))),
                new Invariant(
                        "a paused video has somebody who paused it, no other has",
                        e -> text(e, "event_type").equals("pause") == has(e, "paused_by"),
                        b -> b.replace("paused_by", pick("user", 1))));
    }

    static List<Invariant> userInteractions() {
        Set<String> shareable = Set.of("video");
        return List.of(
                new Invariant(
                        "a click has a position, nothing else has",
                        e -> text(e, "action").equals("click") == has(e, "position"),
                        b -> b.replace("position", object("x", integer(0, 9), "y", integer(0, 9)))),
                new Invariant(
                        "a click lies inside the viewport",
                        e -> {
                            String[] sides = text(e, "viewport").split("x", -1);
                            return !has(e, "position")
                                    || within(e, "position.x", 0, Integer.parseInt(sides[0]) - 1)
                                            && within(e, "position.y", 0, Integer.parseInt(sides[1]) - 1);
                        },
                        b -> b.replace(
                                "position", when("action", "click", object("x", integer(0, 1366), "y", constant(0))))),
                new Invariant(
                        "a user always has the same viewport",
                        decides("user_id", "viewport"),
                        b -> b.replace("viewport", anyOf("390x844", "412x915", "1920x1080", "1366x768", "820x1180"))),
                new Invariant(
                        "a search has a query and a number of results, nothing else has",
                        e -> text(e, "action").equals("search") == has(e, "query")
                                && has(e, "query") == has(e, "results"),
                        b -> b.replace("results", integer(0, 240))),
                new Invariant(
                        "a search happens on the search screen, nothing else does",
                        e -> text(e, "action").equals("search")
                                == text(e, "screen").equals("search"),
                        b -> b.replace("screen", anyOf("home", "search"))),
                new Invariant(
                        "all but a search have a target with its type",
                        e -> !text(e, "action").equals("search") == has(e, "target_id")
                                && has(e, "target_id") == has(e, "target_type"),
                        b -> b.replace("target_type", constant("video"))),
                new Invariant(
                        "only videos are shared, and they go somewhere",
                        e -> text(e, "action").equals("share")
                                ? shareable.contains(text(e, "target_type")) && has(e, "shared_to")
                                : !has(e, "shared_to"),
                        b -> b.replace("target_type", constant("comment"))),
                new Invariant(
                        "one follows channels and nothing else follows from a channel",
                        e -> text(e, "action").equals("follow")
                                == text(e, "target_type").equals("channel"),
                        b -> b.replace("target_type", anyOf("video", "channel"))),
                new Invariant(
                        "a comment has a length, nothing else has",
                        e -> text(e, "action").equals("comment") == has(e, "comment_length"),
                        b -> b.replace("comment_length", integer(1, 500).absent("50%"))));
    }

    static List<Invariant> recommendationFeedback() {
        return List.of(
                new Invariant(
                        "a rank is one of the slots",
                        e -> within(e, "rank", 1, number(e, "slots")),
                        b -> b.replace("rank", integer(1, 24))),
                new Invariant(
                        "a placement always has the same number of slots",
                        decides("placement", "slots"),
                        b -> b.replace("slots", integer(24, 25))),
                new Invariant(
                        "who watched or clicked took some time to click, nobody else did",
                        e -> Set.of("clicked", "watched").contains(text(e, "action")) == has(e, "until_click_ms"),
                        b -> b.replace("until_click_ms", when("action", "clicked", integer(300, 400)))),
                new Invariant(
                        "who watched did so for at most the whole, nobody else watched",
                        e -> text(e, "action").equals("watched")
                                ? within(e, "watched_pct", 1, 100)
                                : !has(e, "watched_pct"),
                        b -> b.replace("watched_pct", when("action", "watched", integer(1, 120)))),
                new Invariant(
                        "what is dismissed has a reason, nothing else has",
                        e -> text(e, "action").equals("dismissed") == has(e, "dismissed_because"),
                        b -> b.replace("dismissed_because", constant("seen_already"))));
    }
}
