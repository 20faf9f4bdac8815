package io.dataflux.examples.stories;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What {@link ObjectWriter} does wrong with some records of partition 0, chosen by offset, so that a restart changes nothing. */
enum ObjectFault {
    NONE,
    /** Leaves one record out. */
    DROPS_ONE,
    /** Writes twenty records a second time, after the block that contains them. */
    REPEATS_A_BLOCK,
    /** Writes prices without their decimals. */
    ROUNDS;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** The lines to write for a block of one partition. Reports the id of each event that it mistreats. */
    List<byte[]> lines(List<ConsumerRecord<byte[], byte[]>> block) throws IOException {
        List<byte[]> lines = new ArrayList<>();
        List<byte[]> behind = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : block) {
            long offset = record.partition() == 0 ? record.offset() : -1;
            byte[] line = record.value();
            byte[] written = this == ROUNDS && offset >= 0 && offset < 200 ? rounded(line) : line;
            boolean dropped = this == DROPS_ONE && offset == 117;
            boolean repeated = this == REPEATS_A_BLOCK && offset >= 100 && offset < 120;
            if (dropped || repeated || written != line) {
                WriterProcess.say(
                        "wronged", JSON.readTree(line).path("event_id").asText());
            }
            if (!dropped) {
                lines.add(written);
            }
            if (repeated) {
                behind.add(line);
            }
        }
        lines.addAll(behind);
        return lines;
    }

    /** The same event with a whole price; the same object if it was whole before. */
    private static byte[] rounded(byte[] line) throws IOException {
        ObjectNode event = (ObjectNode) JSON.readTree(line);
        BigDecimal price = event.path("price_per_hour").decimalValue();
        BigDecimal whole = price.setScale(0, RoundingMode.HALF_UP);
        return whole.compareTo(price) == 0 ? line : JSON.writeValueAsBytes(event.put("price_per_hour", whole));
    }
}
