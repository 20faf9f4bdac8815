package io.dataflux.testkit;

import io.dataflux.verify.Verdict;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Makes the streams of {@link DataFluxStream}, names them in failures, and closes them after the test. */
final class DataFluxExtension
        implements ParameterResolver, TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {

    private static final Namespace NAMESPACE = Namespace.create(DataFluxExtension.class);

    /** The streams of one test. JUnit 5 closes what is of its own type, JUnit 6 what is closeable. */
    @SuppressWarnings("deprecation")
    private static final class Streams implements ExtensionContext.Store.CloseableResource, AutoCloseable {

        private final List<TestStream<?>> made = new ArrayList<>();

        @Override
        public void close() throws IOException {
            for (TestStream<?> stream : made) {
                stream.close();
            }
            made.clear();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.isAnnotated(DataFluxStream.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        if (parameter.getParameter().getType() != TestStream.class) {
            throw new ParameterResolutionException(
                    "a parameter with @DataFluxStream is a TestStream<...>, such as" + " TestStream<Event>, not a "
                            + parameter.getParameter().getType().getSimpleName());
        }
        Type declared = parameter.getParameter().getParameterizedType();
        Type type = declared instanceof ParameterizedType full ? full.getActualTypeArguments()[0] : Object.class;
        DataFluxStream wanted = parameter.findAnnotation(DataFluxStream.class).orElseThrow();
        TestStream<?> stream;
        try {
            stream = new StreamRequest(wanted, test, parameter.getIndex()).make(Decoder.of(type));
        } catch (IllegalArgumentException e) {
            throw new ParameterResolutionException(
                    String.valueOf(e.getMessage()), e); // JUnit puts nothing before this one
        }
        streams(test).made.add(stream);
        return stream;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
        throw named(test, failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
        throw named(test, failure);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
        throw named(test, failure);
    }

    /** The failure, with those of the test's streams that it does not name. A {@link Verdict} names its own. */
    private static Throwable named(ExtensionContext test, Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        for (TestStream<?> stream : streams(test).made) {
            if (!message.contains(stream.tag())) {
                failure.addSuppressed(new Note("with " + stream));
            }
        }
        return failure;
    }

    private static Streams streams(ExtensionContext test) {
        ExtensionContext.Store store = test.getStore(NAMESPACE);
        Streams streams = store.get(Streams.class, Streams.class);
        if (streams == null) {
            streams = new Streams();
            store.put(Streams.class, streams);
        }
        return streams;
    }

    /** Words that go along with a failure, shown below its stack trace. */
    static final class Note extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Note(String text) {
            super(text, null, false, false);
        }

        @Override
        @SuppressWarnings("OverrideThrowableToString") // a note in a trace, under no class name
        public String toString() {
            return String.valueOf(getMessage());
        }
    }
}
