"""From a feature table to a recipe: what to keep, how to fill, bend, scale and weigh it."""
