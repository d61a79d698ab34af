"""What simulated users do: one file per scenario, all of the same shape (``base``)."""
