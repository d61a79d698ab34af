"""Values as HTML, charts and text for people. Nothing is computed here that a run did not find."""
