package io.dataflux.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.StackWalker.StackFrame;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The test that runs now, to name the folder that its files are put in: by class, method and, if it is one of several, the number of the
 * invocation. Each thread has its own; where the platform tells nothing, the calls on the stack do. Thread-safe.
 */
final class RunningTest {

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final Pattern NUMBER = Pattern.compile("(?:-invocation|dynamic-test|dynamic-container):#(\\d+)\\]");
    private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9._+-]");
    private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.+)\\$\\d+");
    private static final int LONGEST = 150;

    private static final ThreadLocal<Deque<String>> NAMES = ThreadLocal.withInitial(ArrayDeque::new);
    private static final Map<String, Integer> STREAMS = new ConcurrentHashMap<>();

    private RunningTest() {}

    /** From now on this thread runs a test of that name, perhaps within another one. */
    static void begins(String name) {
        NAMES.get().push(name);
        STREAMS.remove(name);
    }

    static void ends() {
        NAMES.get().poll();
    }

    /** A new, empty folder for the next stream of the test that this thread runs. */
    static Path folder() {
        String name = NAMES.get().peek();
        return folder(name == null ? fromStack() : name);
    }

    /** A new, empty folder for the next stream of a test. */
    static Path folder(String name) {
        int number = STREAMS.merge(name, 1, Integer::sum);
        return emptied(StreamOrigin.outputFolder().resolve(number == 1 ? name : name + "+" + number));
    }

    /**
     * A name that no other test has, safe for files.
     *
     * @param method null for what belongs to the class
     * @param parameters distinguish methods of the same name; null if they are not known
     * @param id the platform's unique id, which has the number of the invocation; may be empty
     */
    static String name(Class<?> type, @Nullable String method, @Nullable String parameters, String id) {
        String canonical = type.getCanonicalName();
        StringBuilder name = new StringBuilder(canonical == null ? type.getName() : canonical);
        if (method != null) {
            name.append('.').append(method);
        }
        long same = Arrays.stream(type.getDeclaredMethods())
                .filter(each -> each.getName().equals(method) && !each.isSynthetic())
                .count();
        if (same > 1 && parameters != null) {
            name.append('-').append(hash(parameters));
        }
        Matcher numbers = NUMBER.matcher(id);
        while (numbers.find()) {
            name.append('-').append(numbers.group(1));
        }
        return safe(name.toString());
    }

    /** A name for a folder that a file system takes, and that differs if the text does. */
    static String safe(String text) {
        String safe = UNSAFE.matcher(text).replaceAll("_");
        return safe.equals(text) && text.length() <= LONGEST
                ? text
                : safe.substring(0, Math.min(LONGEST, safe.length())) + "-" + hash(text);
    }

    /** Where the code is that asked for a stream, such as {@code OrdersTest.java:57}. */
    static String caller() {
        return STACK.walk(frames -> frames.filter(RunningTest::isOutside).findFirst())
                .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                .orElse("an unknown place");
    }

    /** The test method that called, or whoever did if none. */
    private static String fromStack() {
        List<StackFrame> frames =
                STACK.walk(all -> all.filter(RunningTest::isOutside).toList());
        Optional<StackFrame> test = frames.stream().filter(RunningTest::isTest).findFirst();
        return test.or(() -> frames.stream().findFirst())
                .map(frame -> name(frame.getDeclaringClass(), method(frame), null, ""))
                .orElse("main");
    }

    private static boolean isOutside(StackFrame frame) {
        Class<?> type = frame.getDeclaringClass();
        return type != RunningTest.class && type != StreamOrigin.class && type != TestStream.class;
    }

    private static boolean isTest(StackFrame frame) {
        try {
            return Arrays.stream(frame.getDeclaringClass().getDeclaredMethods())
                    .filter(each -> each.getName().equals(method(frame)))
                    .flatMap(each -> Arrays.stream(each.getAnnotations()))
                    .map(each -> each.annotationType().getSimpleName())
                    .anyMatch(name -> name.endsWith("Test") || name.equals("TestFactory"));
        } catch (LinkageError e) {
            return false; // a class of some framework whose optional parts are not there
        }
    }

    private static String method(StackFrame frame) {
        Matcher lambda = LAMBDA.matcher(frame.getMethodName());
        return lambda.matches() ? lambda.group(1) : frame.getMethodName();
    }

    private static String hash(String text) {
        CRC32 hash = new CRC32();
        hash.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(hash.getValue());
    }

    /** The folder without what an earlier run of the test left in it. */
    private static Path emptied(Path folder) {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException("cannot empty " + folder, e);
            }
        }
        return folder;
    }
}
