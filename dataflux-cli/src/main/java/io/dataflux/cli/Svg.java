package io.dataflux.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Charts as SVG text, all of the same size. Each states its figures in a {@code title} too, for readers who cannot see it. */
final class Svg {

    private static final int WIDTH = 520;
    private static final int HEIGHT = 200;
    private static final int LEFT = 56;
    private static final int BOTTOM = 26;
    private static final int TOP = 10;
    private static final int RIGHT = 12;
    private static final int BINS = 48;

    private final StringBuilder body = new StringBuilder();

    private Svg() {}

    /** A line with the area below it, from zero; x labels at its ends. */
    static String area(double[] values, String unit, String first, String last) {
        return area(values, new double[0], unit, first, last);
    }

    /** The same, with what was wanted as a dashed line. */
    static String area(double[] values, double[] wanted, String unit, String first, String last) {
        Svg svg = new Svg();
        double most = 0;
        for (double value : values) {
            most = Math.max(most, value);
        }
        for (double value : wanted) {
            most = Math.max(most, value);
        }
        double top = svg.yAxis(most, unit);
        if (wanted.length > 0) {
            svg.body.append("<path class=\"want\" d=\"");
            for (int i = 0; i < wanted.length; i++) {
                svg.body.append(i == 0 ? "M" : "L").append(point(x((i + 0.5) / wanted.length), y(wanted[i] / top)));
            }
            svg.body.append("\"/>");
        }
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            line.append(i == 0 ? "M" : "L").append(point(x((i + 0.5) / values.length), y(values[i] / top)));
        }
        svg.body
                .append("<path class=\"fill\" d=\"")
                .append(line)
                .append("L")
                .append(point(x((values.length - 0.5) / values.length), y(0)))
                .append("L")
                .append(point(x(0.5 / values.length), y(0)))
                .append("Z\"/>")
                .append("<path class=\"line\" d=\"")
                .append(line)
                .append("\"/>");
        svg.text(LEFT, HEIGHT - 6, "start", first);
        svg.text(WIDTH - RIGHT, HEIGHT - 6, "end", last);
        return svg.end("up to " + number(most) + " " + unit);
    }

    /** Points over two logarithmic axes. */
    static String logLog(List<Long> descending, String xUnit, String yUnit) {
        Svg svg = new Svg();
        double mostX = Math.max(1, Math.ceil(Math.log10(descending.size())));
        double mostY = Math.max(1, Math.ceil(Math.log10(Math.max(2.0, (double) descending.get(0)))));
        for (int i = 0; i <= mostY; i++) {
            svg.grid(y(i / mostY), number(Math.pow(10, i)));
        }
        for (int i = 0; i <= mostX; i++) {
            svg.text(x(i / mostX), HEIGHT - 6, "middle", number(Math.pow(10, i)));
        }
        long last = -1;
        for (int i = 0; i < descending.size(); i++) {
            long step = Math.round(Math.log10(i + 1) / mostX * 200);
            if (step != last) {
                last = step;
                svg.body
                        .append("<circle class=\"dot\" r=\"2.4\" cx=\"")
                        .append(number1(x(Math.log10(i + 1) / mostX)))
                        .append("\" cy=\"")
                        .append(number1(y(Math.log10(descending.get(i)) / mostY)))
                        .append("\"/>");
            }
        }
        return svg.end(yUnit + " over " + xUnit + ", both logarithmic");
    }

    /** How often values fall into bins; optionally on a logarithmic axis. */
    static String histogram(List<Double> values, boolean logarithmic, String unit) {
        double least = Double.MAX_VALUE;
        double most = -Double.MAX_VALUE;
        for (double value : values) {
            if (!logarithmic || value > 0) {
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
        }
        if (most < least) {
            return "<p class=\"none\">none</p>";
        }
        double low = logarithmic ? Math.floor(Math.log10(least)) : least;
        double high = logarithmic ? Math.ceil(Math.log10(most) + 1e-9) : most;
        high = high <= low ? low + 1 : high;
        double[] bins = new double[BINS];
        for (double value : values) {
            if (!logarithmic || value > 0) {
                double at = ((logarithmic ? Math.log10(value) : value) - low) / (high - low);
                bins[(int) Math.max(0, Math.min(BINS - 1, at * BINS))]++;
            }
        }
        Svg svg = new Svg();
        double top = 0;
        for (double bin : bins) {
            top = Math.max(top, bin / values.size());
        }
        double scale = svg.yAxis(100 * top, "%") / 100;
        for (int i = 0; i < BINS; i++) {
            double height = bins[i] / values.size() / scale;
            if (bins[i] > 0) {
                svg.rect(x((double) i / BINS), height, (x(1) - x(0)) / BINS - 1);
            }
        }
        int marks = logarithmic ? (int) Math.min(8, high - low) : 4;
        for (int i = 0; i <= marks; i++) {
            double at = low + (high - low) * i / marks;
            svg.text(
                    x((double) i / marks),
                    HEIGHT - 6,
                    i == 0 ? "start" : i == marks ? "end" : "middle",
                    unit.equals("s") ? span(logarithmic ? Math.pow(10, at) : at) : number(at));
        }
        return svg.end("from " + number(least) + " to " + number(most) + " " + unit);
    }

    /** How often each whole number occurs, side by side; numbers beyond the 48th are counted with the last. */
    static String columns(Map<Integer, Long> counts) {
        int least = counts.keySet().stream().mapToInt(Integer::intValue).min().orElse(0);
        int most = counts.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
        double[] shares = new double[Math.min(BINS, most - least + 1)];
        double sum = counts.values().stream().mapToLong(Long::longValue).sum();
        counts.forEach((number, count) -> shares[Math.min(shares.length - 1, number - least)] += count / sum);
        Svg svg = new Svg();
        double top = 0;
        for (double share : shares) {
            top = Math.max(top, share);
        }
        double scale = svg.yAxis(100 * top, "%") / 100;
        int labelled = Math.max(1, shares.length / 12);
        for (int i = 0; i < shares.length; i++) {
            double height = shares[i] / scale;
            if (shares[i] > 0) {
                svg.rect(x((i + 0.1) / shares.length), height, 0.8 * (x(1) - x(0)) / shares.length);
            }
            if (i % labelled == 0) {
                boolean more = i == shares.length - 1 && least + i < most;
                svg.text(x((i + 0.5) / shares.length), HEIGHT - 6, "middle", least + i + (more ? "+" : ""));
            }
        }
        return svg.end("from " + least + " to " + most);
    }

    private void rect(double x, double height, double width) {
        body.append("<rect class=\"bar\" x=\"")
                .append(number1(x))
                .append("\" y=\"")
                .append(number1(y(height)))
                .append("\" width=\"")
                .append(number1(width))
                .append("\" height=\"")
                .append(number1(Math.max(1, y(0) - y(height))))
                .append("\"/>");
    }

    /** One bar per value, the most frequent first. */
    static String bars(Map<String, Long> counts, long of, int most) {
        List<Map.Entry<String, Long>> sorted = new ArrayList<>(counts.entrySet());
        sorted.sort(Map.Entry.<String, Long>comparingByValue().reversed());
        int shown = Math.min(most, sorted.size());
        double top = sorted.get(0).getValue();
        StringBuilder table = new StringBuilder("<table class=\"bars\">");
        for (int i = 0; i < shown; i++) {
            double share = 100.0 * sorted.get(i).getValue() / of;
            table.append("<tr><th>")
                    .append(PlotPage.escape(sorted.get(i).getKey()))
                    .append("</th><td><span style=\"width:")
                    .append(number1(100 * sorted.get(i).getValue() / top))
                    .append("%\"></span></td><td class=\"n\">")
                    .append(
                            share >= 0.095
                                    ? String.format(Locale.ROOT, "%.1f%%", share)
                                    : String.format(Locale.ROOT, "%.3f%%", share))
                    .append("</td></tr>");
        }
        table.append("</table>");
        return sorted.size() > shown
                ? table + "<p class=\"none\">and " + (sorted.size() - shown) + " more</p>"
                : table.toString();
    }

    /** Draws lines at round numbers and returns the number at the top, at least {@code most}. */
    private double yAxis(double most, String unit) {
        double step = roundStep(most <= 0 ? 1 : most / 4);
        int steps = (int) Math.max(1, Math.ceil(most / step - 1e-9));
        for (int i = 0; i <= steps; i++) {
            grid(y((double) i / steps), number(step * i) + (i == steps ? " " + unit : ""));
        }
        return step * steps;
    }

    /** The smallest of 1, 2, 2.5, 5 and 10 times a power of ten that is at least this. */
    private static double roundStep(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double factor : new double[] {1, 2, 2.5, 5}) {
            if (factor * power >= least * (1 - 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private void grid(double y, String label) {
        body.append("<line class=\"grid\" x1=\"")
                .append(LEFT)
                .append("\" x2=\"")
                .append(WIDTH - RIGHT)
                .append("\" y1=\"")
                .append(number1(y))
                .append("\" y2=\"")
                .append(number1(y))
                .append("\"/>");
        text(LEFT - 6, y + 4, "end", label);
    }

    private void text(double x, double y, String anchor, String text) {
        body.append("<text x=\"")
                .append(number1(x))
                .append("\" y=\"")
                .append(number1(y))
                .append("\" text-anchor=\"")
                .append(anchor)
                .append("\">")
                .append(PlotPage.escape(text))
                .append("</text>");
    }

    private String end(String title) {
        return "<svg viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" role=\"img\"><title>" + PlotPage.escape(title)
                + "</title>" + body + "</svg>";
    }

    private static double x(double part) {
        return LEFT + part * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double part) {
        return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP);
    }

    private static String point(double x, double y) {
        return number1(x) + " " + number1(y);
    }

    private static String number1(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }

    /** A short form of a number: 1.5k, 20M, 0.02. */
    static String number(double number) {
        double size = Math.abs(number);
        if (size >= 1e9) {
            return trim(number / 1e9) + "G";
        } else if (size >= 1e6) {
            return trim(number / 1e6) + "M";
        } else if (size >= 10_000) {
            return trim(number / 1e3) + "k";
        } else if (size >= 100 || size == Math.rint(size)) {
            return String.format(Locale.ROOT, "%.0f", number);
        }
        return size >= 0.1 ? trim(number) : String.format(Locale.ROOT, "%.2g", number);
    }

    private static String trim(double number) {
        String text = String.format(Locale.ROOT, Math.abs(number) >= 100 ? "%.0f" : "%.2f", number);
        return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
    }

    /** A time in the unit that suits it. */
    static String span(double seconds) {
        double size = Math.abs(seconds);
        if (size == 0) {
            return "0";
        } else if (size < 1e-3) {
            return number(seconds * 1e6) + " µs";
        } else if (size < 1) {
            return number(seconds * 1e3) + " ms";
        } else if (size < 120) {
            return number(seconds) + " s";
        } else if (size < 7200) {
            return number(seconds / 60) + " min";
        }
        return size < 172_800 ? number(seconds / 3600) + " h" : number(seconds / 86_400) + " d";
    }
}
