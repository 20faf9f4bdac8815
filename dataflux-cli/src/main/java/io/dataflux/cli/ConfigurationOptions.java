package io.dataflux.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which configuration a command takes, and what overrides it for every command alike. */
final class ConfigurationOptions {

    /** The configuration of the working directory. */
    static final Path DEFAULT = Path.of("dataflux.yaml");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "the configuration (default: dataflux.yaml)")
    private @Nullable Path file;

    @Option(names = "--seed", paramLabel = "S", description = "the seed (default: the configuration's)")
    private @Nullable String seed;

    @Option(
            names = SetOption.NAME,
            paramLabel = "PATH=VALUE",
            converter = SetOption.class,
            description = SetOption.MEANING)
    private List<Map.Entry<String, String>> settings = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "the folder for reports and files (default: the configuration's, or dataflux-out)")
    private @Nullable String output;

    /** @throws ParameterException if none is named and there is none in the working directory */
    Path file() {
        if (file != null) {
            return file;
        }
        if (!Files.exists(DEFAULT)) {
            throw new ParameterException(
                    command.commandLine(),
                    "FILE is missing, and this folder has no " + DEFAULT + "; name a configuration, or write one with "
                            + Command.program() + " init");
        }
        return DEFAULT;
    }

    /** As the library takes them, together with those of a run. */
    Map<String, String> flags(Map<String, String> ofRun) {
        Map<String, String> flags = new LinkedHashMap<>(ofRun);
        RunOptions.put(flags, "seed", seed);
        RunOptions.put(flags, "output", output);
        flags.putAll(SetOption.flags(settings, command));
        return flags;
    }

    /** The words that name the same configuration and folder in another command. */
    String words() {
        StringJoiner words = new StringJoiner(" ");
        if (file != null) {
            words.add(Command.quoted(file.toString()));
        }
        settings.forEach(
                setting -> words.add(SetOption.NAME).add(Command.quoted(setting.getKey() + '=' + setting.getValue())));
        if (seed != null) {
            words.add("--seed").add(Command.quoted(seed));
        }
        if (output != null) {
            words.add("--output").add(Command.quoted(output));
        }
        return words.toString();
    }
}
