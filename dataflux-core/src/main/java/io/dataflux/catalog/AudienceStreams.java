package io.dataflux.catalog;

import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.bool;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.perKey;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.text;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.uuid;
import static io.dataflux.model.Fields.when;
import static io.dataflux.model.Fields.whenElse;
import static io.dataflux.model.Fields.words;

import io.dataflux.model.Field;
import io.dataflux.model.StreamDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the audience of a video service does. Keyed by user, a few of whom do much; user N holds device N. */
final class AudienceStreams {

    static final long USERS = 1_000_000;

    private static final List<Video> VIDEOS = List.of(
            new Video("vid_7f31", 212, 24),
            new Video("vid_09ac", 1284, 17),
            new Video("vid_c4d8", 598, 13),
            new Video("vid_52e0", 3127, 10),
            new Video("vid_b817", 94, 8),
            new Video("vid_3a6f", 5412, 7),
            new Video("vid_e290", 746, 6),
            new Video("vid_1d4b", 2655, 5),
            new Video("vid_86c5", 431, 4),
            new Video("vid_f07e", 7020, 3),
            new Video("vid_2b93", 1810, 2),
            new Video("vid_d56a", 308, 1));

    private static final List<Integer> BITRATES_KBPS = List.of(800, 1600, 2800, 4500, 8000);

    private AudienceStreams() {}

    static StreamDefinition videoLogs() {
        return ofUsers("video_logs")
                .field(
                        "event_type",
                        pick("position", 40, "start", 14, "buffer", 12, "pause", 12, "end", 12, "bitrate", 10))
                .field(
                        "video_id",
                        pick(VIDEOS.stream()
                                .flatMap(v -> Stream.of(v.id, v.weight))
                                .toArray()))
                .field("duration_s", byVideo(v -> constant(v.seconds)))
                .field(
                        "position_s",
                        whenElse(
                                "event_type",
                                byVideo(v -> integer(1, v.seconds - 1)),
                                "start",
                                constant(0),
                                "end",
                                byVideo(v -> constant(v.seconds))))
                .field("player", perKey(pick("web", 34, "android", 27, "ios", 22, "tv", 17)))
                .field("bitrate_kbps", anyOf(BITRATES_KBPS.toArray()))
                .field("previous_bitrate_kbps", when("event_type", "bitrate", when("bitrate_kbps", otherBitrates())))
                .field("buffering_ms", when("event_type", "buffer", integer(50, 8000)))
                .field("paused_by", when("event_type", "pause", pick("user", 8, "call", 1, "advertisement", 1)))
                .build();
    }

    static StreamDefinition userInteractions() {
        return ofUsers("user_interactions")
                .field("action", pick("click", 50, "like", 18, "search", 15, "share", 7, "comment", 6, "follow", 4))
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
                                "action",
                                "click",
                                pick("video", 7, "button", 4, "profile", 1, "advertisement", 1),
                                "like",
                                pick("video", 4, "comment", 1),
                                "share",
                                constant("video"),
                                "comment",
                                constant("video"),
                                "follow",
                                constant("channel")))
                .field(
                        "target_id",
                        forEach("action", text("[0-9a-f]{8}"), "click", "like", "share", "comment", "follow"))
                .field("query", when("action", "search", words("queries", WordLists.QUERIES, "1.0")))
                .field("results", when("action", "search", integer(0, 240)))
                .field("shared_to", when("action", "share", pick("link", 5, "chat", 4, "mail", 1)))
                .field("comment_length", when("action", "comment", integer(1, 500)))
                .field("visible_ms", integer(120, 45_000))
                .build();
    }

    static StreamDefinition recommendationFeedback() {
        return ofUsers("recommendation_feedback")
                .field("recommendation_id", text("rec_[0-9a-f]{12}"))
                .field("model_version", pick("ranker-4.2.0", 80, "ranker-4.3.0-rc1", 15, "ranker-4.1.7", 5))
                .field("placement", pick("home", 55, "up_next", 30, "search", 10, "mail", 5))
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
                                integer(1, 24),
                                "up_next",
                                integer(1, 12),
                                "search",
                                integer(1, 20),
                                "mail",
                                integer(1, 5)))
                .field("item_id", text("vid_[0-9a-f]{4}"))
                .field("score", decimal("0.0500", "0.9990"))
                .field("action", pick("shown", 74, "clicked", 14, "watched", 9, "dismissed", 3))
                .field("until_click_ms", forEach("action", integer(300, 30_000), "clicked", "watched"))
                .field("watched_pct", when("action", "watched", integer(1, 100)))
                .field(
                        "dismissed_because",
                        when("action", "dismissed", pick("not_interested", 6, "seen_already", 3, "offensive", 1)))
                .field("explored", bool("5%"))
                .build();
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

    /** The field for some values of {@code path}, and none for the others. */
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

    private static Object[] otherBitrates() {
        List<Object> cases = new ArrayList<>();
        for (Integer bitrate : BITRATES_KBPS) {
            cases.add(bitrate.toString());
            cases.add(
                    anyOf(BITRATES_KBPS.stream().filter(b -> !b.equals(bitrate)).toArray()));
        }
        return cases.toArray();
    }

    private record Video(String id, int seconds, int weight) {}
}
