package io.dataflux.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.results.Results;
import com.deque.html.axecore.selenium.AxeBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dataflux.DataFlux;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.spi.Settings;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The page in a real browser. After each test it is checked that nothing was asked of any other server and that the console has no error.
 * Pictures are written to {@code target/screenshots}.
 */
@Tag("needs-chromium")
@EnabledIf(value = "chromiumIsInstalled", disabledReason = "chromium or chromedriver is not installed")
class BrowserTest {

    private static final Path BROWSER = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String TOKEN = "0123456789abcdef0123";
    /** What is allowed to be in the console: a server that is away. */
    private static final Pattern AWAY = Pattern.compile(
            "net::ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET|EMPTY_RESPONSE)");

    private static ChromeDriver driver;

    @TempDir
    Path folder;

    private LivePage page;
    private final List<String> servers = new ArrayList<>();
    private boolean away;
    private boolean refused;

    static boolean chromiumIsInstalled() {
        return Files.isExecutable(BROWSER) && Files.isExecutable(DRIVER);
    }

    @BeforeAll
    static void start() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(BROWSER.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--no-first-run");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable("browser", Level.ALL);
        logs.enable("performance", Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(new File(DRIVER.toString()))
                        .build(),
                options);
    }

    @AfterAll
    static void stop() {
        if (driver != null) {
            driver.quit();
        }
    }

    @BeforeEach
    void open() throws IOException {
        page = open(0);
        look(false, 1280, 900);
    }

    private LivePage open(int port) throws IOException {
        LivePage opened =
                LivePage.open(new LivePage.Options(port, "localhost", new Settings.Secret(TOKEN), List.of(), true));
        servers.add(opened.url());
        return opened;
    }

    @AfterEach
    void nothingWasAskedOfOthersAndTheConsoleIsClean() throws Exception {
        driver.get("about:blank");
        page.close();
        for (LogEntry entry : driver.manage().logs().get("performance")) {
            JsonNode message = new ObjectMapper().readTree(entry.getMessage()).get("message");
            if (message.get("method").asText().equals("Network.requestWillBeSent")) {
                String url = message.at("/params/request/url").asText();
                assertThat(servers.stream().anyMatch(url::startsWith)
                                || url.startsWith("data:")
                                || url.startsWith("about:"))
                        .as(url)
                        .isTrue();
            }
        }
        assertThat(driver.manage().logs().get("browser").getAll().stream()
                        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                        .map(LogEntry::getMessage)
                        .filter(message -> !away || !AWAY.matcher(message).find())
                        .filter(message -> !refused || !message.contains("the server responded with a status of 400")))
                .isEmpty();
    }

    private static void look(boolean dark, int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    }

    private static String text(String id) {
        return String.valueOf(((JavascriptExecutor) driver)
                .executeScript("return document.getElementById(arguments[0]).textContent", id));
    }

