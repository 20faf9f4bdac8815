package io.dataflux.kafka;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeErrorException;

/** How many files and connections this process may have. A client that cannot open a connection takes the broker for silent. */
final class OpenFiles {

    /** A client has a few connections, and each some files. */
    private static final long FEW = 32;

    private OpenFiles() {}

    /** What the system counts for this process, by its name. */
    interface Counts {
        Object get(String name) throws JMException;
    }

    /** A sentence about the limit if that is near, to be read before another one; otherwise empty. */
    static String words() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        return words(name -> server.getAttribute(new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME), name));
    }

    static String words(Counts counts) {
        try {
            long limit = (Long) counts.get("MaxFileDescriptorCount");
            return words(open(counts, limit), limit);
        } catch (JMException e) {
            return ""; // this system does not count them
        }
    }

    /** To count the open files takes one more. */
    private static long open(Counts counts, long limit) throws JMException {
        try {
            return (Long) counts.get("OpenFileDescriptorCount");
        } catch (RuntimeErrorException e) {
            return limit;
        }
    }

    static String words(long open, long limit) {
        return limit - open > FEW
                ? ""
                : "this process has " + open + " of the " + limit
                        + " files and connections that it may have, so that it cannot connect: raise the limit (ulimit -n 4096)."
                        + " If that does not help: ";
    }
}
