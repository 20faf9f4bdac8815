package io.dataflux.reference;

/**
 * Sessions as a list that is read out: a seat's members have theirs one after the other, round after round. What the library has
 * in tables is added up here.
 */
final class ReferenceBursts {

    private final int[] lengths;
    private final int d;
    private final long sum;

    ReferenceBursts(int[] lengths) {
        this.lengths = lengths;
        d = lengths.length;
        sum = java.util.stream.IntStream.of(lengths).sum();
    }

    /** One seat: its members are numbered from 0; member r is in class r mod d and group r div d. */
    private final class Seat {
        final long key;
        final long members;
        final long phase;

        Seat(long key, long members) {
            this.key = key;
            this.members = members;
            long firstBlock = 0;
            for (int c = 0; c < Math.min(members, d); c++) {
                firstBlock += length(0, 0, c);
            }
            phase = Words64.bound(Long.rotateLeft(Words64.sub(key, 0), 32), firstBlock);
        }

        int shift(long window) {
            return (int) Words64.bound(Words64.sub(key, window), d);
        }

        int length(long window, int round, int c) {
            return lengths[(c + round + shift(window)) % d];
        }

        long groupsOf(int c) {
            return (members - c + d - 1) / d;
        }

        /** The visits that a class' first member lacks since the seat began at its phase. */
        long cut(int c) {
            long before = phase;
            for (int other = 0; other < c; other++) {
                before -= length(0, 0, other);
            }
            return Math.max(0, Math.min(before, length(0, 0, c)));
        }
    }

    ReferenceSchedule.Place locate(long key, long members, long seats, long visit) {
        long turn = visit / seats;
        long number = new ReferenceShuffle(Words64.sub(key, turn), seats).of(visit % seats);
        Seat seat = new Seat(Words64.sub(key, ~number), (members - number + seats - 1) / seats);
        long x = turn + seat.phase;
        long window = x / (seat.members * sum);
        x %= seat.members * sum;
        int round = 0;
        long had = window * sum;
        while (x >= roundVisits(seat, window, round)) {
            x -= roundVisits(seat, window, round);
            round++;
        }
        long block = x / sum;
        long step = x % sum;
        int c = 0;
        while (step >= seat.length(window, round, c)) {
            step -= seat.length(window, round, c);
            c++;
        }
        long rho = window * d + round;
        long group = rho == 0
                ? block
                : new ReferenceShuffle(Words64.sub(seat.key, -1 - (rho * d + c)), seat.groupsOf(c)).of(block);
        for (int earlier = 0; earlier < round; earlier++) {
            had += seat.length(window, earlier, c);
        }
        long cut = group == 0 ? seat.cut(c) : 0;
        boolean first = rho == 0;
        return new ReferenceSchedule.Place(
                (group * d + c) * seats + number,
                had + step - cut,
                cut == seat.length(0, 0, c) ? rho - 1 : rho,
                (int) (step - (first ? cut : 0)),
                (int) (seat.length(window, round, c) - (first ? cut : 0)));
    }

    private long roundVisits(Seat seat, long window, int round) {
        long visits = 0;
        for (int c = 0; c < d; c++) {
            visits += seat.groupsOf(c) * seat.length(window, round, c);
        }
        return visits;
    }
}
