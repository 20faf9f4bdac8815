package io.dataflux.cli;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads the classes of one plugin: its own first, so that it can bring other versions of libraries that the program has. What the two talk
 * through comes from the program: Java, DataFlux and slf4j.
 */
final class PluginLoader extends URLClassLoader {

    static {
        registerAsParallelCapable();
    }

    private static final String SERVICES = "META-INF/services/io.dataflux.";

    PluginLoader(String name, URL[] jars, ClassLoader program) {
        super("plugin " + name, jars, program);
    }

    private static boolean isShared(String name) {
        return name.startsWith("java.") || name.startsWith("io.dataflux.") || name.startsWith("org.slf4j.");
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (isShared(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                try {
                    loaded = findClass(name);
                } catch (ClassNotFoundException e) {
                    return super.loadClass(name, resolve);
                }
            }
            if (resolve) {
                resolveClass(loaded);
            }
            return loaded;
        }
    }

    @Override
    public @Nullable URL getResource(String name) {
        URL own = findResource(name);
        return own == null ? super.getResource(name) : own;
    }

    /** Of the services of DataFlux only its own: the program's are found by the program. */
    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> all = new ArrayList<>(Collections.list(findResources(name)));
        if (!name.startsWith(SERVICES)) {
            all.addAll(Collections.list(getParent().getResources(name)));
        }
        return Collections.enumeration(all);
    }
}
