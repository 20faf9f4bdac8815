package io.dataflux.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: which commands there are, and what runs one. */
@CommandLine.Command(
        synopsisHeading = "%nusage: ",
        customSynopsis = "${COMMAND-NAME} COMMAND ...",
        description =
                "DataFlux sends synthetic event streams and finds out what a system lost, repeated, reordered or altered",
        optionListHeading = "%n",
        commandListHeading = "%n",
        footerHeading = "%n",
        footer = {
            "${COMMAND-NAME} COMMAND --help explains a command. Data goes to stdout, messages go to stderr.",
            "Exit codes: 0 success, 1 delivery failed, the verdict has findings or diff found a difference, 2 wrong input,"
                    + " 3 DataFlux itself was too slow, 70 a defect of DataFlux, 130, 143 or 129 stopped before its limit by Ctrl-C,"
                    + " kill or a closed terminal."
        })
final class Program {

    private static final Map<String, Supplier<Command>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("demo", DemoCommand::new);
        COMMANDS.put("init", InitCommand::new);
        COMMANDS.put("run", RunCommand::new);
        COMMANDS.put("validate", ValidateCommand::new);
        COMMANDS.put("verify", VerifyCommand::new);
        COMMANDS.put("runs", RunsCommand::new);
        COMMANDS.put("report", ReportCommand::new);
        COMMANDS.put("diff", DiffCommand::new);
        COMMANDS.put("clean", CleanCommand::new);
        COMMANDS.put("streams", StreamsCommand::new);
        COMMANDS.put("sample", SampleCommand::new);
        COMMANDS.put("plot", PlotCommand::new);
        COMMANDS.put("schema", SchemaCommand::new);
        COMMANDS.put("fingerprint", FingerprintCommand::new);
        COMMANDS.put("draws", DrawsCommand::new);
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "prints this help; so does help, and help COMMAND that of a command")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "prints the version, the Java it runs on, and which sinks, routers and generators there are")
    boolean version;

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            order = Integer.MAX_VALUE - 1,
            description = "takes further sinks, routers and generators from the jars in this folder"
                    + " (default: plugins of the distribution)")
    private @Nullable Path plugins;

    private Program() {}

    /** Runs the command that the words ask for, or says what is wrong with them; returns its exit code. */
    static int run(List<String> words, Stdout out) throws Exception {
        try {
            return parsed(words, out);
        } catch (ParameterException e) {
            System.err.print(Mistakes.text(e.getCommandLine().getCommandSpec(), List.of(e)));
            return Command.WRONG_INPUT;
        }
    }

    private static int parsed(List<String> words, Stdout out) throws Exception {
        List<String> line = new ArrayList<>(words);
        if (words.isEmpty()) {
            line.add("--help");
        } else if (words.get(0).equals("help")) { // before a command it is one for all of them
            line.remove(0);
            line.add("--help");
        }
        CommandLine program = commandLine(line);
        ParseResult all = program.parseArgs(line.toArray(String[]::new));
        List<Exception> mistakes = new ArrayList<>(all.errors());
        ParseResult command = all;
        while (command.hasSubcommand()) {
            command = command.subcommand();
            mistakes.addAll(command.errors());
        }
        CommandLine its = command.commandSpec().commandLine();
        if (mistakes.isEmpty() && !all.unmatched().isEmpty()) { // which --help hides
            mistakes.add(new UnmatchedArgumentException(its, all.unmatched()));
        }
        if (command.isUsageHelpRequested() && mistakes.isEmpty()) {
            System.err.print(its.getUsageMessage());
            return words.isEmpty() ? Command.WRONG_INPUT : Command.GOOD;
        } else if (mistakes.isEmpty() && command == all && !all.isVersionHelpRequested()) {
            mistakes.add(new ParameterException(its, "COMMAND is missing"));
        }
        if (!mistakes.isEmpty()) {
            System.err.print(Mistakes.text(command.commandSpec(), mistakes));
            return Command.WRONG_INPUT;
        }
        return ((Program) program.getCommandSpec().userObject()).run(command, out);
    }

    /** What plugins bring is found through the class loader of the thread, and of those that it starts. */
    private int run(ParseResult command, Stdout out) throws Exception {
        if (plugins != null && !Files.isDirectory(plugins)) {
            throw new ParameterException(
                    command.commandSpec().commandLine(), "--plugins " + plugins + ": there is no such folder");
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        Plugins found = Plugins.in(Optional.ofNullable(plugins));
        if (!found.loaded().isEmpty()) {
            thread.setContextClassLoader(found);
        }
        try {
            if (command.isVersionHelpRequested()) {
                out.text(Version.text(found));
                return Command.GOOD;
            }
            return ((Command) command.commandSpec().userObject()).run(out);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** The commands that the words name, or else all: what is not needed takes time. */
    static CommandLine commandLine(List<String> words) {
        boolean named = words.stream().anyMatch(COMMANDS::containsKey);
        CommandLine program = new CommandLine(new Program()).setCommandName(Command.program());
        program.getCommandSpec().parser().collectErrors(true);
        COMMANDS.forEach((name, command) -> {
            if (!named || words.contains(name)) {
                CommandLine its = new CommandLine(command.get());
                its.getCommandSpec().parser().collectErrors(true);
                program.addSubcommand(name, its);
            }
        });
        return program.registerConverter(Path.class, new PathConverter())
                .setExpandAtFiles(false)
                .setUsageHelpWidth(Terminal.columns())
                .setColorScheme(Help.defaultColorScheme(Terminal.ansi()));
    }

    /** A class, since Java 17 archives neither a lambda of an interface as old as this one nor any class that implements it then. */
    private static final class PathConverter implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) {
            return Path.of(text); // whose exception says what is wrong
        }
    }
}
