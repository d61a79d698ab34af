"""From a project to a run: the steps in order, each a function from one value to the next."""
