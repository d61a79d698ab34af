"""Arrays in, numbers out: no frames, no logging, no global chance."""
