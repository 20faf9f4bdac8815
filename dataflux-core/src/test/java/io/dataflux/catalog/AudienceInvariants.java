package io.dataflux.catalog;

import static io.dataflux.catalog.Invariant.decides;
import static io.dataflux.catalog.Invariant.follows;
import static io.dataflux.catalog.Invariant.has;
import static io.dataflux.catalog.Invariant.number;
import static io.dataflux.catalog.Invariant.refersTo;
import static io.dataflux.catalog.Invariant.text;
import static io.dataflux.catalog.Invariant.within;
import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.when;

import java.util.List;
import java.util.Map;
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
                        "a play is one user's and of one video",
                        decides("play_id", "user_id").and(decides("play_id", "video_id")),
                        b -> b.replace("video_id", anyOf("vid_7f31", "vid_09ac"))
                                .replace("duration_s", constant(412))
                                .rate(20, 1)),
                new Invariant(
                        "a play begins with its start, and has no other",
                        follows(
                                "play_id",
                                (before, e) -> (before == null)
                                        == text(e, "event_type").equals("start")),
                        b -> b.sessions(AudienceStreams.PLAYS.start("start", 1, "position", 1))),
                new Invariant(
                        "nothing comes after the end of a play",
                        follows(
                                "play_id",
                                (before, e) -> before == null
                                        || !text(before, "event_type").equals("end")),
                        b -> b.replace("event_type", anyOf("end", "start", "position"))
                                .replace("buffering_ms", constant(1))
                                .replace("paused_by", constant(1))
                                .rate(20, 1)),
                new Invariant(
                        "positions add up",
                        follows(
                                "play_id",
                                (before, e) -> number(e, "position_s")
                                        == number(e, "played_s") + (before == null ? 0 : number(before, "position_s"))),
                        b -> b.replace("position_s", integer(0, 94)).rate(20, 1)),
                new Invariant(
                        "the bitrate changes only where the player says so",
                        refersTo(
                                "play_id",
                                "bitrate_kbps",
                                e -> Set.of("start", "bitrate").contains(text(e, "event_type")),
                                e -> true),
                        b -> b.replace("bitrate_kbps", anyOf(800, 1600)).rate(20, 1)),
                new Invariant(
                        "a video always has the same length",
                        decides("video_id", "duration_s"),
                        b -> b.replace("duration_s", integer(7020, 7021))),
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
                        "a session is one user's",
                        decides("session_id", "user_id"),
                        b -> b.replace("session_id", constant("ses_1"))),
                new Invariant(
                        "what is liked, shared or commented is the video that was opened last",
                        refersTo(
                                "session_id",
                                "target_id",
                                e -> text(e, "action").equals("click")
                                        && text(e, "target_type").equals("video"),
                                e -> Set.of("like", "share", "comment").contains(text(e, "action"))),
                        b -> b.replace("target_id", when("action", "click", anyOf("a", "b"), "like", anyOf("a", "b")))
                                .rate(20, 1)),
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
                        b -> b.replace("watched_pct", when("action", "watched", integer(1, 120)))
                                .rate(20, 1)),
                new Invariant(
                        "a list of recommendations is one user's, in one place and from one model",
                        decides("recommendation_id", "user_id")
                                .and(decides("recommendation_id", "placement"))
                                .and(decides("recommendation_id", "model_version")),
                        b -> b.replace("model_version", anyOf("ranker-4.2.0", "ranker-4.3.0-rc1"))
                                .rate(20, 1)),
                new Invariant(
                        "feedback is about the item and rank that were shown last",
                        refersTo("recommendation_id", "item_id", AudienceInvariants::shown, e -> true)
                                .and(refersTo("recommendation_id", "rank", AudienceInvariants::shown, e -> true))
                                .and(refersTo("recommendation_id", "score", AudienceInvariants::shown, e -> true)),
                        b -> b.replace("item_id", anyOf("vid_1", "vid_2")).rate(20, 1)),
                new Invariant(
                        "only what was clicked right before is watched",
                        follows(
                                "recommendation_id",
                                (before, e) -> !text(e, "action").equals("watched")
                                        || before != null
                                                && text(before, "action").equals("clicked")),
                        b -> b.sessions(AudienceStreams.LISTS.start("shown", 1, "watched", 1))),
                new Invariant(
                        "what is dismissed has a reason, nothing else has",
                        e -> text(e, "action").equals("dismissed") == has(e, "dismissed_because"),
                        b -> b.replace("dismissed_because", constant("seen_already"))));
    }

    private static boolean shown(Map<String, Object> event) {
        return text(event, "action").equals("shown");
    }
}
