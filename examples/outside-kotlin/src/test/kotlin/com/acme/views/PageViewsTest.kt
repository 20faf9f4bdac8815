package com.acme.views

import io.dataflux.MemorySink
import io.dataflux.testkit.DataFluxAssertions.assertThat
import io.dataflux.testkit.DataFluxStream
import io.dataflux.testkit.TestStream
import io.dataflux.verify.Arrivals
import io.dataflux.verify.Finding
import io.dataflux.verify.Verdict
import java.time.Duration
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

/** Shows the testkit in Kotlin: data classes for events and results, lambdas for what is expected. */
class PageViewsTest {

    data class Click(val eventId: String, val userId: String, val eventType: String)

    private val views = PageViews()

    @Test
    fun `every page view is kept once`(
        @DataFluxStream(value = "clickstream", events = 5_000) clicks: TestStream<Click>,
    ) {
        val arrivals = Arrivals.log(views.kept)
        clicks.sendTo(MemorySink.into { entry -> views.handle(entry.text()!!) })
        assertThat(judged(clicks, arrivals)).deliveredExactlyOnce().inOrderPerKey()
    }

    @Test
    fun `a view that is forgotten is named`(
        @DataFluxStream(value = "clickstream", events = 5_000) clicks: TestStream<Click>,
    ) {
        val forgotten = clicks.events().withIndex().first { it.index >= 3_000 && it.value.eventType == "page_view" }
        val arrivals = Arrivals.log(views.kept)
        clicks.sendTo(
            MemorySink.into { entry ->
                val event = entry.text()!!
                if (forgotten.value.eventId !in event) views.handle(event)
            },
        )
        val found = judged(clicks, arrivals).findings().map { it.finding() to it.sequence() }.toList()
        assertThat(found).containsExactly(Finding.LOST to forgotten.index.toLong())
    }

    private fun judged(clicks: TestStream<Click>, arrivals: Arrivals<View>): Verdict =
        clicks.verify(arrivals)
            .tracedBy(View::id)
            .expecting { click ->
                listOfNotNull(View(click.eventId, click.userId).takeIf { click.eventType == "page_view" }).stream()
            }
            .deadline(Duration.ofSeconds(10))
            .await()
}
