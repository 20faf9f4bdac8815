package io.dataflux.monitor;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.Run;
import io.dataflux.Run.Progress;
import io.dataflux.WatchedRun;
import io.dataflux.ledger.Ledger.Touch;
import io.dataflux.model.FaultKind;
import io.dataflux.monitor.PageServer.ControlAnswer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

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
     * @param body for {@code speed} an object with the member {@code speed}, for {@code faults} one with {@code kind}, {@code on} and
     *     perhaps {@code stream}; otherwise not looked at
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
                case "faults" -> switchFaults(run, parsed(body));
                case "stop" -> {
                    if (!stopping(watched)) { // a second request would interrupt the sinks
                        run.requestStop();
                    }
                }
                default -> {
                    return new ControlAnswer(
                            404, "'" + action + "' cannot be done to a run; pause, resume, speed, faults and stop can");
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
        JsonNode speed = parsed(body).path("speed");
        if (!speed.isNumber()) {
            throw new IllegalArgumentException("the body must name the speed, such as {\"speed\": 2}");
        }
        return speed.doubleValue();
    }

    private static void switchFaults(Run run, JsonNode body) {
        FaultKind kind = FaultKind.of(body.path("kind").asText()).orElse(null);
        JsonNode stream = body.path("stream");
        if (kind == null || !body.path("on").isBoolean() || !(stream.isTextual() || stream.isMissingNode())) {
            throw new IllegalArgumentException(
                    "the body must name a kind of faults and whether they are on, and can name a"
                            + " stream, such as {\"stream\": \"orders\", \"kind\": \"late\", \"on\": false}; the kinds are "
                            + Arrays.stream(FaultKind.values())
                                    .map(FaultKind::word)
                                    .collect(Collectors.joining(", ")));
        }
        run.faults(stream.asText(), kind, body.path("on").booleanValue());
    }

    /** The body as JSON; nothing if it is none. */
    private static JsonNode parsed(byte[] body) {
        try {
            return JSON.readTree(new String(body, StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    /** How the run is, and what has been done to it. */
    static ObjectNode state(WatchedRun watched) {
        Progress progress = watched.run().progress();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("paused", progress.paused()).put("stopping", stopping(watched));
        speed(node, progress.speed());
        ArrayNode switches = node.putArray("switches");
        for (Run.FaultSwitch fault : watched.run().switches()) {
            switches.addObject()
                    .put("stream", fault.stream())
                    .put("kind", fault.kind().word())
                    .put("on", fault.on());
        }
        List<String> changes = watched.run().changes();
        ArrayNode changed = node.putArray("changes");
        changes.subList(Math.max(0, changes.size() - MOST_TOUCHES), changes.size())
                .forEach(changed::add);
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
