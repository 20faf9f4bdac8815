package com.acme.views;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Makes a row of each page view in the topic {@code clicks}; the same one if the view is delivered again. */
@Component
class PageViews {

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Click(
            @JsonProperty("event_id") String id,
            @JsonProperty("event_type") String type,
            @JsonProperty("user_id") String user) {}

    private final JdbcTemplate database;
    private final ObjectMapper json;

    PageViews(JdbcTemplate database, ObjectMapper json) {
        this.database = database;
        this.json = json;
    }

    @KafkaListener(topics = "clicks")
    void on(String event) throws JsonProcessingException {
        Click click = json.readValue(event, Click.class);
        if (click.type().equals("page_view")) {
            database.update(
                    "merge into page_views (event_id, user_id) key (event_id) values (?, ?)", click.id(), click.user());
        }
    }
}