    private static long number(String id) {
        return Long.parseLong(text(id).replace(",", ""));
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static void awaitText(String id, Pattern wanted) {
        await().atMost(LONG).untilAsserted(() -> assertThat(text(id)).matches(wanted));
    }

    private static void picture(String name) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "screenshots"));
        Object height = ((JavascriptExecutor) driver).executeScript("return document.documentElement.scrollHeight");
        Object width = ((JavascriptExecutor) driver).executeScript("return window.innerWidth");
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    @Test
    void numbersMoveAndEndEqualToTheReport() throws Exception {
        RunReport report;
        try (Run run =
                Runs.plan(folder, "events_per_second: 3000").monitoredBy(page).start()) {
            driver.get(page.address());
            awaitText("link", Pattern.compile("live"));
            awaitText("k-acknowledged", Pattern.compile("[1-9][\\d,]*"));
            assertThat(driver.getCurrentUrl())
                    .as("the token is not left on the screen")
                    .isEqualTo(page.url());
            long before = number("k-acknowledged");
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(number("k-acknowledged")).isGreaterThan(before));
            assertThat(text("tag")).isEqualTo(run.tag());
            assertThat(text("state")).startsWith("running");
            report = run.stop();
        }
        awaitText("state", Pattern.compile("ended, .*"));
        assertThat(text("state"))
                .isEqualTo("ended, " + report.validity().name().toLowerCase(Locale.ROOT) + ", complete");
        assertThat(text("k-acknowledged")).isEqualTo(count(report.acknowledged()));
        assertThat(text("k-lost")).isEqualTo("0");
        assertThat(text("k-flight")).isEqualTo("0");
        assertThat(text("k-planned")).isEqualTo("no limit");
        for (int sink = 0; sink < 2; sink++) {
            String row =
                    driver.findElements(By.cssSelector("#sinks tr")).get(sink).getText();
            assertThat(row)
                    .contains(count(report.ledger().sinks().get(sink).streams().stream()
                            .mapToLong(stream -> stream.acknowledged())
                            .sum()));
        }
        assertThat(driver.findElements(By.cssSelector("#by-stream tr"))).hasSize(2);
        assertThat(driver.findElements(By.cssSelector("#by-region tr"))).hasSize(3);
        assertThat(driver.findElements(By.cssSelector("#faults li"))).isNotEmpty();
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(driver.findElements(By.cssSelector(".chart canvas")))
                        .hasSize(5));
        assertThat(text("targets"))
                .contains("shelf<1>")
                .contains("retention 7 d")
                .contains("slow");
    }

    @Test
    void anEventIsTextAndItsNumbersAreExact() throws Exception {
        try (Run run =
                Runs.plan(folder, "events_per_second: 2000").monitoredBy(page).start()) {
            driver.get(page.address());
            WebElement hold = driver.findElement(By.id("hold"));
            List<WebElement> alerts = new ArrayList<>();
            await().atMost(LONG).until(() -> {
                hold.click(); // so that the list does not move on
                driver.findElements(By.cssSelector("#samples button")).stream()
                        .filter(button -> String.valueOf(button.getDomProperty("textContent"))
                                .contains("<script>alert(1)</script>"))
                        .forEach(alerts::add);
                if (alerts.isEmpty()) {
                    hold.click();
                }
                return !alerts.isEmpty();
            });
            WebElement sample = alerts.get(0);
            sample.sendKeys(Keys.ENTER);

            WebElement dialog = driver.findElement(By.id("event"));
            assertThat(dialog.isDisplayed()).isTrue();
            assertThat(text("event-title")).matches("orders #\\d+");
            assertThat(text("event-fields"))
                    .contains("<script>alert(1)</script>")
                    .containsPattern("big900719925474099[345]");
            assertThat(text("event-replay"))
                    .isEqualTo("./dataflux sample orders --seed 7 --from "
                            + text("event-title").replace("orders #", "") + " --count 1 --config "
                            + folder.resolve("run.yaml") + " --tag " + run.tag());
            assertThat(driver.findElements(By.tagName("script"))).hasSize(2);
            assertThat(accessibility()).isEmpty();
            picture("event");
            look(false, 1280, 900);
            new Actions(driver).sendKeys(Keys.ESCAPE).perform();
            assertThat(dialog.isDisplayed()).isFalse();
            assertThat(driver.switchTo().activeElement().getDomProperty("textContent"))
                    .as("the focus is back where it was")
                    .contains("orders");
            run.stop();
        }
    }

    @Test
    void thePageComesBackWhenTheServerDoes() throws Exception {
        away = true;
        try (Run run =
                Runs.plan(folder, "events_per_second: 100").monitoredBy(page).start()) {
            driver.get(page.address());
            awaitText("link", Pattern.compile("live"));
            int port = URI.create(page.url()).getPort();
            page.close();
            awaitText("link", Pattern.compile("connection lost; trying again"));
            assertThat(text("tag")).as("what was known stays").isEqualTo(run.tag());
            run.stop();
            page = open(port);
        }
        try (Run second =
                Runs.plan(folder, "events_per_second: 100").monitoredBy(page).start()) {
            awaitText("link", Pattern.compile("live"));
            awaitText("tag", Pattern.compile(second.tag()));
            awaitText("k-acknowledged", Pattern.compile("[1-9][\\d,]*"));
            second.stop();
        }
    }

    @Test
    void theRunIsPausedMadeFasterAndStoppedByTheButtons() throws Exception {
        refused = true;
        RunReport report;
        try (Run run =
                Runs.plan(folder, "events_per_second: 200").monitoredBy(page).start()) {
            driver.get(page.address());
            awaitText("k-acknowledged", Pattern.compile("[1-9][\\d,]*"));
            driver.findElement(By.id("pause")).click();
            awaitText("state", Pattern.compile("paused"));
            assertThat(run.progress().paused()).isTrue();
            awaitText("k-wanted", Pattern.compile("paused"));
            assertThat(accessibility()).isEmpty();

            WebElement speed = driver.findElement(By.id("speed"));
            speed.clear();
            speed.sendKeys("9999999");
            ((JavascriptExecutor) driver).executeScript("document.getElementById('speed-form').noValidate = true");
            speed.sendKeys(Keys.ENTER);
            awaitText("refused", Pattern.compile("speed 9999999\\.0: 0\\.001 to 1000000 is allowed; .*"));
            assertThat(accessibility()).isEmpty();
            speed.clear();
            speed.sendKeys("3", Keys.ENTER);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(run.progress().speed()).isEqualTo(3));
            driver.findElement(By.id("pause")).click();
            awaitText("k-wanted", Pattern.compile("of .* wanted"));
            awaitText("facts", Pattern.compile(".*speed 3.*"));

            WebElement late = driver.findElement(By.cssSelector("#switches label[data-key='orders late'] input"));
            assertThat(late.isSelected()).isTrue();
            late.sendKeys(Keys.SPACE);
            await().atMost(LONG).until(() -> run.switches().stream().anyMatch(fault -> !fault.on()));
            awaitText("changes", Pattern.compile("'orders' has no fault 'late' from event \\d+ on"));
            assertThat(late.isSelected()).isFalse();
            assertThat(accessibility()).isEmpty();

            driver.findElement(By.id("stop")).click();
            assertThat(driver.findElement(By.id("stop-dialog")).isDisplayed()).isTrue();
            assertThat(text("stop-title")).isEqualTo("Stop run " + run.tag() + "?");
            assertThat(accessibility()).isEmpty();
            picture("stop");
            look(false, 1280, 900);
            driver.findElement(By.id("stop-no")).click();
            assertThat(run.progress().sinks().get(0).done()).as("asked first").isFalse();
            driver.findElement(By.id("stop")).click();
            driver.findElement(By.id("stop-yes")).click();
            report = run.await();
        }
        awaitText("state", Pattern.compile("ended, .*"));
        assertThat(driver.findElement(By.id("controls")).isDisplayed()).isFalse();
        assertThat(report.ledger().touches()).hasSize(5);
        assertThat(driver.findElements(By.cssSelector("#touches li b")).stream().map(WebElement::getText))
                .containsExactly("stopped", "changed", "resumed", "speed 3", "paused");
        picture("touched");
    }

    @Test
    void aRunThatBeginsLaterIsShownAndAnEarlierOneCanBeChosen() throws Exception {
        driver.get(page.address());
        awaitText("summary", Pattern.compile("No run has begun yet\\."));
        RunReport first = Runs.plan(folder, "limits: {events: 500}\nspeed: max")
                .monitoredBy(page)
                .start()
                .await();
        awaitText("tag", Pattern.compile(first.tag()));
        awaitText("k-acknowledged", Pattern.compile(count(first.acknowledged())));
        RunReport second = Runs.plan(folder, "limits: {events: 700}\nspeed: max")
                .monitoredBy(page)
                .start()
                .await();
        awaitText("tag", Pattern.compile(second.tag()));
        awaitText("k-acknowledged", Pattern.compile(count(second.acknowledged())));
        driver.findElement(By.cssSelector("#runs option[value='" + first.tag() + "']"))
                .click();
        awaitText("k-acknowledged", Pattern.compile(count(first.acknowledged())));
        assertThat(text("tag")).isEqualTo(first.tag());
    }

    @Test
    void withoutATokenThePageAsksForIt() throws Exception {
        Runs.plan(folder, "limits: {events: 500}\nspeed: max")
                .monitoredBy(page)
                .start()
                .await();
        driver.get(page.url());
        ((JavascriptExecutor) driver).executeScript("sessionStorage.clear()");
        driver.get(page.url());
        awaitText("notice-text", Pattern.compile("This page needs the token.*"));
        assertThat(text("tag")).isEqualTo("…");
        assertThat(accessibility()).isEmpty();
        driver.findElement(By.id("token")).sendKeys(TOKEN, Keys.ENTER);
        awaitText("k-acknowledged", Pattern.compile("[1-9][\\d,]*"));
        assertThat(driver.findElement(By.id("notice")).isDisplayed()).isFalse();
    }

    private static List<String> accessibility() {
        Results results = new AxeBuilder().analyze(driver);
        return results.getViolations().stream()
                .map(rule -> rule.getId() + ": " + rule.getNodes().get(0).getHtml() + " "
                        + rule.getNodes().get(0).getFailureSummary())
                .toList();
    }

    /** A run with some of everything: several sinks, of which one is slow and one fails, faults, regions. */
    private Run busy() throws IOException {
        Path file = Files.writeString(folder.resolve("busy.yaml"), """
                seed: 42
                events_per_second: steps 3000/s, 6000/s, 9000/s, 5000/s each 8s repeat
                streams:
                  orders:
                    key: {entity: "cust_{}", count: 1000, shards: 8}
                    identity: id
                    weight: 3
                    fields:
                      id: {id: "ord_{}"}
                      customer: {copy: key}
                      note: {pick: ["<script>alert(1)</script>", "gift", "express"]}
                      total: {decimal: ["1.00", "499.99"]}
                    faults: {duplicate: 1%%, late: {share: 1%%, by: [1s, 90s]}, corrupt: 0.5%%}
                  clickstream: {weight: 4}
                  cdc: {weight: 1}
                  iot: {weight: 2}
                regions: {eu: {weight: 4}, us: {weight: 3}, asia: {weight: 2}}
                sinks:
                  events: {type: "null", lanes: 2}
                  archive: {type: file}
                  keep: {type: mock}
                  shelf: {type: shelf}
                region_sinks: {eu: [events, archive], us: [events, keep, shelf], default: [events]}
                output: {dir: '%s'}
                """.formatted(folder.resolve("out")));
        return DataFlux.plan(file).monitoredBy(page).start();
    }

    @Test
    void everybodyCanUseItInLightAndDarkAndOnAPhone() throws Exception {
        try (Run run = busy()) {
            driver.get(page.address());
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(driver.findElements(By.cssSelector("#samples button")))
                            .hasSizeGreaterThan(8));
            await().atMost(LONG).untilAsserted(() -> assertThat(points()).isGreaterThan(25));
            for (boolean dark : new boolean[] {false, true}) {
                for (int width : new int[] {1280, 390}) {
                    look(dark, width, 900);
                    await().untilAsserted(() -> assertThat(((JavascriptExecutor) driver)
                                    .executeScript("return document.documentElement.scrollWidth <= window.innerWidth"))
                            .as("nothing is wider than the screen")
                            .isEqualTo(true));
                    assertThat(accessibility())
                            .as("dark %s, %s px", dark, width)
                            .isEmpty();
                    picture((dark ? "dark-" : "light-") + width);
                }
            }
            run.stop();
        }
    }

    /** How many seconds the page has a figure for. */
    private static long points() {
        String time = text("facts").replaceAll(".*running for ", "");
        String[] parts = time.split(":", -1);
        return Long.parseLong(parts[0]) * 60 + Long.parseLong(parts[1]);
    }

    @Test
    void allOfItCanBeReachedByTheKeyboard() throws Exception {
        try (Run run =
                Runs.plan(folder, "events_per_second: 500").monitoredBy(page).start()) {
            driver.get(page.address());
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(driver.findElements(By.cssSelector("#samples button")))
                            .isNotEmpty());
            List<String> reached = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                new Actions(driver).sendKeys(Keys.TAB).perform();
                WebElement at = driver.switchTo().activeElement();
                reached.add(at.getTagName() + "#" + at.getDomProperty("id"));
            }
            assertThat(reached).contains("a#", "button#hold", "button#", "summary#", "div#");
            run.stop();
        }
    }
}
