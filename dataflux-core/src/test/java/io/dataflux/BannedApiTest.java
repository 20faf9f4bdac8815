package io.dataflux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What core must not call, because an event would then depend on something else than seed, definition and sequence. It
 * reads the sources as text, without comments and literals. A hash container is allowed where its line, or the line above,
 * says {@code // order never seen}; everything else only by the list {@link #ALLOWED}.
 */
class BannedApiTest {

    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final String MARK = "// order never seen";

    private record Rule(String name, Pattern pattern, String instead) {}

    /** Files whose path starts with {@code path} may break the rule, for this reason. */
    private record Allowed(String path, String rule, String reason) {}

    private record Breach(String file, int line, Rule rule, String text) {
        @Override
        public String toString() {
            return file + ":" + line + " " + rule.name + ": " + text + " (" + rule.instead + ")";
        }
    }

    private static final List<Allowed> ALLOWED = List.of(
            new Allowed(
                    "io/dataflux/engine/Ticker.java",
                    "clock",
                    "pacing and elapsed time are about the run, not its bytes"),
            new Allowed("io/dataflux/engine/RunClock.java", "clock", "`--start-at` is a time of day to wait for"),
            new Allowed("io/dataflux/engine/RunPlan.java", "clock", "a `--start-at` that is long gone is a mistake"),
            new Allowed("io/dataflux/engine/RunPlan.java", "random", "the tag of a run must differ from all others"),
            new Allowed(
                    "io/dataflux/encode/FakerPool.java",
                    "random",
                    "Datafaker draws from it, seeded, while a plan is made"),
            new Allowed(
                    "io/dataflux/verify/TimedJudging.java",
                    "clock",
                    "a verification ends by its deadline, whatever it judges"),
            new Allowed(
                    "io/dataflux/verify/Waiting.java",
                    "clock",
                    "waiting for arrivals is about the system that is judged"),
            new Allowed("io/dataflux/DataFlux.java", "clock", "what a configuration means by `start: now`"),
            new Allowed("io/dataflux/sinks/MockSink", "clock", "the time is in a file's name, never in an event"));

    private static final List<Rule> RULES = List.of(
            rule(
                    "clock",
                    "System\\s*\\.\\s*(currentTimeMillis|nanoTime)|\\b[A-Z]\\w*\\s*(\\.|::)\\s*now\\b|Clock\\s*\\.\\s*(system|tick)|new Date\\(\\)",
                    "time is a function of the sequence"),
            rule(
                    "random",
                    "\\b(ThreadLocalRandom|SplittableRandom|SecureRandom|RandomGenerator)\\b|(?<!\\w)Random\\b"
                            + "|Math\\s*\\.\\s*random|randomUUID|Collections\\s*\\.\\s*shuffle",
                    "draws are keyed by seed, sequence and path"),
            rule(
                    "hash order",
                    "new\\s+(\\w+\\.)*(Concurrent|Weak|Identity)?Hash(Map|Set)\\b|(?<!Linked)Hash(Map|Set)::new"
                            + "|\\b(Map|Set)\\s*\\.\\s*(of|ofEntries|copyOf)\\b|\\bnewKeySet\\b"
                            + "|\\b(toSet|toMap|toUnmodifiable(Set|Map)|groupingBy(Concurrent)?|partitioningBy)\\(|identityHashCode",
                    "use a list, a linked or a sorted container, or say '" + MARK + "'"),
            rule(
                    "locale",
                    "to(Lower|Upper)Case\\(\\s*\\)|\\bString\\s*\\.\\s*format\\(\\s*(?!Locale\\b)|\\.\\s*formatted\\("
                            + "|\\bprintf\\(\\s*(?!Locale\\b)|Locale\\s*\\.\\s*getDefault|new DecimalFormat\\("
                            + "|NumberFormat\\s*\\.\\s*get|new Formatter\\(|ofPattern\\([^,;]*\\)\\s*[;.,)]|ofLocalized",
                    "name Locale.ROOT"),
            rule(
                    "charset",
                    "getBytes\\(\\s*\\)|defaultCharset|new String\\(\\s*\\w+\\s*\\)|new (FileReader|FileWriter|Scanner|PrintWriter)\\("
                            + "|new (InputStreamReader|OutputStreamWriter|PrintStream)\\([^,;]*\\)\\s*[;)]|toString\\(\\s*\\)\\s*\\.getBytes\\(\\s*\\)",
                    "name StandardCharsets.UTF_8"),
            rule(
                    "zone",
                    "systemDefault\\(|TimeZone\\s*\\.\\s*getDefault|new GregorianCalendar|Calendar\\s*\\.",
                    "name ZoneOffset.UTC"),
            rule(
                    "text of a double",
                    "(Double|Float)\\s*\\.\\s*toString\\(|(Double|Float)::toString",
                    "its text changed in JDK 19: write scaled longs"),
            rule(
                    "inexact mathematics",
                    "(?<!Strict)\\bMath\\s*(\\.|::)\\s*(log|log10|log1p|exp|expm1|pow|a?sin|a?cos|a?tan|atan2|sinh|cosh|tanh|cbrt|hypot)\\b"
                            + "|import static java\\.lang\\.Math\\b",
                    "use StrictMath at plan time, or tables of integers"));

    private static Rule rule(String name, String pattern, String instead) {
        return new Rule(name, Pattern.compile(pattern), instead);
    }

    @Test
    void coreCallsNothingThatMakesAnEventDependOnMoreThanItsDefinition() throws IOException {
        List<Breach> breaches = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                String name = SOURCES.relativize(file).toString().replace('\\', '/');
                breaches.addAll(breaches(name, Files.readString(file)));
            }
        }
        assertThat(breaches).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "long t = System.nanoTime();",
                "Instant i = Instant.now();",
                "Supplier<LocalDate> s = LocalDate::now;",
                "var r = new Random(7);",
                "UUID u = UUID.randomUUID();",
                "Map<String, Long> m = new HashMap<>();",
                "var m = new java.util.HashMap<String, Long>();",
                "var s = Set.of(a, b);",
                "var m = list.stream().collect(groupingBy(x -> x));",
                "var s = name.toLowerCase();",
                "var s = String.format(\n    pattern, 1);",
                "var s = pattern.formatted(1);",
                "var f = DateTimeFormatter.ofPattern(text);",
                "byte[] b = name.getBytes();",
                "var s = new String(bytes);",
                "var r = new InputStreamReader(in);",
                "var z = ZoneId.systemDefault();",
                "var s = Double.toString(d);",
                "double d = Math.log(x);",
                "import static java.lang.Math.pow;"
            })
    void findsWhatIsBanned(String source) {
        assertThat(breaches("io/dataflux/X.java", source)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "// Instant.now() is banned",
                "/* new HashMap<>() */ /** Math.log(x) */",
                "String s = \"Instant.now() \\\" Math.log(1)\";",
                "String s = \"\"\"\n  new HashMap<>() \"quoted\"\n  \"\"\";",
                "char c = '\"'; // new HashSet<>()",
                "var m = new HashMap<String, Long>(); // order never seen",
                "// order never seen: asked by key only\nvar m = Map.copyOf(other);",
                "var m = new LinkedHashMap<String, Long>();",
                "var s = String.format(Locale.ROOT, pattern, 1);",
                "var f = DateTimeFormatter.ofPattern(text, Locale.ROOT);",
                "byte[] b = name.getBytes(StandardCharsets.UTF_8);",
                "double d = StrictMath.log(x) + Math.sqrt(x);"
            })
    void leavesAloneWhatIsAllowed(String source) {
        assertThat(breaches("io/dataflux/X.java", source)).isEmpty();
    }

    @Test
    void anAllowanceHoldsForItsFilesAndItsRuleOnly() {
        assertThat(breaches("io/dataflux/engine/Ticker.java", "long t = System.nanoTime();"))
                .isEmpty();
        assertThat(breaches("io/dataflux/engine/Ticker.java", "double d = Math.random();"))
                .hasSize(1);
        assertThat(breaches("io/dataflux/engine/Pace.java", "long t = System.nanoTime();"))
                .hasSize(1);
    }

    @Test
    void aBreachNamesFileLineRuleAndWayOut() {
        assertThat(breaches("io/dataflux/X.java", "int a;\ndouble d = Math.log(x);"))
                .singleElement()
                .hasToString("io/dataflux/X.java:2 inexact mathematics: double d = Math.log(x);"
                        + " (use StrictMath at plan time, or tables of integers)");
    }

    private static List<Breach> breaches(String file, String source) {
        String code = withoutCommentsAndLiterals(source);
        List<String> lines = source.lines().toList();
        List<Breach> found = new ArrayList<>();
        for (Rule rule : RULES) {
            Matcher matcher = rule.pattern.matcher(code);
            while (matcher.find()) {
                int line = (int) code.substring(0, matcher.start())
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
                boolean marked = rule.name.equals("hash order")
                        && (lines.get(line).contains(MARK)
                                || (line > 0 && lines.get(line - 1).contains(MARK)));
                if (!marked && !allowed(file, rule)) {
                    found.add(new Breach(file, line + 1, rule, lines.get(line).strip()));
                }
            }
        }
        return found;
    }

    private static boolean allowed(String file, Rule rule) {
        return ALLOWED.stream().anyMatch(allowed -> file.startsWith(allowed.path) && rule.name.equals(allowed.rule));
    }

    private static final Pattern COMMENT_OR_LITERAL = Pattern.compile(
            "//[^\n]*|/\\*.*?\\*/|\"\"\".*?(?<!\\\\)\"\"\"|\"(?:[^\"\\\\\n]++|\\\\.)*+\"|'(?:[^'\\\\\n]|\\\\.)+'",
            Pattern.DOTALL);

    /** The same text with a blank for each character of a comment, and of a literal between its quotes. */
    private static String withoutCommentsAndLiterals(String source) {
        return COMMENT_OR_LITERAL
                .matcher(source)
                .replaceAll(match -> match.group().replaceAll("[^\n]", " "));
    }
}
