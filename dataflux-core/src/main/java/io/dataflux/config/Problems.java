package io.dataflux.config;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import java.util.ArrayList;
import java.util.List;

/** Collects the mistakes found while something is planned. Used by one thread. */
public final class Problems {

    private final List<Problem> found = new ArrayList<>();

    public void add(String path, String what) {
        found.add(new Problem(path, what));
    }

    public boolean none() {
        return found.isEmpty();
    }

    public int count() {
        return found.size();
    }

    /** @throws ConfigurationException with all problems, if there are any */
    public void throwIfAny(String source) {
        if (!found.isEmpty()) {
            throw new ConfigurationException(source, found);
        }
    }
}
