package io.dataflux.catalog;

import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.bool;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.perKey;
import static io.dataflux.model.Fields.perSession;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.session;
import static io.dataflux.model.Fields.sessionId;
import static io.dataflux.model.Fields.text;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.total;
import static io.dataflux.model.Fields.uuid;
import static io.dataflux.model.Fields.when;
import static io.dataflux.model.Fields.whenElse;
import static io.dataflux.model.Fields.words;

import io.dataflux.model.Field;
import io.dataflux.model.Kind.Length;
import io.dataflux.model.Kind.SessionPart;
import io.dataflux.model.Sessions;
import io.dataflux.model.Sessions.Begin;
import io.dataflux.model.StreamDefinition;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The activity of a video service's audience. Keyed by user; a few users are very active; user N has device N. */
final class AudienceStreams {

    static final long USERS = 1_000_000;

    private static final List<Video> VIDEOS = List.of(
            new Video("vid_7f31", 412, 24),
            new Video("vid_09ac", 1284, 17),
            new Video("vid_c4d8", 598, 13),
            new Video("vid_52e0", 3127, 10),
            new Video("vid_b817", 394, 8),
            new Video("vid_3a6f", 5412, 7),
            new Video("vid_e290", 746, 6),
            new Video("vid_1d4b", 2655, 5),
            new Video("vid_86c5", 431, 4),
            new Video("vid_f07e", 7020, 3),
            new Video("vid_2b93", 1810, 2),
            new Video("vid_d56a", 308, 1));

    private static final List<Integer> BITRATES_KBPS = List.of(800, 1600, 2800, 4500, 8000);

    private AudienceStreams() {}

    /** An event plays at most 9 seconds, so that as many end before the shortest video does. */
    private static final Length EVENTS_OF_A_PLAY = new Length(3, 34, new BigDecimal("0.11"));

    /** Playback: heartbeats with a position from start to end, with an occasional pause, wait for data or change of bitrate. */
    static final Sessions PLAYS = Sessions.thinkingAtMost(Duration.ofSeconds(5))
            .begin(Begin.FRESH)
            .length(EVENTS_OF_A_PLAY)
            .state("start", "position", 88, "buffer", 12)
            .state("position", "position", 66, "pause", 9, "buffer", 7, "bitrate", 6, "end", 12)
            .state("pause", "position", 78, "end", 22)
            .state("buffer", "position", 88, "bitrate", 12)
            .state("bitrate", "position", 1)
            .state("end");

    static StreamDefinition videoLogs() {
        return ofSessions("video_logs", PLAYS)
                .field("event_type", session(SessionPart.STATE))
                .field("play_id", sessionId("play_{}"))
                .field(
                        "video_id",
                        perSession(pick(VIDEOS.stream()
                                .flatMap(v -> Stream.of(v.id, v.weight))
                                .toArray())))
                .field("duration_s", byVideo(v -> constant(v.seconds)))
                .field("played_s", whenElse("event_type", integer(1, 9), "start", constant(0)))
                .field("position_s", total("played_s"))
                .field("player", perKey(pick("web", 34, "android", 27, "ios", 22, "tv", 17)))
                .field("bitrate_kbps", perSession(anyOf(BITRATES_KBPS.toArray()), "bitrate"))
                .field("buffering_ms", when("event_type", "buffer", integer(50, 8000)))
                .field("paused_by", when("event_type", "pause", pick("user", 8, "call", 1, "advertisement", 1)))
                .build();
    }

    /** Users look around or search, open a video, and then do something with it. */
    static final Sessions VISITS = Sessions.thinkingAtMost(Duration.ofSeconds(4))
            .begin(Begin.FRESH)
            .start("browse", 5, "open", 3, "search", 2)
            .state("browse", "browse", 25, "open", 40, "search", 12, "leave", 23)
            .state("search", "open", 60, "search", 15, "leave", 25)
            .state("open", "like", 28, "comment", 9, "share", 9, "follow", 6, "open", 20, "browse", 10, "leave", 18)
            .state("like", "share", 12, "comment", 10, "follow", 5, "open", 38, "leave", 35)
            .state("comment", "open", 50, "leave", 50)
            .state("share", "open", 45, "leave", 55)
            .state("follow", "open", 40, "leave", 60);

