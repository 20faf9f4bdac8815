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

    /** Chooses by the event's sequence. */
    private record BySequence() implements Node.Choice {
        @Override
        public int choice(EventState s) {
            return (int) s.sequence;
        }

        @Override
        public int choices() {
            return 2;
        }

        @Override
        public String choiceText(int choice) {
            return "" + choice;
        }

        @Override
        public int write(EventState s, byte[] b, int at) {
            return at;
        }

        @Override
        public Object value(EventState s) {
            return choice(s);
        }

        @Override
        public int maxBytes() {
            return 0;
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

    /** As in a runtime that has no hidden classes, or no class files: a template that is none, and one that is damaged. */
    @Test
    void isALoopWhereThereAreNoHiddenClasses() {
        List<Op> ops = List.of(new Digit(1), new Digit(2), new Digit(3));
        for (byte[] template : List.of(new byte[0], new byte[] {1, 2, 3})) {
            Op row = Fused.straight(ops, template);
            byte[] b = new byte[4];
            assertThat(row.getClass().getName()).doesNotContain("Unrolled");
            assertThat(row.write(new EventState(), b, 0)).isEqualTo(3);
            assertThat(b).containsExactly(1, 2, 3, 0);

            Op choice = Fused.byChoice(new BySequence(), new int[] {2, 0}, ops, template);
            EventState second = new EventState();
            second.sequence = 1;
            assertThat(choice.write(new EventState(), b, 0)).isEqualTo(1);
            assertThat(choice.write(second, b, 1)).isEqualTo(2);
            assertThat(b).containsExactly(3, 2, 3, 0);
        }
    }
}
