"""Features out of texts: topics, sentiment, and what of them is told of an entity."""
