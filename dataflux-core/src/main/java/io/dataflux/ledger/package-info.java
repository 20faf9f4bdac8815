/** What a run did: which events were acknowledged, failed or are unknown, per sink, stream and shard. */
@NullMarked
package io.dataflux.ledger;

import org.jspecify.annotations.NullMarked;
