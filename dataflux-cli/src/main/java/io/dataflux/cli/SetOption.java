package io.dataflux.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code --set PATH=VALUE}, which may be given several times. */
final class SetOption implements ITypeConverter<Map.Entry<String, String>> {

    static final String NAME = "--set";
    static final String MEANING =
            "sets any setting by its path, such as limits.events=1000 or \"sinks.lake={type: file}\"; may be repeated";

    @Override
    public Map.Entry<String, String> convert(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new TypeConversionException(
                    "'" + text + "' is not a setting; write PATH=VALUE, such as limits.events=1000");
        }
        return Map.entry(text.substring(0, equals), text.substring(equals + 1));
    }

    /** As the library takes them. */
    static Map<String, String> flags(List<Map.Entry<String, String>> settings, CommandSpec command) {
        Map<String, String> flags = new LinkedHashMap<>();
        for (Map.Entry<String, String> setting : settings) {
            if (flags.put("set." + setting.getKey(), setting.getValue()) != null) {
                throw new ParameterException(
                        command.commandLine(), NAME + " " + setting.getKey() + " is given twice; keep one of the two");
            }
        }
        return flags;
    }
}
