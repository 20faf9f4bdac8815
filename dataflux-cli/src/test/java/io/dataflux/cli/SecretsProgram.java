package io.dataflux.cli;

import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.spi.Settings.Secret;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Does everything that a user can do with each configuration of a folder, and prints everything there is to print: the output of the
 * program, every stack trace, and the text of every object of ours that a plan, a run, a report or a verdict holds. Runs in a JVM of its
 * own, with secrets in its environment and every logger at DEBUG.
 */
final class SecretsProgram {

    private static final int MOST_OBJECTS = 200_000;

    private SecretsProgram() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        List<Path> configs;
        try (var files = Files.list(folder)) {
            configs = files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
        for (Path config : configs) {
            String name = config.getFileName().toString().replace(".yaml", "");
            Path output = folder.resolve("out-" + name);
            say("=== " + name);
            say("validate " + name + " exit "
                    + Main.run(List.of("validate", config.toString()), new Stdout(System.out)));
            int code = Main.run(
                    List.of("run", config.toString(), "--output", output.toString(), "--tag", "5ec2e7"),
                    new Stdout(System.out));
            say("run " + name + " exit " + code);
            Path report = output.resolve("005ec2e7/report.json");
            if (Files.exists(report)) {
                say("verify " + name + " exit "
                        + Main.run(
                                List.of(
                                        "verify",
                                        config.toString(),
                                        "--output",
                                        output.toString(),
                                        "--report",
                                        report.toString()),
                                new Stdout(System.out)));
            }
            inCode(config, folder.resolve("code-" + name));
        }
    }

    @SuppressWarnings("CatchAndPrintStackTrace") // what it prints is what is looked at
    private static void inCode(Path config, Path output) {
        try {
            Plan plan = DataFlux.plan(config, Map.of("output", output.toString(), "tag", "c0de"), System.getenv());
            texts(plan);
            try (Run run = plan.start()) {
                texts(run);
                var report = run.await();
                texts(run);
                texts(report);
                for (String sink : plan.readableSinks()) {
                    texts(plan.verify(sink, report.ledger(), reader -> reader));
                }
            }
        } catch (Exception e) {
            e.printStackTrace();
        }
    }

    private static void say(String text) {
        System.err.println(text);
    }

    /** Prints the text of each object of ours that can be reached, and of each collection of them. */
    private static void texts(Object root) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> left = new ArrayDeque<>(List.of(root));
        while (!left.isEmpty() && seen.size() < MOST_OBJECTS) {
            Object object = left.pop();
            if (!seen.add(object)) {
                continue;
            }
            if (isOurs(object)) {
                say(object.getClass().getName() + " = " + object);
            }
            if (!(object instanceof Secret)) {
                for (Object part : parts(object)) {
                    if (part instanceof Map<?, ?> map && !map.isEmpty()) {
                        say(object.getClass().getName() + " has " + map);
                    }
                    left.push(part);
                }
            }
        }
    }

    private static boolean isOurs(Object object) {
        return object.getClass().getName().startsWith("io.dataflux.");
    }

    private static List<Object> parts(Object object) {
        List<Object> parts = new ArrayList<>();
        if (object instanceof Map<?, ?> map) {
            parts.addAll(map.values());
        } else if (object instanceof Collection<?> all) {
            parts.addAll(all);
        } else if (object instanceof Optional<?> some) {
            some.ifPresent(parts::add);
        } else if (object instanceof Object[]) {
            for (int i = 0; i < Math.min(1000, Array.getLength(object)); i++) {
                parts.add(Array.get(object, i));
            }
        } else if (isOurs(object)) {
            fields(object, parts);
        }
        parts.removeIf(part -> part == null || part instanceof String || part instanceof Number);
        return parts;
    }

    private static void fields(Object object, List<Object> parts) {
        for (Class<?> type = object.getClass(); type != null && type.getName().startsWith("io.dataflux."); ) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    try {
                        field.setAccessible(true);
                        parts.add(field.get(object));
                    } catch (ReflectiveOperationException e) {
                        throw new LinkageError(field.toString(), e);
                    }
                }
            }
            type = type.getSuperclass();
        }
    }
}
