package io.dataflux.config;

import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.model.Field;
import io.dataflux.model.Kind.Length;
import io.dataflux.model.Table;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the table whose changes a stream consists of:
 *
 * <pre>
 * table:
 *   lives: [2, 40]                    changes of a row from insert to delete, as the length of a list; has a default
 *   columns:
 *     customer_id: {key: text}        a field; its value stays the same from insert to delete,
 *     tier: {pick: {basic: 8, gold: 2}, changes_every: 3}    or is new once in this many changes
 *     version: {change: version, changes_every: 1}           one column changes every time
 * </pre>
 */
final class TableReader {

    private static final String EVERY = "changes_every";

    private final Reading reading;

    TableReader(Reading reading) {
        this.reading = reading;
    }

    /** The table, or null after a problem. */
    @Nullable
    Table read(Tree tree) {
        Mapping map = reading.map(tree, "write {columns: {...}}");
        if (map == null) {
            return null;
        }
        SettingsReader settings = new SettingsReader(map, reading);
        Tree lives = settings.find("lives");
        Length length =
                lives == null ? null : new FieldReader(reading).length(lives, Table.LEAST_CHANGES, Table.MOST_CHANGES);
        Tree columns = settings.required("columns", "a map of columns, such as {id: {key: text}}");
        settings.finish();
        Mapping all =
                columns == null ? null : reading.map(columns, "write a map of columns, such as {id: {key: text}}");
        return all == null ? null : table(length, all);
    }

    private Table table(@Nullable Length lives, Mapping columns) {
        Map<String, Integer> every = new LinkedHashMap<>();
        for (Entry entry : columns.all()) {
            Tree tree = entry.value() instanceof Mapping of ? of.get(EVERY) : null;
            if (tree != null) {
                Long steps = reading.integer(tree, 1, Table.Column.MOST_EVERY);
                every.put(entry.key().text(), steps == null ? 1 : steps.intValue());
            }
        }
        Map<String, Field> read = new FieldReader(reading).fields(columns, EVERY);
        Map<String, Table.Column> table = new LinkedHashMap<>();
        read.forEach((name, field) -> table.put(name, new Table.Column(field, every.getOrDefault(name, 0))));
        return new Table(lives, table);
    }
}
