package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Straight-line code does what a loop does, for any number of operations. */
class FusedTest {

    private record Digit(int digit) implements Op {
        @Override
        public int write(EventState s, byte[] b, int at) {
            b[at] = (byte) (digit + s.sequence);
            return at + 1;
        }
    }

    @Test
    void doesAllOperationsInTheirOrder() {
        List<Op> ops = new ArrayList<>();
        EventState state = new EventState();
        for (int count = 1; count <= 300; count++) {
            ops.add(new Digit(count % 100));
            if (count < 20 || count % 31 == 0) {
                state.sequence = count % 7;
                byte[] straight = new byte[400];
                byte[] loop = new byte[400];
                assertThat(Fused.of(ops).write(state, straight, 5)).isEqualTo(5 + count);
                assertThat(Fused.interpreted(ops).write(state, loop, 5)).isEqualTo(5 + count);
                assertThat(straight).isEqualTo(loop);
            }
        }
    }

    @Test
    void everyUseHasOperationsOfItsOwn() {
        Op ab = Fused.of(List.of(new Digit(1), new Digit(2)));
        Op cd = Fused.of(List.of(new Digit(3), new Digit(4)));
        byte[] b = new byte[4];
        cd.write(new EventState(), b, ab.write(new EventState(), b, 0));
        assertThat(b).containsExactly(1, 2, 3, 4);
        assertThat(ab.getClass()).isNotEqualTo(cd.getClass());
        assertThat(ab.getClass().isHidden()).isTrue();
        assertThat(Arrays.stream(ab.getClass().getDeclaredFields()))
                .isNotEmpty()
                .allMatch(field -> java.lang.reflect.Modifier.isFinal(field.getModifiers()));
    }
}
