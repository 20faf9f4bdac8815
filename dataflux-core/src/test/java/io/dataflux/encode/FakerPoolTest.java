package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.datafaker.Faker;
import net.datafaker.providers.base.AbstractProvider;
import org.junit.jupiter.api.Test;

class FakerPoolTest {

    private static List<Object> drawn(String expression) {
        return FakerPool.draw(expression, 3, 42);
    }

    /** All methods without parameters of all providers, such as {@code Finance.creditCard}; reduced to one in twelve. */
    private static List<String> methods() {
        TreeSet<String> methods = new TreeSet<>();
        for (Method provider : Faker.class.getMethods()) {
            if (provider.getParameterCount() == 0
                    && AbstractProvider.class.isAssignableFrom(provider.getReturnType())) {
                for (Method method : provider.getReturnType().getDeclaredMethods()) {
                    if (method.getParameterCount() == 0
                            && method.getReturnType() == String.class
                            && Modifier.isPublic(method.getModifiers())) {
                        methods.add(provider.getReturnType().getSimpleName() + "." + method.getName());
                    }
                }
            }
        }
        List<String> some = new ArrayList<>();
        for (String method : methods) {
            if (Boolean.getBoolean("dataflux.thorough") || Math.floorMod(method.hashCode(), 12) == 0) {
                some.add(method);
            }
        }
        return some;
    }

    private static String lowerCase(String method) {
        return method.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + method.substring(1);
    }

    private static String underscored(String method) {
        return lowerCase(method).replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(java.util.Locale.ROOT);
    }

    @Test
    void methodsInLowerCaseAreKnown() {
        int known = 0;
        for (String method : methods()) {
            try {
                drawn("#{" + method + "}");
            } catch (IllegalArgumentException e) {
                continue; // reads the clock, or is none
            }
            known++;
            for (String written : List.of(lowerCase(method), underscored(method))) {
                assertThat(drawn("#{" + written + "}")).as(written).hasSize(3);
            }
        }
        assertThat(known).isGreaterThan(50);
    }

    @Test
    void whatDatafakerReadsAsAKeyOfItsFilesIsTheMethodOfThatName() {
        for (String method : List.of("Finance.creditCard", "Commerce.productName", "Internet.userAgent")) {
            List<Object> values = drawn("#{" + method + "}");
            assertThat(drawn("#{" + lowerCase(method) + "}")).as(method).isEqualTo(values);
            assertThat(drawn("#{" + underscored(method) + "}")).as(method).isEqualTo(values);
            assertThat(drawn("<#{" + underscored(method) + "}>"))
                    .isEqualTo(values.stream().map(value -> "<" + value + ">").toList());
        }
        assertThat(drawn("#{name.full_name}")).isEqualTo(drawn("#{Name.fullName}"));
        assertThat(drawn("#{number.number_between '1','10'}")).isEqualTo(drawn("#{Number.numberBetween '1','10'}"));
    }

    @Test
    void whatDatafakerDoesNotKnowIsRefused() {
        for (String unknown :
                List.of("#{finance.credit_kard}", "#{Finance.creditKard}", "#{finanz.creditCard}", "#{x}")) {
            assertThatThrownBy(() -> drawn(unknown))
                    .as(unknown)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("is not known to Datafaker ");
        }
    }
}
