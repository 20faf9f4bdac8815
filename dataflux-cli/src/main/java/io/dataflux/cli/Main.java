package io.dataflux.cli;

import io.dataflux.ConfigurationException;
import io.dataflux.DeliveryException;
import io.dataflux.cli.Arguments.UsageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The program that {@code ./dataflux} runs. It shows how to drive the library from a command line: plan, start, watch, stop, judge.
 * Run {@code ./dataflux --help}.
 */
public final class Main {

    private static final Map<String, Command> COMMANDS = new LinkedHashMap<>();

    static {
        for (Command command : List.of(
                new DemoCommand(),
                new RunCommand(),
                new ValidateCommand(),
                new VerifyCommand(),
                new StreamsCommand(),
                new SampleCommand(),
                new PlotCommand(),
                new SchemaCommand(),
                new FingerprintCommand(),
                new DrawsCommand())) {
            COMMANDS.put(command.usage().command(), command);
        }
    }

    private Main() {}

    public static void main(String[] args) {
        LowMemory.watch();
        int code = run(List.of(args), new Stdout());
        System.err.flush();
        System.exit(code);
    }

    static int run(List<String> words, Stdout out) {
        if (words.isEmpty()
                || words.get(0).equals("--help")
                || words.get(0).equals("help")
                || words.get(0).equals("-h")) {
            System.err.print(overview());
            return words.isEmpty() ? Command.WRONG_INPUT : Command.GOOD;
        }
        Command command = COMMANDS.get(words.get(0));
        if (command == null) {
            System.err.println("dataflux: there is no command '" + words.get(0) + "'"
                    + Nearest.hint("", words.get(0), COMMANDS.keySet()) + "\nsee: ./dataflux --help");
            return Command.WRONG_INPUT;
        }
        List<String> rest = new ArrayList<>(words.subList(1, words.size()));
        if (rest.contains("--help") || rest.contains("-h")) {
            System.err.print(command.usage().help());
            return Command.GOOD;
        }
        return run(command, rest, out);
    }

    private static int run(Command command, List<String> words, Stdout out) {
        try {
            int code = command.run(Arguments.parse(command.usage(), words), out);
            out.flush();
            return code;
        } catch (UsageException | ConfigurationException e) {
            System.err.println("dataflux: " + e.getMessage());
            return Command.WRONG_INPUT;
        } catch (DeliveryException e) {
            System.err.println("dataflux: " + e.getMessage());
            return Command.FAILED;
        } catch (ClosedOutputException e) {
            return Command.GOOD; // it has read what it wanted, as in `sample ... | head`
        } catch (Interrupts.SignalledException e) {
            return e.exitCode();
        } catch (InterruptedException e) {
            return Command.INTERRUPTED;
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            if (LowMemory.isCauseOf(e)) {
                LowMemory.end();
            }
            System.err.println("dataflux: this is a defect of DataFlux; please report it with these lines:");
            e.printStackTrace();
            return Command.DEFECT;
        }
    }

    private static String overview() {
        StringBuilder text = new StringBuilder(
                "DataFlux sends synthetic event streams and finds out what a system lost, repeated, reordered or altered\n\nusage: ./dataflux COMMAND ...\n\n");
        int width = COMMANDS.values().stream()
                .mapToInt(c -> c.usage().line().length())
                .max()
                .orElse(0);
        COMMANDS.values()
                .forEach(command -> text.append("  ")
                        .append(Usage.pad(command.usage().line(), width))
                        .append("  ")
                        .append(command.usage().summary())
                        .append('\n'));
        return text.append("\n./dataflux COMMAND --help explains a command. Data goes to stdout, messages go to stderr."
                        + "\nExit codes: 0 success, 1 delivery failed, the verdict has findings or --diff found a difference, 2 wrong input,"
                        + "\n3 DataFlux itself was too slow, 70 a defect of DataFlux, 130, 143 or 129 stopped before its limit by Ctrl-C,"
                        + "\nkill or a closed terminal.\n")
                .toString();
    }
}
