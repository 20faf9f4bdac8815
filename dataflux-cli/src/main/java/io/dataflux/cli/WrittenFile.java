package io.dataflux.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Checks what a command is to write before it does anything else: a path that cannot be written is a mistake on the command line. */
final class WrittenFile implements ITypeConverter<Path> {

    /** A file that an option names; nothing is left there. A pipe or device is taken as it is, a link for what it leads to. */
    @Override
    public Path convert(String text) {
        Path file = Path.of(text);
        String problem = problem(file);
        if (problem != null) {
            throw new TypeConversionException(file + ": " + problem);
        }
        return file;
    }

    private static @Nullable String problem(Path file) {
        if (Files.isDirectory(file)) {
            return "this is a folder; name a file in it";
        }
        if (Files.exists(file)) {
            return Files.isWritable(file)
                    ? (Files.isRegularFile(file) ? problemBeside(file) : null)
                    : "it cannot be written: permission denied; name another file";
        }
        return Files.isSymbolicLink(file) ? problemOfLink(file) : problemBeside(file);
    }

    /** A file is replaced by another one that was written beside it. */
    private static @Nullable String problemBeside(Path file) {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent()); // it is no folder, so not the root
        try {
            folder = Files.exists(file)
                    ? Objects.requireNonNull(file.toRealPath().getParent())
                    : folder;
            Files.delete(Files.createTempFile(folder, ".dataflux", ".try"));
            return null;
        } catch (IOException e) {
            return !Files.exists(folder)
                    ? "there is no folder " + folder + "; create it, or name a file in another one"
                    : !Files.isDirectory(folder)
                            ? folder + " is not a folder; name a file in one"
                            : "no file can be created in " + folder + "; name a file in another folder";
        }
    }

    /** The link leads to nothing; what it leads to is to be created. */
    private static @Nullable String problemOfLink(Path link) {
        try {
            Files.newByteChannel(link, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
            Files.delete(link.toRealPath());
            return null;
        } catch (IOException e) {
            return "this link leads to where no file can be created; name a file";
        }
    }

    /** A folder that a command is to write in; it is created. */
    static Path folder(Path folder, Function<String, ParameterException> mistake) {
        try {
            return Files.isDirectory(folder) ? folder : Files.createDirectories(folder);
        } catch (IOException e) {
            throw mistake.apply("--output " + folder
                    + ": the folder cannot be created; name one that can be, in a place that can be written");
        }
    }
}
