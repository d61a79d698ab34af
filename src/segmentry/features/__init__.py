"""Features: what they are (``catalogue``) and how they are computed (``compile``)."""
