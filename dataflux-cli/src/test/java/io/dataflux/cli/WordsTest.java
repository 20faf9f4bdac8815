package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.model.Field;
import io.dataflux.model.Fields;
import io.dataflux.model.Kind;
import io.dataflux.model.Kind.Bound;
import io.dataflux.model.Kind.Choice;
import io.dataflux.model.Kind.Length;
import io.dataflux.model.Spread;
import io.dataflux.model.StreamDefinition.Rate;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void everyKindHasWordsOfItsOwn() throws ReflectiveOperationException {
        List<String> words = new ArrayList<>();
        for (Class<?> type : records(Kind.class)) {
            String said = Words.of(new Field(sample(type)));
            assertThat(said).as(type.getSimpleName()).isNotBlank().doesNotContain("null", "[", "@");
            words.add(said);
        }
        assertThat(words).hasSizeGreaterThan(20).doesNotHaveDuplicates();
    }

    @Test
    void howOftenAFieldIsNullOrAbsentIsSaidBehindItsKind() {
        assertThat(Words.of(Fields.bool("2.5%").nullable("1%").absent("0.5%")))
                .isEqualTo("true in 2.5% of events, null in 1% of events, absent from 0.5% of events");
    }

    private static List<Class<?>> records(Class<?> type) {
        return Stream.of(type.getPermittedSubclasses())
                .flatMap(each -> each.isRecord() ? Stream.<Class<?>>of(each) : records(each).stream())
                .toList();
    }

    private static Kind sample(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        return (Kind) constructor.newInstance(
                Stream.of(components).map(WordsTest::value).toArray());
    }

    private static Object value(RecordComponent component) {
        Class<?> type = component.getType();
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        if (type == List.class) {
            return component.getGenericType().getTypeName().contains("Choice")
                    ? List.of(new Choice("red", BigDecimal.ONE))
                    : List.of("red", "blue");
        }
        Map<Class<?>, Object> samples = Map.ofEntries(
                Map.entry(Object.class, "red"),
                Map.entry(String.class, "some {}"),
                Map.entry(boolean.class, true),
                Map.entry(int.class, 1),
                Map.entry(long.class, 1L),
                Map.entry(BigDecimal.class, BigDecimal.ONE),
                Map.entry(Duration.class, Duration.ofMinutes(1)),
                Map.entry(Rate.class, new Rate(5, 1)),
                Map.entry(Bound.class, Bound.of(5)),
                Map.entry(Length.class, new Length(1, 5, null)),
                Map.entry(Spread.class, new Spread.Zipf(BigDecimal.ONE)),
                Map.entry(Field.class, Fields.sequence(0)),
                Map.entry(Map.class, Map.of("red", Fields.sequence(0))));
        assertThat(samples).as("a value for %s", component).containsKey(type);
        return samples.get(type);
    }
}
