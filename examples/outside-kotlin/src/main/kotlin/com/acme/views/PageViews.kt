package com.acme.views

import com.fasterxml.jackson.annotation.JsonIgnoreProperties
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SNAKE_CASE
import com.fasterxml.jackson.module.kotlin.jacksonObjectMapper
import com.fasterxml.jackson.module.kotlin.readValue
import java.util.concurrent.ConcurrentLinkedQueue

data class View(val id: String, val user: String)

/** The system under test: keeps the page views among the clicks that it is handed. */
class PageViews {

    @JsonIgnoreProperties(ignoreUnknown = true)
    private data class Click(val eventId: String, val userId: String, val eventType: String)

    private val json = jacksonObjectMapper().setPropertyNamingStrategy(SNAKE_CASE)

    val kept = ConcurrentLinkedQueue<View>()

    fun handle(event: String) {
        val click = json.readValue<Click>(event)
        if (click.eventType == "page_view") {
            kept += View(click.eventId, click.userId)
        }
    }
}
