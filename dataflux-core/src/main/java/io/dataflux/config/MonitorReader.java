package io.dataflux.config;

import io.dataflux.RunMonitor;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Origin;
import io.dataflux.config.Tree.Scalar;
import java.util.List;

/** Reads {@code monitor}: what watches the run. Without it nothing does. */
final class MonitorReader {

    /** The type that does not have to be written. */
    static final String PAGE = "page";

    private final SettingsReader top;
    private final Types types;

    MonitorReader(SettingsReader top, Types types) {
        this.top = top;
        this.types = types;
    }

    /** At most one; of no use if problems were noted. */
    List<RunMonitor> read() {
        Reading reading = top.reading();
        Tree tree = top.find("monitor");
        Mapping map = tree == null ? null : reading.map(tree, "write {port: 8000}");
        if (map == null) {
            return List.of();
        }
        if (map.get("type") == null) {
            map = map.with(
                    "type", new Scalar("monitor.type", 0, PAGE, false, new Origin("default", true, false), null));
        }
        SettingsReader settings = new SettingsReader(map, reading);
        RunMonitor.Provider provider = types.monitor(settings);
        if (provider == null) {
            settings.finishMissing();
            return List.of();
        }
        settings = new SettingsReader(reading.overridden(map, provider.environment()), reading);
        settings.find("type"); // which is known already
        RunMonitor monitor = provider.configure(settings);
        settings.finish();
        return List.of(monitor);
    }
}
