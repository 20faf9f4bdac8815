package io.dataflux.cli;

import io.dataflux.ConfigurationException;
import io.dataflux.DeliveryException;
import java.util.List;

/**
 * Starts the program, and says what went wrong. Run {@code dataflux --help}. Names nothing that is large: the JVM loads what this class
 * names before it can be told what to do when memory is low.
 */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        LowMemory.watch();
        int code = run(List.of(args), new Stdout());
        System.err.flush();
        System.exit(code);
    }

    static int run(List<String> words, Stdout out) {
        try {
            int code = Program.run(words, out);
            out.flush();
            return code;
        } catch (ConfigurationException e) {
            System.err.println(Terminal.bad(e.getMessage()));
            return Command.WRONG_INPUT;
        } catch (DeliveryException e) {
            System.err.println(Terminal.bad(e.getMessage()));
            return Command.FAILED;
        } catch (ClosedOutputException e) {
            return Command.GOOD; // it has read what it wanted, as in `sample ... | head`
        } catch (Interrupts.SignalledException e) {
            return e.exitCode();
        } catch (InterruptedException e) {
            return Command.INTERRUPTED;
        } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
            if (LowMemory.isCauseOf(e)) {
                LowMemory.end();
            }
            System.err.println("dataflux: this is a defect of DataFlux; please report it with these lines:");
            e.printStackTrace();
            return Command.DEFECT;
        }
    }
}
