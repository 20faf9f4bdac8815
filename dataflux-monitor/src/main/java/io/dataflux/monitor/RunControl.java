package io.dataflux.monitor;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.Run;
import io.dataflux.Run.Progress;
import io.dataflux.WatchedRun;
import io.dataflux.ledger.Ledger.Touch;
import io.dataflux.monitor.PageServer.ControlAnswer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** What can be done to a run over HTTP, and the state in which it is then. */
final class RunControl {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** So many of the last touches are told. */
    private static final int MOST_TOUCHES = 50;

    private RunControl() {}

    /**
     * Does something to a run that goes on.
     *
     * @param body for {@code speed} an object with the member {@code speed}; otherwise not looked at
     */
    static ControlAnswer act(WatchedRun watched, String action, byte[] body) {
        Run run = watched.run();
        if (stopping(watched) && !action.equals("stop")) {
            return new ControlAnswer(409, "run " + run.tag() + " is stopping");
        }
        try {
            switch (action) {
                case "pause" -> run.pause();
                case "resume" -> run.resume();
                case "speed" -> run.speed(speed(body));
                case "stop" -> {
                    if (!stopping(watched)) { // a second request would interrupt the sinks
                        run.requestStop();
                    }
                }
                default -> {
                    return new ControlAnswer(
                            404, "'" + action + "' cannot be done to a run; pause, resume, speed and stop can");
                }
            }
            return new ControlAnswer(200, state(watched).toString());
        } catch (IllegalArgumentException e) {
            return new ControlAnswer(400, String.valueOf(e.getMessage()));
        } catch (IllegalStateException e) {
            return new ControlAnswer(409, String.valueOf(e.getMessage()));
        }
    }

    private static double speed(byte[] body) {
        try {
            JsonNode speed =
                    JSON.readTree(new String(body, StandardCharsets.UTF_8)).path("speed");
            if (speed.isNumber()) {
                return speed.doubleValue();
            }
        } catch (JacksonException e) {
            // said below
        }
        throw new IllegalArgumentException("the body must name the speed, such as {\"speed\": 2}");
    }

    /** How the run is, and what has been done to it. */
    static ObjectNode state(WatchedRun watched) {
        Progress progress = watched.run().progress();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("paused", progress.paused()).put("stopping", stopping(watched));
        speed(node, progress.speed());
        ArrayNode told = node.putArray("touches");
        List<Touch> touches = watched.run().touches();
        for (Touch touch : touches.subList(Math.max(0, touches.size() - MOST_TOUCHES), touches.size())) {
            ObjectNode its = told.addObject();
            its.put("at", touch.at().toString())
                    .put("action", touch.action().name().toLowerCase(Locale.ROOT));
            speed(its, touch.speed());
        }
        return node;
    }

    private static void speed(ObjectNode node, double speed) {
        if (Double.isInfinite(speed)) {
            node.put("speed", "max");
        } else {
            node.put("speed", speed);
        }
    }

    /** Whether this attempt of the run was asked to end, by whomever. */
    private static boolean stopping(WatchedRun watched) {
        return watched.run().touches().stream()
                .anyMatch(touch -> touch.attempt() == watched.attempt() && touch.action() == Touch.Action.STOPPED);
    }
}
