// The project outside-testkit, built with Gradle: its own files are those in ../outside-testkit/src.
//
// NOT RUN by DataFlux's own build: no Gradle that knows platforms and the JUnit Platform can be had on its machines. To run it, install
// DataFlux into the local Maven repository (mvn install -Dmaven.test.skip=true), then: gradle test
plugins {
    java
}

repositories {
    mavenLocal { content { includeGroup("io.dataflux") } }
    mavenCentral()
}

java {
    toolchain { languageVersion = JavaLanguageVersion.of(17) }
}

sourceSets {
    main { java.srcDir("../outside-testkit/src/main/java") }
    test { java.srcDir("../outside-testkit/src/test/java") }
}

dependencies {
    implementation("org.apache.kafka:kafka-clients:4.1.1")
    implementation("com.fasterxml.jackson.core:jackson-databind:2.22.4")

    testImplementation(platform("io.dataflux:dataflux-bom:0.1.0-SNAPSHOT"))
    testImplementation("io.dataflux:dataflux-testkit")
    testImplementation("io.dataflux:dataflux-sinks-kafka")
    testRuntimeOnly("io.dataflux:dataflux-testkit-kafka")
    testImplementation(platform("org.junit:junit-bom:6.1.3"))
    testImplementation("org.junit.jupiter:junit-jupiter")
    testRuntimeOnly("org.junit.platform:junit-platform-launcher")
    testImplementation("org.assertj:assertj-core:3.27.7")
}

// Gradle takes the newest of all versions that are asked for, so DataFlux's client would replace the consumer's
configurations.all {
    resolutionStrategy.force("org.apache.kafka:kafka-clients:4.1.1")
}

tasks.test {
    useJUnitPlatform()
}
