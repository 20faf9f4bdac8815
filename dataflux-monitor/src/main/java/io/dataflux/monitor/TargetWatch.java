package io.dataflux.monitor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.WatchedRun;
import io.dataflux.spi.TargetView;
import io.dataflux.spi.TargetView.Group;
import io.dataflux.spi.TargetView.Log;
import io.dataflux.spi.TargetView.Partition;
import io.dataflux.spi.TargetView.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds at the systems behind a run's sinks, also after its end, since those who read may still be behind. On a thread of its
 * own, which there is only if there is something to look at: a target that does not answer holds up nothing else. Thread-safe.
 */
final class TargetWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TargetWatch.class);

    private static final long PAUSE_MILLIS = 3_000;
    private static final int POINTS = 600;
    /** So many partitions of a log and groups of a target are told. */
    private static final int MOST = 100;

    /** What a look at one target has shown; a problem if it failed, and then what was seen before. */
    private record Seen(Target target, String problem) {}

    /** How far groups were behind at a time of the run, by name. */
    private record Lags(double seconds, Map<String, Long> byGroup) {}

    private final WatchedRun run;
    private final Map<String, TargetView> views;
    private final Map<String, Seen> seen = new LinkedHashMap<>();
    private final Deque<Lags> lags = new ArrayDeque<>();
    private final Consumer<TargetWatch> news;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::looking, "dataflux-monitor-targets");

    /** @param news told after each look, on the thread that looks */
    TargetWatch(WatchedRun run, Consumer<TargetWatch> news) {
        this.run = run;
        this.news = news;
        views = run.targets();
        thread.setDaemon(true);
    }

    /** Begins to look; once. */
    void start() {
        if (!views.isEmpty()) {
            thread.start();
        }
    }

    private void looking() {
        try {
            do {
                views.forEach(this::look);
                remember();
                news.accept(this);
            } while (!closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            views.values().forEach(TargetView::close);
        }
    }

    private void look(String sink, TargetView view) {
        if (closed.getCount() == 0) {
            return;
        }
        try {
            Target target = view.look();
            synchronized (this) {
                seen.put(sink, new Seen(target, ""));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.debug("the target of sink {} cannot be looked at", sink, e);
            view.close();
            String why = e.getMessage() == null ? e.toString() : e.getMessage();
            synchronized (this) {
                Seen before = seen.get(sink);
                Target last = before == null ? new Target(List.of(), List.of(), List.of()) : before.target;
                seen.put(sink, new Seen(last, why));
            }
        }
    }

    private synchronized void remember() {
        Map<String, Long> byGroup = new TreeMap<>();
        seen.values().stream()
                .filter(its -> its.problem.isEmpty())
                .forEach(its ->
                        its.target.groups().forEach(group -> byGroup.merge(name(its, group), group.lag(), Math::max)));
        if (byGroup.isEmpty() && lags.isEmpty()) {
            return;
        }
        lags.add(new Lags(run.run().progress().elapsedNanos() / 1e9, byGroup));
        if (lags.size() > POINTS) {
            lags.remove();
        }
    }

    /** With its log where there are several. */
    private static String name(Seen its, Group group) {
        return its.target.logs().size() == 1 ? group.name() : group.name() + ": " + group.log();
    }

    /** A group that reads the target of a sink. */
    record SinkGroup(String sink, Group group) {}

    /** All groups of the last look. */
    synchronized List<SinkGroup> groups() {
        List<SinkGroup> all = new ArrayList<>();
        seen.forEach((sink, its) -> its.target.groups().forEach(group -> all.add(new SinkGroup(sink, group))));
        return all;
    }

    /** What the page is told: the last look, and the lags over time, all or the last. */
    synchronized ObjectNode json(boolean all) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("run", run.run().tag());
        ArrayNode targets = node.putArray("targets");
        seen.forEach((sink, its) -> write(sink, its, targets.addObject()));
        ArrayNode points = node.putArray("lags");
        for (Lags point : all || lags.isEmpty() ? lags : List.of(lags.getLast())) {
            ObjectNode byGroup = points.addArray()
                    .add(Math.rint(point.seconds * 1000) / 1000)
                    .addObject();
            point.byGroup.forEach(byGroup::put);
        }
        return node;
    }

    private static void write(String sink, Seen its, ObjectNode node) {
        node.put("sink", sink).put("problem", its.problem);
        ArrayNode logs = node.putArray("logs");
        for (Log log : its.target.logs()) {
            ObjectNode one = logs.addObject().put("name", log.name()).put("end", log.end());
            one.put("partitionCount", log.partitions().size());
            log.settings().forEach(one.putObject("settings")::put);
            ArrayNode partitions = one.putArray("partitions");
            for (Partition partition : log.partitions().stream().limit(MOST).toList()) {
                partitions
                        .addObject()
                        .put("number", partition.number())
                        .put("end", partition.end())
                        .put("replicas", partition.replicas())
                        .put("inSync", partition.inSync());
            }
        }
        ArrayNode groups = node.putArray("groups");
        for (Group group : its.target.groups().stream().limit(MOST).toList()) {
            groups.addObject()
                    .put("name", group.name())
                    .put("log", group.log())
                    .put("state", group.state())
                    .put("members", group.members())
                    .put("lag", group.lag());
        }
        its.target.remarks().forEach(node.putArray("remarks")::add);
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
