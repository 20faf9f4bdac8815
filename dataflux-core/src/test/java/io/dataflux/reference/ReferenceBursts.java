package io.dataflux.reference;

import java.util.stream.IntStream;

/**
 * Sessions as a list that is read out: a seat's members have theirs one after the other, round after round, and after as many rounds as a
 * table has lengths comes the next table. What the library has in tables is added up here.
 */
final class ReferenceBursts {

    private final int[][] tables;
    private final boolean fresh;
    private final int d;

    /** @param fresh whether seats begin with a session, and not in its midst */
    ReferenceBursts(int[][] tables, boolean fresh) {
        this.tables = tables;
        this.fresh = fresh;
        d = tables[0].length;
    }

    private static long sum(int[] lengths) {
        return IntStream.of(lengths).sum();
    }

    /** One seat: its members are numbered from 0; member r is in class r mod d and group r div d. */
    private final class Seat {
        final long number;
        final long key;
        final long members;
        final int firstRound;
        /** The visits of the first block of that round that are over when the stream begins. */
        final long phase;

        /** @param number among all seats of the schedule */
        Seat(long number, long key, long members) {
            this.number = number;
            this.key = key;
            this.members = members;
            long low = Long.rotateLeft(key, 32);
            int some = (int) Words64.bound(Long.rotateLeft(key, 16), d);
            if (fresh) {
                firstRound = some;
                phase = 0;
            } else if (members >= d) {
                firstRound = some;
                phase = Words64.bound(low, sum(table(0)));
            } else {
                long visit = Words64.bound(low, members * sum(table(0)));
                int round = 0;
                while (visit >= visitsOf(0, round)) {
                    visit -= visitsOf(0, round);
                    round++;
                }
                firstRound = round;
                phase = visit;
            }
        }

        /** The visits of a round. */
        long visitsOf(long window, int round) {
            long visits = 0;
            for (int c = 0; c < d; c++) {
                visits += groupsOf(c) * length(window, round, c);
            }
            return visits;
        }

        /** Of the first window, the visits that the seat lacks. */
        long missed() {
            return IntStream.range(0, firstRound)
                            .mapToLong(round -> visitsOf(0, round))
                            .sum()
                    + phase;
        }

        int[] table(long window) {
            return tables[(int) ((number + window) % tables.length)];
        }

        int shift(long window) {
            return (int) Words64.bound(window == 0 ? key : Words64.sub(key, window), d);
        }

        int length(long window, int round, int c) {
            return table(window)[(c + round + shift(window)) % d];
        }

        long groupsOf(int c) {
            return (members - c + d - 1) / d;
        }

        /** The visits that a class' first member lacks since the seat began at its phase. */
        long cut(int c) {
            long before = phase;
            for (int other = 0; other < c; other++) {
                before -= length(0, firstRound, other);
            }
            return Math.max(0, Math.min(before, length(0, firstRound, c)));
        }
    }

    /** @param seatsBefore the seats of earlier cells and shards */
    ReferenceSchedule.Place locate(long key, long members, long seats, long seatsBefore, long visit) {
        long turn = visit / seats;
        long number = new ReferenceShuffle(Words64.sub(key, turn), seats).of(visit % seats);
        Seat seat = new Seat(seatsBefore + number, Words64.sub(key, ~number), (members - number + seats - 1) / seats);
        long all = 0;
        for (int[] table : tables) {
            all += sum(table);
        }
        long x = turn + seat.missed();
        long visits = x / seat.members; // of each member, but for the window in progress
        long window = visits / all * tables.length;
        long had = visits / all * all;
        while (had + sum(seat.table(window)) <= visits) {
            had += sum(seat.table(window));
            window++;
        }
        x -= had * seat.members;
        int round = 0;
        while (x >= seat.visitsOf(window, round)) {
            x -= seat.visitsOf(window, round);
            round++;
        }
        long block = x / sum(seat.table(window));
        long step = x % sum(seat.table(window));
        int c = 0;
        while (step >= seat.length(window, round, c)) {
            step -= seat.length(window, round, c);
            c++;
        }
        long rho = window * d + round;
        long group = rho == seat.firstRound
                ? block
                : new ReferenceShuffle(Words64.sub(seat.key, -1 - (rho * d + c)), seat.groupsOf(c)).of(block);
        for (int earlier = 0; earlier < round; earlier++) {
            had += seat.length(window, earlier, c);
        }
        for (int earlier = 0; earlier < seat.firstRound; earlier++) {
            had -= seat.length(0, earlier, c);
        }
        long cut = group == 0 ? seat.cut(c) : 0;
        int missed = (int) (rho == seat.firstRound ? cut : 0);
        return new ReferenceSchedule.Place(
                (group * d + c) * seats + number,
                had + step - cut,
                rho - seat.firstRound - (cut == seat.length(0, seat.firstRound, c) ? 1 : 0),
                (int) step - missed,
                seat.length(window, round, c) - missed,
                missed);
    }
}
