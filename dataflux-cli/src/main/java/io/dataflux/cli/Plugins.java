package io.dataflux.cli;

import io.dataflux.spi.EventGenerator;
import io.dataflux.spi.RegionRouter;
import io.dataflux.spi.SinkProvider;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/**
 * Sinks, routers and generators that are not part of the program: each jar in the folder of plugins, or each folder in it with a jar and the
 * libraries that it needs, has a class loader of its own. One that cannot be used is said to be in one sentence, and left out.
 *
 * <p>The library finds what they bring with {@link ServiceLoader}, through the context class loader of the thread that plans, which is this
 * one.
 */
final class Plugins extends ClassLoader {

    /** The folder of a distribution, from its launcher. */
    private static final String FOLDER = "dataflux.plugins";

    private static final String SERVICES = "META-INF/services/io.dataflux.";

    /**
     * One plugin.
     *
     * @param types what it brings, such as {@code sink tally}
     */
    record Plugin(Path file, List<String> types) {}

    private final List<Plugin> loaded = new ArrayList<>();
    private final List<PluginLoader> loaders = new ArrayList<>();
    /** Which plugin has a class that provides something. */
    private final Map<String, PluginLoader> providers = new LinkedHashMap<>();

    private Plugins(ClassLoader program) {
        super("plugins", program);
    }

    /** The plugins in a folder, or in that of the distribution if none is named. Prints what is wrong with the others. */
    static Plugins in(Optional<Path> named) {
        Plugins plugins = new Plugins(Plugins.class.getClassLoader());
        String usual = System.getProperty(FOLDER, "");
        Path folder = named.orElseGet(() -> usual.isEmpty() ? Path.of("") : Path.of(usual));
        if ((named.isPresent() || !usual.isEmpty()) && Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.sorted().forEach(plugins::add);
            } catch (IOException e) {
                System.err.println("plugins in " + folder + " cannot be read: " + e);
            }
        }
        return plugins;
    }

    List<Plugin> loaded() {
        return loaded;
    }

    private void add(Path file) {
        try {
            List<URL> jars = jars(file);
            if (!jars.isEmpty()) {
                load(file, jars);
            }
        } catch (IOException | ServiceConfigurationError | LinkageError | RuntimeException e) {
            System.err.println("plugin " + file + " is left out: " + reason(e));
        }
    }

    /** The jars of a plugin; none if the file is something else. */
    private static List<URL> jars(Path file) throws IOException {
        List<URL> jars = new ArrayList<>();
        if (Files.isDirectory(file)) {
            try (Stream<Path> files = Files.list(file)) {
                for (Path each : files.sorted().toList()) {
                    addJar(each, jars);
                }
            }
        } else {
            addJar(file, jars);
        }
        return jars;
    }

    private static void addJar(Path file, List<URL> jars) throws IOException {
        if (file.toString().endsWith(".jar")) {
            new JarFile(file.toFile()).close(); // or says why not
            jars.add(url(file));
        }
    }

    private static URL url(Path file) throws MalformedURLException {
        return file.toUri().toURL();
    }

    private void load(Path file, List<URL> jars) {
        PluginLoader loader = new PluginLoader(
                String.valueOf(file.getFileName()), jars.toArray(URL[]::new), Plugins.class.getClassLoader());
        Map<String, String> found = new LinkedHashMap<>(); // by class
        find(SinkProvider.class, "sink ", SinkProvider::type, loader, found);
        find(RegionRouter.Provider.class, "router ", RegionRouter.Provider::type, loader, found);
        find(EventGenerator.Provider.class, "generator ", EventGenerator.Provider::type, loader, found);
        if (found.isEmpty()) {
            throw new IllegalStateException(
                    "it lists no sink, router or generator in META-INF/services; if it is a library of"
                            + " a plugin, put both into a folder of their own below " + file.getParent());
        }
        for (String provider : found.keySet()) {
            PluginLoader other = providers.get(provider);
            if (other != null) {
                throw new IllegalStateException(
                        "its class " + provider + " is also in " + other.getName() + "; remove one of the two");
            }
        }
        found.keySet().forEach(provider -> providers.put(provider, loader));
        loaders.add(loader);
        loaded.add(new Plugin(file, List.copyOf(found.values())));
    }

    /** Makes one of each, so that what is broken shows now. */
    private static <P> void find(
            Class<P> service, String word, Function<P, String> typeOf, PluginLoader loader, Map<String, String> found) {
        for (P provider : ServiceLoader.load(service, loader)) {
            found.put(provider.getClass().getName(), word + typeOf.apply(provider));
        }
    }

    private static String reason(Throwable e) {
        Throwable cause = e instanceof ServiceConfigurationError && e.getCause() != null ? e.getCause() : e;
        if (cause instanceof ZipException) {
            return "it is not a jar (" + cause.getMessage() + "); copy it again, or remove it";
        } else if (cause instanceof UnsupportedClassVersionError) {
            return "it was built for a newer Java than this one, "
                    + Runtime.version().feature() + ": " + cause.getMessage();
        } else if (cause instanceof NoClassDefFoundError || cause instanceof ClassNotFoundException) {
            return "it lacks the class " + String.valueOf(cause.getMessage()).replace('/', '.')
                    + "; put its libraries beside it, into a folder of their own";
        }
        return e instanceof IllegalStateException ? String.valueOf(e.getMessage()) : cause.toString();
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        PluginLoader loader = providers.get(name);
        if (loader == null) {
            throw new ClassNotFoundException(name);
        }
        return loader.loadClass(name);
    }

    @Override
    protected Enumeration<URL> findResources(String name) throws IOException {
        List<URL> all = new ArrayList<>();
        if (name.startsWith(SERVICES)) {
            for (PluginLoader loader : loaders) {
                all.addAll(Collections.list(loader.findResources(name)));
            }
        }
        return Collections.enumeration(all);
    }
}
