package io.dataflux.testkit;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Lets each test have a folder of its own, also for streams that are made without {@link DataFluxStream}. The JUnit platform finds it by
 * itself and calls it; thread-safe.
 */
public final class RunningTestListener implements TestExecutionListener {

    /** Made by the platform. */
    public RunningTestListener() {}

    @Override
    public void executionStarted(TestIdentifier test) {
        RunningTest.begins(name(test));
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        RunningTest.ends();
    }

    private static String name(TestIdentifier test) {
        Object source = test.getSource().orElse(null);
        String id = test.getUniqueId();
        if (source instanceof MethodSource method) {
            return RunningTest.name(
                    method.getJavaClass(), method.getMethodName(), method.getMethodParameterTypes(), id);
        }
        return source instanceof ClassSource type
                ? RunningTest.name(type.getJavaClass(), null, null, id)
                : RunningTest.safe(id);
    }
}
