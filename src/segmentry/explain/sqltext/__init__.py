"""The assigner of a release as one SQL statement: each step, the whole, and the dialects."""
