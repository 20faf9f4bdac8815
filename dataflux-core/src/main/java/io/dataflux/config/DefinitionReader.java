package io.dataflux.config;

import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.config.Tree.Sequence;
import io.dataflux.model.Field;
import io.dataflux.model.Key;
import io.dataflux.model.Sessions;
import io.dataflux.model.StreamDefinition;
import io.dataflux.spi.EventGenerator;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the definition of one stream: {@code key}, {@code sessions} (see {@link SessionsReader}), {@code table} (see {@link TableReader}), {@code identity}, {@code fields} (see {@link FieldReader}) or
 * {@code generator}, and {@code max_event_bytes}.
 */
final class DefinitionReader {

    private static final int MOST_BYTES = 1 << 30;

    private final SettingsReader settings;
    private final Reading reading;
    private final Types types;
    private @Nullable EventGenerator generator;
    private int version;
    private int mended;

    DefinitionReader(SettingsReader settings, Types types) {
        this.settings = settings;
        this.reading = settings.reading().quiet();
        this.types = types;
    }

    /** The definition, without start and rate; of no use if problems were noted. */
    StreamDefinition read(String name) {
        StreamDefinition.Builder definition = StreamDefinition.named(name).key(key());
        Tree sessions = settings.find("sessions");
        if (sessions != null) {
            int before = reading.problems().count();
            Sessions read = new SessionsReader(reading).read(sessions);
            definition.sessions(read);
            mended += read == null ? 0 : reading.problems().count() - before;
        }
        Tree table = settings.find("table");
        if (table != null) {
            definition.table(new TableReader(reading).read(table));
        }
        Tree fields = settings.find("fields");
        Tree code = settings.find("generator");
        if (fields != null && code != null) {
            settings.problem(
                    "generator", "events come either from 'fields' or from a 'generator'; remove one of the two");
        } else if (code != null) {
            generator(code, definition);
        } else if (fields == null) {
            settings.missing(
                    "fields", "a map of fields, such as {id: {id: uuid}}, or 'from: ...' with a built-in stream");
        } else {
            fields(fields).forEach(definition::field);
        }
        definition.identity(settings.texts("identity"));
        definition.maxEventBytes(
                (int) settings.bytes("max_event_bytes", StreamDefinition.DEFAULT_MAX_EVENT_BYTES, 64, MOST_BYTES));
        return definition.build();
    }

    /** The generator that was read, or null if there are only fields. */
    @Nullable
    EventGenerator generator() {
        return generator;
    }

    /** How many of the problems do not keep what is wrong with the rest from being found. */
    int mended() {
        return mended;
    }

    /** The version of the generator's events; 0 without one. */
    int version() {
        return version;
    }

    private @Nullable Key key() {
        Tree tree = settings.find("key");
        Mapping map = tree == null ? null : reading.map(tree, "write {entity: \"user_{}\", count: 1000}");
        if (map == null) {
            return null;
        }
        SettingsReader key = new SettingsReader(map, reading);
        String entity = key.text("entity");
        if (!entity.isBlank() && !entity.contains("{}")) {
            key.problem(
                    "entity",
                    "'" + entity + "' has no {} for the number of the entity; write text such as \"user_{}\"");
        }
        Tree count = key.required("count", "how many entities there are");
        Long entities = count == null ? null : reading.integer(count, 1, Key.MOST_ENTITIES);
        BigDecimal skew = key.decimal("skew", BigDecimal.ZERO, NumberRange.SKEW);
        int shards = (int) key.integer("shards", Key.DEFAULT_SHARDS, 1, Key.MOST_SHARDS);
        int spread = (int) key.integer("spread", 1, 1, Key.MOST_SPREAD);
        key.finish();
        return entities == null ? null : new Key(entity, entities, skew, shards, spread);
    }

    private Map<String, Field> fields(Tree tree) {
        Mapping map = reading.map(tree, "write a map of fields, such as {id: {id: uuid}}");
        return map == null ? Map.<String, Field>of() : new FieldReader(reading).fields(map); // order never seen
    }

    private void generator(Tree tree, StreamDefinition.Builder definition) {
        Mapping map = reading.map(tree, "write {type: ...} and the settings of that type");
        if (map == null) {
            return;
        }
        SettingsReader about = new SettingsReader(map, reading);
        EventGenerator.Provider provider = types.generator(about);
        if (provider != null) {
            generator = provider.configure(about);
            version = provider.version();
            about.finish();
            definition.code(provider.type(), values(map.without("type")));
        } else {
            about.finishMissing();
        }
    }

    /** Settings as plain values: they are part of the stream's definition. */
    private Map<String, Object> values(Mapping map) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Entry entry : map.all()) {
            values.put(entry.key().text(), value(entry.value()));
        }
        return values;
    }

    private Object value(Tree tree) {
        if (tree instanceof Mapping map) {
            return values(map);
        }
        if (tree instanceof Sequence list) {
            List<Object> items = new ArrayList<>();
            list.items().forEach(item -> items.add(value(item)));
            return items;
        }
        Scalar scalar = (Scalar) tree;
        if (scalar.text().contains("${env:")) {
            reading.problem(
                    tree, "an environment variable cannot be part of a stream's definition; write the value here");
        }
        Object value = scalar.type() == PlainText.Type.NULL
                ? null
                : reading.value(scalar, "write text, a number, true or false");
        return value == null ? "" : value;
    }
}
