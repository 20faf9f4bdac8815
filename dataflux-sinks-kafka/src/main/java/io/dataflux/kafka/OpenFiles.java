package io.dataflux.kafka;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** How many files and connections this process may have. A client that cannot open a connection takes the broker for silent. */
final class OpenFiles {

    /** A client has a few connections, and each some files. */
    private static final long FEW = 32;

    private OpenFiles() {}

    /** A sentence about the limit if that is near, to be read before another one; otherwise empty. */
    static String words() {
        try {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            ObjectName system = new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME);
            return words((Long) server.getAttribute(system, "OpenFileDescriptorCount"), (Long)
                    server.getAttribute(system, "MaxFileDescriptorCount"));
        } catch (JMException e) {
            return ""; // this system does not count them
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
