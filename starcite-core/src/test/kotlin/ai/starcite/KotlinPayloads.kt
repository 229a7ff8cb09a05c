package ai.starcite

import java.time.Instant

/** Payloads as an application in Kotlin writes them. */
@EventType("quote")
data class Quote(
    val itemName: String,
    val priceCents: Long,
    val currency: String = "EUR",
    val validUntil: Instant? = null,
    val tags: List<String> = emptyList(),
    val isFinal: Boolean = false,
) : Payload

/** A class of one property, which is written as an object all the same. */
data class Single(val text: String)

/** A class without properties, of which nothing would be stored. */
class Bare
