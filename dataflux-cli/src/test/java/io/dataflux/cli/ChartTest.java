package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/**
 * The chart is linted and rendered by Helm, and what it renders is read as what Kubernetes knows. There is no cluster in a build; what the pods
 * of a run would execute is executed by processes of this machine, one of which is killed and started again.
 */
@DisabledOnOs(OS.WINDOWS)
class ChartTest {

    private static final Path CHART = Path.of("..", "deploy", "chart", "dataflux");
    private static final Path SETS = Path.of("src", "test", "resources", "io", "dataflux", "cli", "chart");
    private static final YAMLMapper YAML = new YAMLMapper();

    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1 ConfigMap",
            ConfigMap.class,
            "v1 Secret",
            Secret.class,
            "v1 Service",
            Service.class,
            "v1 PersistentVolumeClaim",
            PersistentVolumeClaim.class,
            "apps/v1 StatefulSet",
            StatefulSet.class,
            "batch/v1 Job",
            Job.class,
            "networking.k8s.io/v1 NetworkPolicy",
            NetworkPolicy.class);

    /** Refuses fields that Kubernetes does not know, which the model would keep aside. */
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(MapperConfig<?> config, Annotated member) {
                    return false;
                }
            })
            .build();

    @TempDir
    Path folder;

    private final Map<Process, Path> outputs = new HashMap<>();

    @ParameterizedTest
    @ValueSource(strings = {"endless", "limited", "shared", "shared-endless", "everything", "bare"})
    void aSetOfValuesIsLintedAndRendersWhatKubernetesAndTheProgramKnow(String set) throws Exception {
        LintResult lint = new Helm(chartWith(set)).lint().strict().call();
        assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();

        List<JsonNode> rendered = rendered(template(set));
        for (JsonNode resource : rendered) {
            if (!resource.path("kind").asText().equals("ServiceMonitor")) {
                assertThat(read(resource).getMetadata().getName()).isEqualTo(name(resource));
            }
        }
        Path configuration = configuration(rendered, folder);
        Map<String, String> environment =
                new LinkedHashMap<>(Map.of("KAFKA_PASSWORD", "5ecret", "DATAFLUX_TOKEN", "a-token-of-the-test-0123"));
        only(rendered, "Secret")
                .ifPresent(secret -> secret.path("stringData")
                        .properties()
                        .forEach(each ->
                                environment.put(each.getKey(), each.getValue().asText())));
        Ended valid = ended(start("valid", folder, environment, plus(program(), "validate", configuration.toString())));
        assertThat(valid.code).as(valid.said).isZero();
    }

    @Test
    void aFieldThatKubernetesDoesNotKnowIsFound() throws Exception {
        JsonNode run = only(rendered(template("endless")), "StatefulSet").orElseThrow();
        ((ObjectNode) run.at("/spec/template/spec/containers/0")).put("workingDirectory", "/data");
        assertThatThrownBy(() -> read(run))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining("workingDirectory");
    }

    @Test
    void aRunWithALimitIsAJobAndOneWithoutIsAStatefulSet() throws Exception {
        Job job = (Job) read(only(rendered(template("everything")), "Job").orElseThrow());
        assertThat(job.getSpec().getCompletionMode()).isEqualTo("Indexed");
        assertThat(job.getSpec().getCompletions()).isEqualTo(2);
        assertThat(job.getSpec().getParallelism()).isEqualTo(2);
        Container each = job.getSpec().getTemplate().getSpec().getContainers().get(0);
        assertThat(each.getVolumeMounts())
                .anySatisfy(mount -> assertThat(mount.getSubPathExpr()).isEqualTo("$(ORDINAL)"));

        StatefulSet endless = (StatefulSet)
                read(only(rendered(template("shared-endless")), "StatefulSet").orElseThrow());
        assertThat(endless.getSpec().getReplicas()).isEqualTo(4);
        assertThat(endless.getSpec().getVolumeClaimTemplates()).hasSize(1);
        for (var pod : List.of(
                job.getSpec().getTemplate().getSpec(),
                endless.getSpec().getTemplate().getSpec())) {
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            Container container = pod.getContainers().get(0);
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/health/live");
            assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/health/ready");
            assertThat(container.getResources().getLimits()).containsKey("memory");
        }
    }

    @Test
    void theServiceMonitorReadsTheMetricsWithTheToken() throws Exception {
        JsonNode monitor =
                only(rendered(template("everything")), "ServiceMonitor").orElseThrow();
        assertThat(monitor.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
        JsonNode endpoint = monitor.at("/spec/endpoints/0");
        assertThat(endpoint.path("path").asText()).isEqualTo("/metrics");
        assertThat(endpoint.at("/authorization/credentials").toString())
                .isEqualTo("{\"name\":\"page\",\"key\":\"DATAFLUX_TOKEN\"}");
        assertThat(only(rendered(template("endless")), "ServiceMonitor")).isEmpty();
    }

    @Test
    void anotherNumberOfPartsOrAnotherNameIsAnotherRun() throws Exception {
        Set<String> tags = new HashSet<>();
        for (TemplateCommand template : List.of(
                template("shared"),
                template("shared").set("replicaCount", 4),
                template("shared").set("run", "second"),
                template("shared").withName("other"),
                template("shared").withNamespace("other"))) {
            assertThat(tags.add(tag(rendered(template)))).isTrue();
        }
        assertThat(tag(rendered(template("shared").set("config.events_per_second", 9))))
                .isIn(tags);
        assertThat(tags).allMatch(tag -> tag.matches("[0-9a-f]{8}"));
    }

    private static String tag(List<JsonNode> rendered) {
        return line(rendered).replaceFirst(".* --tag (\\S+) .*", "$1");
    }

    @Test
    void itsImageHasTheVersionOfThisBuild() throws Exception {
        Properties build = new Properties();
        try (InputStream file = ChartTest.class.getResourceAsStream("/dataflux.properties")) {
            build.load(file);
        }
        assertThat(container(rendered(template("limited"))).getImage()).isEqualTo("dataflux:" + build.get("version"));
    }

    @Test
    void valuesThatMakeNoSenseAreRefusedInOneSentence() {
        assertThatThrownBy(() -> template("bare").set("config.sinks", "null").call())
                .hasMessageContaining("config.sinks: a run needs a sink");
        assertThatThrownBy(() -> template("bare").set("replicaCount", 0).call())
                .hasMessageContaining("replicaCount: 0 parts cannot share a run; 1 or more can");
        assertThatThrownBy(() -> template("bare").set("monitor.enabled", true).call())
                .hasMessageContaining("secrets.DATAFLUX_TOKEN: the live page needs a token");
        assertThatThrownBy(() ->
                        template("bare").set("serviceMonitor.enabled", true).call())
                .hasMessageContaining("there are no metrics without the live page");
    }

    @Test
    void podsThatShareARunDeliverItExactlyWhenOneIsKilledAndStartedAgain() throws Exception {
        List<JsonNode> rendered = rendered(template("shared")
                .set("config.sinks.lake.dir", folder.resolve("lake").toString()));
        Path configuration = configuration(rendered, folder);
        String tag = tag(rendered);

        List<Process> pods = new ArrayList<>();
        try {
            for (int ordinal = 0; ordinal < 3; ordinal++) {
                pods.add(pod(rendered, ordinal, "pod"));
            }
            Process second = pods.get(1);
            await().atMost(Duration.ofMinutes(4)).until(() -> !second.isAlive() || stored(2) > 0);
            second.destroyForcibly();
            assertThat(ended(second).code).as(said(second)).isEqualTo(137);
            for (Process other : List.of(pods.get(0), pods.get(2))) {
                assertThat(ended(other).code).as(said(other)).isZero();
            }

            Ended without = ended(start("without", folder, Map.of(), verify(configuration, tag)));
            assertThat(without.code).as(without.said).isNotZero();
            assertThat(without.said).contains("2of3");

            Process again = pod(rendered, 1, "again");
            pods.add(again);
            Ended resumed = ended(again);
            assertThat(resumed.code).as(resumed.said).isZero();
            assertThat(resumed.said).contains("resuming run");
            Ended verdict = ended(start("verdict", folder, Map.of(), verify(configuration, tag)));
            assertThat(verdict.code).as(verdict.said).isZero();
            assertThat(verdict.said).contains("60,000 acknowledged");
        } finally {
            pods.forEach(Process::destroyForcibly);
        }
    }

    // rendering

    private static TemplateCommand template(String set) {
        return new Helm(CHART)
                .template()
                .withName("load")
                .withNamespace("tests")
                .withKubeVersion("1.28.0") // the oldest that the chart takes
                .withValuesFile(SETS.resolve(set + ".yaml"));
    }

    private static List<JsonNode> rendered(TemplateCommand template) throws IOException {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(template.call())) {
            List<JsonNode> all = new ArrayList<>();
            documents.forEachRemaining(document -> {
                if (document.isObject()) {
                    all.add(document);
                }
            });
            assertThat(all).isNotEmpty();
            return all;
        }
    }

    private static Optional<JsonNode> only(List<JsonNode> rendered, String kind) {
        List<JsonNode> found = rendered.stream()
                .filter(resource -> resource.path("kind").asText().equals(kind))
                .toList();
        assertThat(found).hasSizeLessThan(2);
        return found.stream().findFirst();
    }

    private static String name(JsonNode resource) {
        return resource.at("/metadata/name").asText();
    }

    private static HasMetadata read(JsonNode resource) {
        String kind = resource.path("apiVersion").asText()
                + ' '
                + resource.path("kind").asText();
        assertThat(KINDS).containsKey(kind);
        return STRICT.readValue(resource.toString(), KINDS.get(kind));
    }

    /** A copy of the chart with these values as its own, because a chart is linted with those. */
    private Path chartWith(String set) throws IOException {
        Path copy = folder.resolve("dataflux");
        try (Stream<Path> files = Files.walk(CHART)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(CHART.relativize(file).toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        JsonNode values = YAML.readTree(Files.readString(CHART.resolve("values.yaml")));
        YAML.readerForUpdating(values).readValue(Files.readString(SETS.resolve(set + ".yaml")));
        YAML.writeValue(copy.resolve("values.yaml").toFile(), values);
        return copy;
    }

    private static Path configuration(List<JsonNode> rendered, Path folder) throws IOException {
        String text = only(rendered, "ConfigMap")
                .orElseThrow()
                .at("/data/dataflux.yaml")
                .asText();
        Path mounted = Files.createDirectories(folder.resolve("configuration"));
        return Files.writeString(mounted.resolve("dataflux.yaml"), text);
    }

    // running

    private static Container container(List<JsonNode> rendered) {
        return ((Job) read(only(rendered, "Job").orElseThrow()))
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0);
    }

    private static String line(List<JsonNode> rendered) {
        return container(rendered).getArgs().get(0);
    }

    /** What the pod with this number executes, with its folders in the test's. */
    private Process pod(List<JsonNode> rendered, int ordinal, String name) throws IOException {
        Path program = Files.writeString(
                folder.resolve(name + '-' + ordinal + ".sh"), "exec " + quoted(program()) + " \"$@\"\n");
        List<String> words = new ArrayList<>(container(rendered).getCommand());
        words.add(line(rendered)
                .replace("/opt/dataflux/bin/dataflux", "bash '" + program + "'")
                .replace("/etc/dataflux/", folder.resolve("configuration") + "/"));
        assertThat(container(rendered).getWorkingDir()).isEqualTo("/data");
        return start(name + '-' + ordinal, work(ordinal), Map.of("ORDINAL", String.valueOf(ordinal)), words);
    }

    private Path work(int ordinal) throws IOException {
        return Files.createDirectories(folder.resolve("work-" + ordinal));
    }

    private static String quoted(List<String> words) {
        return words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }

    /** How many files of this part are complete. */
    private long stored(int part) throws IOException {
        if (!Files.exists(folder.resolve("lake"))) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(folder.resolve("lake"))) {
            return files.filter(file ->
                            file.getFileName().toString().matches("clickstream-" + (part - 1) + "of3-.*\\.jsonl"))
                    .count();
        }
    }

    private List<String> verify(Path configuration, String tag) throws IOException {
        List<String> words = new ArrayList<>(program());
        words.addAll(List.of("verify", configuration.toString()));
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            words.add("--report");
            words.add(work(ordinal)
                    .resolve(Path.of("dataflux-out", tag, "report-" + (ordinal + 1) + "of3.json"))
                    .toString());
        }
        return words;
    }

    private static List<String> plus(List<String> words, String... more) {
        return Stream.concat(words.stream(), Stream.of(more)).toList();
    }

    private static List<String> program() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.dataflux.cli.Main");
    }

    private record Ended(int code, String said) {}

    private Process start(String name, Path work, Map<String, String> environment, List<String> words)
            throws IOException {
        Path said = folder.resolve(name + ".txt");
        ProcessBuilder process = new ProcessBuilder(words)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        process.environment().putAll(environment);
        Process started = process.start();
        outputs.put(started, said);
        return started;
    }

    private String said(Process process) throws IOException {
        return Files.readString(outputs.get(process));
    }

    private Ended ended(Process process) throws Exception {
        try {
            assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), said(process));
    }
}