    static StreamDefinition userInteractions() {
        return ofSessions("user_interactions", VISITS)
                .field(
                        "action",
                        when(
                                "state",
                                "browse",
                                constant("click"),
                                "open",
                                constant("click"),
                                "search",
                                constant("search"),
                                "like",
                                constant("like"),
                                "share",
                                constant("share"),
                                "comment",
                                constant("comment"),
                                "follow",
                                constant("follow")))
                .field("session_id", sessionId("ses_{}"))
                .field(
                        "screen",
                        whenElse(
                                "action",
                                pick("home", 5, "watch", 3, "profile", 1, "library", 1),
                                "search",
                                constant("search")))
                .field(
                        "viewport",
                        perKey(pick("390x844", 5, "412x915", 4, "1920x1080", 4, "1366x768", 2, "820x1180", 1)))
                .field(
                        "position",
                        when(
                                "action",
                                "click",
                                when(
                                        "viewport",
                                        "390x844",
                                        inside(390, 844),
                                        "412x915",
                                        inside(412, 915),
                                        "1920x1080",
                                        inside(1920, 1080),
                                        "1366x768",
                                        inside(1366, 768),
                                        "820x1180",
                                        inside(820, 1180))))
                .field(
                        "target_type",
                        when(
                                "state",
                                "browse",
                                pick("button", 4, "profile", 1, "advertisement", 1),
                                "open",
                                constant("video"),
                                "like",
                                constant("video"),
                                "share",
                                constant("video"),
                                "comment",
                                constant("video"),
                                "follow",
                                constant("channel")))
                .field(
                        "target_id",
                        when(
                                "state",
                                "browse",
                                text("[0-9a-f]{8}"),
                                "open",
                                openedVideo(),
                                "like",
                                openedVideo(),
                                "share",
                                openedVideo(),
                                "comment",
                                openedVideo(),
                                "follow",
                                text("[0-9a-f]{8}")))
                .field("query", when("action", "search", words("queries", WordLists.QUERIES, "1.0")))
                .field("results", when("action", "search", integer(0, 240)))
                .field("shared_to", when("action", "share", pick("link", 5, "chat", 4, "mail", 1)))
                .field("comment_length", when("action", "comment", integer(1, 500)))
                .field("visible_ms", integer(120, 45_000))
                .build();
    }

    /** The item that was opened last, which later actions refer to. */
    private static Field openedVideo() {
        return perSession(text("[0-9a-f]{8}"), "open");
    }

    /** One list of recommendations: an item is shown, perhaps clicked, perhaps watched; then comes the next. */
    static final Sessions LISTS = Sessions.thinkingAtMost(Duration.ofSeconds(2))
            .begin(Begin.FRESH)
            .state("shown", "shown", 62, "clicked", 17, "dismissed", 4, "leave", 17)
            .state("clicked", "watched", 62, "shown", 22, "leave", 16)
            .state("watched", "shown", 50, "leave", 50)
            .state("dismissed", "shown", 60, "leave", 40);

    static StreamDefinition recommendationFeedback() {
        return ofSessions("recommendation_feedback", LISTS)
                .field("recommendation_id", perSession(text("rec_[0-9a-f]{12}")))
                .field("model_version", perSession(pick("ranker-4.2.0", 80, "ranker-4.3.0-rc1", 15, "ranker-4.1.7", 5)))
                .field("placement", perSession(pick("home", 55, "up_next", 30, "search", 10, "mail", 5)))
                .field(
                        "slots",
                        when(
                                "placement",
                                "home",
                                constant(24),
                                "up_next",
                                constant(12),
                                "search",
                                constant(20),
                                "mail",
                                constant(5)))
                .field(
                        "rank",
                        when(
                                "placement",
                                "home",
                                perSession(integer(1, 24), "shown"),
                                "up_next",
                                perSession(integer(1, 12), "shown"),
                                "search",
                                perSession(integer(1, 20), "shown"),
                                "mail",
                                perSession(integer(1, 5), "shown")))
                .field("item_id", perSession(text("vid_[0-9a-f]{4}"), "shown"))
                .field("score", perSession(decimal("0.0500", "0.9990"), "shown"))
                .field("action", session(SessionPart.STATE))
                .field("until_click_ms", forEach("action", integer(300, 30_000), "clicked", "watched"))
                .field("watched_pct", when("action", "watched", integer(1, 100)))
                .field(
                        "dismissed_because",
                        when("action", "dismissed", pick("not_interested", 6, "seen_already", 3, "offensive", 1)))
                .field("explored", perSession(bool("5%"), "shown"))
                .build();
    }

    private static StreamDefinition.Builder ofSessions(String name, Sessions sessions) {
        return ofUsers(name).key("user_{}", USERS, "0.5").sessions(sessions);
    }

    /** The fields that all streams about users share. */
    static StreamDefinition.Builder ofUsers(String name) {
        return StreamDefinition.named(name)
                .key("user_{}", USERS, "1.0")
                .identity("event_id")
                .field("event_id", uuid())
                .field("user_id", key())
                .field("device_id", key("device_{}"))
                .field("timestamp", time())
                .field("stream", constant(name));
    }

    private static Field inside(int width, int height) {
        return object("x", integer(0, width - 1L), "y", integer(0, height - 1L));
    }

    /** The field for some values of {@code path}; it is left out for the others. */
    private static Field forEach(String path, Field field, String... values) {
        return when(
                path,
                Stream.of(values).flatMap(value -> Stream.of(value, field)).toArray());
    }

    private static Field byVideo(Function<Video, Field> field) {
        return when(
                "video_id",
                VIDEOS.stream().flatMap(v -> Stream.of(v.id, field.apply(v))).toArray());
    }

    private record Video(String id, int seconds, int weight) {}
}
