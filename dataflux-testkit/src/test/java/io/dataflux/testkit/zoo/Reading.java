package io.dataflux.testkit.zoo;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/** An order in which several sources are read, each from its beginning to its end. */
enum Reading {
    AS_SENT {
        @Override
        <T> List<T> of(List<T> all, List<List<T>> sources, long seed) {
            return all;
        }
    },
    /** Some records of one source, then some of another. */
    BY_TURNS {
        @Override
        <T> List<T> of(List<T> all, List<List<T>> sources, long seed) {
            Random random = new Random(seed);
            List<Iterator<T>> left = new ArrayList<>();
            sources.forEach(source -> left.add(source.iterator()));
            List<T> read = new ArrayList<>();
            while (read.size() < all.size()) {
                Iterator<T> source = left.get(random.nextInt(left.size()));
                for (int i = random.nextInt(200); i >= 0 && source.hasNext(); i--) {
                    read.add(source.next());
                }
            }
            return read;
        }
    },
    ONE_AFTER_THE_OTHER {
        @Override
        <T> List<T> of(List<T> all, List<List<T>> sources, long seed) {
            return sources.stream().flatMap(List::stream).toList();
        }
    };

    abstract <T> List<T> of(List<T> all, List<List<T>> sources, long seed);
}
