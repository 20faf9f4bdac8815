package com.acme.views;

import io.dataflux.monitor.RunMetrics;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** A service that stores page views: {@link PageViews} is what it is for, {@link Rehearsals} loads it with synthetic events. */
@SpringBootApplication
public class ViewsApplication {

    public static void main(String[] args) {
        SpringApplication.run(ViewsApplication.class, args);
    }

    /** Created at the start, so that the listener never waits for a topic. */
    @Bean
    NewTopic clicks() {
        return new NewTopic("clicks", 3, (short) 1);
    }

    /** A MeterBinder, which Boot binds to its registry: the figures of runs are beside those of the application. */
    @Bean
    RunMetrics runMetrics() {
        return new RunMetrics();
    }
}
