package io.dataflux.testkit.zoo;

import io.dataflux.testkit.zoo.Work.Out;
import io.dataflux.verify.Finding;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One more thing that goes wrong, as far as possible from what a broken system did: it must be found as well. */
enum SecondFault {
    LOST {
        @Override
        void add(Work work, Message to) {
            work.out.removeIf(out -> to.equals(out.of()));
            work.note(Finding.LOST, to);
        }
    },
    REPEATED {
        @Override
        void add(Work work, Message to) {
            work.emit(to, recordOf(work, to).record());
            work.noteRepeated(to);
        }
    },
    ALTERED {
        @Override
        void add(Work work, Message to) {
            Out right = recordOf(work, to);
            work.out.set(work.out.indexOf(right), new Out(to, work.shape.altered(right.record())));
            work.note(Finding.CORRUPTED, to);
        }
    },
    STRANGER {
        @Override
        void add(Work work, Message to) {
            Map<String, Object> stranger = Map.of("orderId", "ord_somebody else's");
            work.emitStranger(
                    work.shape == Shape.COPY ? "{\"order_id\":\"x\"}".getBytes(StandardCharsets.UTF_8) : stranger);
        }
    };

    abstract void add(Work work, Message to);

    /** Adds this fault, or a stranger if the system did nothing right that could be spoiled. */
    void addTo(Work work) {
        Message farthest = farthest(work);
        (farthest == null ? STRANGER : this).add(work, farthest);
    }

    private static Out recordOf(Work work, Message message) {
        return work.out.stream()
                .filter(out -> message.equals(out.of()))
                .findFirst()
                .orElseThrow();
    }

    /** Of the messages with which all is right, the one that is farthest from any with which something is wrong. */
    private static Message farthest(Work work) {
        Map<Finding, List<Long>> book = work.book();
        TreeSet<Long> touched = new TreeSet<>();
        book.forEach((finding, events) -> touched.addAll(finding == Finding.FOREIGN ? List.of() : events));
        Set<String> mixedUp = new HashSet<>();
        Set<Long> reordered = new HashSet<>(book.getOrDefault(Finding.REORDERED, List.of()));
        work.in.stream().filter(m -> reordered.contains(m.sequence)).forEach(m -> mixedUp.add(m.key));
        Message farthest = null;
        long distance = 0;
        for (Out out : work.out) {
            if (out.of() != null && !mixedUp.contains(out.of().key)) {
                Long below = touched.floor(out.of().sequence);
                Long above = touched.ceiling(out.of().sequence);
                long near = Math.min(
                        below == null ? Long.MAX_VALUE : out.of().sequence - below,
                        above == null ? Long.MAX_VALUE : above - out.of().sequence);
                if (near > distance) {
                    distance = near;
                    farthest = out.of();
                }
            }
        }
        return farthest;
    }
}
